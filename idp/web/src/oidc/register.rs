//! `POST /register` (RFC 7591) and `/register/{client_id}` (RFC 7592).
//!
//! Nobody registers without an initial access token, which an operator makes for one facility: the facility's ceiling and
//! sector hold for every client that comes of it. Left out: expiry and rotation of registration access tokens.

use super::reply::{Reply, fault, refused};
use crate::app::App;
use crate::directory::Party;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA};
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Fault;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::client::{Client, ClientAuthMethod, ClientFlags, ClientMetadata, InitialAccessToken};
use pass_core::domain::client_error::Endpoint;
use pass_core::id::{AuditId, ClientId};
use pass_core::oidc::bearer;
use pass_core::oidc::discovery::paths;
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::oidc::registration::{Secrets, Sent, allowed, check, check_sector, document, read as read_document};
use pass_core::secret::Hash;
use pass_store::changes::{Topic, bump};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A new client.
pub async fn create(app: web::Data<App>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    reply(&app, None, StatusCode::CREATED, created(&app, &request, &body).await)
}

/// What is registered.
pub async fn read(app: web::Data<App>, request: HttpRequest, client_id: web::Path<String>) -> HttpResponse {
    let told = owned(&app, &request, &client_id).map(|party| told(&app, &party.client, Secrets::default()));
    reply(&app, None, StatusCode::OK, told.map_err(Reply::from))
}

/// Another registration in the place of the old one: what is not sent is gone (RFC 7592 2.2).
pub async fn replace(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let party = owned(&app, &request, &client_id).ok();
    reply(&app, party.as_deref(), StatusCode::OK, replaced(&app, &request, &client_id, &body).await)
}

/// The client is switched off, and everything it holds with it.
pub async fn remove(app: web::Data<App>, request: HttpRequest, client_id: web::Path<String>) -> HttpResponse {
    match removed(&app, &request, &client_id).await {
        Ok(()) => HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish(),
        Err(why) => reply(&app, None, StatusCode::OK, Err(why)),
    }
}

async fn created(app: &App, request: &HttpRequest, body: &[u8]) -> Result<Map<String, Value>, Reply> {
    let now = app.now();
    let hash = presented(request)?;
    let token = app.store.read_now(move |tx| pass_store::initial_access_tokens::find(tx, &hash)).await?;
    let token = token.filter(|token| now < token.expires_at).ok_or_else(|| invalid("unknown or expired"))?;
    let metadata = metadata(app, &read_document(body)?, &token.flags).await?;
    let secret = metadata.token_endpoint_auth_method.has_secret().then(|| app.token());
    let registration = app.token();
    let client = Client {
        id: ClientId::new(now, &*app.entropy),
        client_id: app.token()[..22].to_string(),
        facility: token.facility,
        secret: secret.as_deref().map(Hash::of),
        flags: flags(&token, &metadata),
        metadata,
        registration: Some(Hash::of(&registration)),
        created_at: now,
        disabled_at: None,
    };
    let (row, audit) = (client.clone(), audit(app, Act::ClientNew, &client));
    app.store
        .write(move |tx| {
            pass_store::clients::insert(tx, &row)?;
            pass_store::audit::insert(tx, &audit)?;
            bump(tx, Topic::Clients)
        })
        .await?;
    app.reload().await?;
    Ok(told(app, &client, Secrets { client: secret.as_deref(), registration: Some(&registration) }))
}

async fn replaced(app: &App, request: &HttpRequest, id: &str, body: &[u8]) -> Result<Map<String, Value>, Reply> {
    let party = owned(app, request, id)?;
    let sent = read_document(body)?;
    let mut client = party.client.clone();
    same_client(&client, &sent)?;
    client.metadata = metadata(app, &sent, &client.flags).await?;
    client.flags.require_pkce |= client.metadata.token_endpoint_auth_method == ClientAuthMethod::None;
    // A client that signed until now has no secret yet.
    let wants = client.metadata.token_endpoint_auth_method.has_secret() && client.secret.is_none();
    let secret = wants.then(|| app.token());
    client.secret = client.secret.or(secret.as_deref().map(Hash::of));
    let (row, audit) = (client.clone(), audit(app, Act::ClientChange, &client));
    let fresh = secret.as_deref().map(Hash::of);
    app.store
        .write(move |tx| {
            pass_store::clients::replace_metadata(tx, row.id, &row.metadata, &row.flags)?;
            if let Some(fresh) = fresh {
                pass_store::clients::replace_secret(tx, row.id, fresh)?;
            }
            pass_store::audit::insert(tx, &audit)?;
            bump(tx, Topic::Clients)
        })
        .await?;
    app.reload().await?;
    Ok(told(app, &client, Secrets { client: secret.as_deref(), registration: None }))
}

async fn removed(app: &App, request: &HttpRequest, id: &str) -> Result<(), Reply> {
    let party = owned(app, request, id)?;
    let (now, client, audit) = (app.now(), party.client.id, audit(app, Act::ClientClose, &party.client));
    app.store
        .write(move |tx| {
            pass_store::clients::disable(tx, client, now)?;
            pass_store::audit::insert(tx, &audit)?;
            bump(tx, Topic::Clients)
        })
        .await?;
    Ok(app.reload().await?)
}

/// The metadata of a document; the sector's document is fetched where one is named.
async fn metadata(app: &App, sent: &Sent, flags: &ClientFlags) -> Result<ClientMetadata, Reply> {
    let metadata = check(sent)?;
    allowed(&metadata, flags)?;
    if let Some(uri) = &metadata.sector_identifier_uri {
        let unread = |why: Fault| {
            OAuthError::about(ErrorCode::InvalidClientMetadata, "sector_identifier_uri", "could not be fetched")
                .detail(why.to_string())
        };
        let document = app.outgoing.get_json(uri).await.map_err(unread)?;
        check_sector(&metadata, &document)?;
    }
    Ok(metadata)
}

/// A public client proves itself by PKCE or not at all.
fn flags(token: &InitialAccessToken, metadata: &ClientMetadata) -> ClientFlags {
    let public = metadata.token_endpoint_auth_method == ClientAuthMethod::None;
    ClientFlags { require_pkce: token.flags.require_pkce || public, ..token.flags.clone() }
}

/// RFC 7592 2.2: `client_id` is sent and is this one; a `client_secret` is the present one; what PASS gives may not be sent.
fn same_client(client: &Client, sent: &Sent) -> Result<(), OAuthError> {
    let wrong = |member: &str, what: &str| Err(OAuthError::about(ErrorCode::InvalidClientMetadata, member, what));
    if sent.text("client_id")? != Some(&client.client_id) {
        return wrong("client_id", "is missing or another");
    }
    match (sent.text("client_secret")?, &client.secret) {
        (None, _) => {}
        (Some(sent), Some(held)) if Hash::of(sent).matches(held) => {}
        (Some(_), _) => return wrong("client_secret", "cannot be chosen"),
    }
    let given =
        ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];
    given.into_iter().find(|name| sent.has(name)).map_or(Ok(()), |name| wrong(name, "must not be sent"))
}

/// The client of a registration access token. Another client's, an unknown one's and a removed one's are the same answer:
/// RFC 7592 2.1, "401 Unauthorized".
fn owned(app: &App, request: &HttpRequest, client_id: &str) -> Result<Arc<Party>, OAuthError> {
    let hash = presented(request)?;
    let directory = app.directory();
    let party = directory.party(client_id).filter(|party| {
        let client = &party.client;
        client.disabled_at.is_none() && client.registration.as_ref().is_some_and(|token| hash.matches(token))
    });
    party.cloned().ok_or_else(|| invalid("no registration of this client"))
}

fn presented(request: &HttpRequest) -> Result<Hash, OAuthError> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    bearer::token(header, None).map(Hash::of).map_err(|_| invalid("no bearer token"))
}

fn invalid(detail: &str) -> OAuthError {
    OAuthError::because(ErrorCode::InvalidToken, "The token does not open this registration.").detail(detail)
}

fn told(app: &App, client: &Client, secrets: Secrets<'_>) -> Map<String, Value> {
    let management = format!("{}{}/{}", app.settings.issuer, paths::REGISTER, client.client_id);
    document(client, &management, secrets)
}

fn audit(app: &App, act: Act, client: &Client) -> AuditEvent {
    let now = app.now();
    AuditEvent {
        id: AuditId::new(now, &*app.entropy),
        at: now,
        actor: Actor::Client(client.id),
        act,
        person: None,
        facility: Some(client.facility),
        client: Some(client.id),
        detail: client.client_id.clone(),
    }
}

/// `party`: whose registration it is, where a token proved it.
fn reply(
    app: &App,
    party: Option<&Party>,
    status: StatusCode,
    answer: Result<Map<String, Value>, Reply>,
) -> HttpResponse {
    match answer {
        Ok(document) => HttpResponse::build(status)
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((PRAGMA, "no-cache"))
            .json(document),
        Err(Reply::Refused(error)) => refused(app, Endpoint::Register, party.map(|party| &party.client), &error),
        Err(Reply::Fault(broken)) => fault(&broken),
    }
}
