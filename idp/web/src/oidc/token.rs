//! `POST /token` (RFC 6749 3.2): client authentication, the grant, the answer. Signing happens after the transaction.

use super::reply::{Reply, fault, json, refused};
use super::userinfo::told;
use crate::app::App;
use crate::client_keys::{Need, keys_of};
use crate::directory::{Directory, Party};
use crate::people;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::claims::release::{Agreement, ReleaseInput};
use pass_core::claims::scopes::Place;
use pass_core::claims::scopes::SCOPES;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::client::{Client, GrantType};
use pass_core::domain::client_error::Endpoint;
use pass_core::domain::grant::Channel;
use pass_core::id::{AuditId, GrantId};
use pass_core::oidc::client_auth::{self, Replay};
use pass_core::oidc::client_keys::{can_encrypt, encrypt};
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::oidc::exchange::code::TakenCode;
use pass_core::oidc::exchange::refresh::FoundRefresh;
use pass_core::oidc::exchange::{
    Answering, Issued, Refusal, Secrets, Taken, client_credentials, code, grant_type, refresh,
};
use pass_core::oidc::params::Params;
use pass_core::oidc::{discovery::paths, subject};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::{Taken as Took, Tx};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The token request.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> HttpResponse {
    match serve(&app, &request, &body).await {
        Ok(answer) => json(&answer),
        Err(Reply::Refused(error)) => refuse(&app, Endpoint::Token, &request, &body, &error),
        Err(Reply::Fault(broken)) => fault(&broken),
    }
}

/// The refusal, with the client that the request names in the log, proven or not.
pub fn refuse(app: &App, endpoint: Endpoint, request: &HttpRequest, body: &str, error: &OAuthError) -> HttpResponse {
    let named = Params::parse(body).and_then(|params| client_auth::read(authorization(request), &params));
    let directory = app.directory();
    let party = named.ok().and_then(|presented| directory.party(presented.client_id()));
    refused(app, endpoint, party.map(|party| &party.client), error)
}

/// A client that proved itself, with the value that must be new.
pub struct Authenticated {
    /// The party.
    pub party: Arc<Party>,
    /// The assertion's replay key.
    pub replay: Option<Replay>,
}

/// Client authentication, shared by token, introspection and revocation.
pub async fn authenticate(
    app: &App,
    request: &HttpRequest,
    params: &Params,
    path: &str,
) -> Result<Authenticated, OAuthError> {
    let directory = app.directory();
    let presented = client_auth::read(authorization(request), params)?;
    let party = directory.party(presented.client_id()).cloned();
    let (token, called) =
        (format!("{}{}", app.settings.issuer, paths::TOKEN), format!("{}{path}", app.settings.issuer));
    let audiences = [app.settings.issuer.as_str(), &token, &called];
    let keys = match (&party, presented.assertion()) {
        (Some(party), Some(assertion)) => keys_of(app, &party.client, Need::Verify(assertion)).await,
        _ => None,
    };
    let client = party.as_deref().map(|party| &party.client);
    let proven = client_auth::check(&presented, client, keys.as_deref(), &audiences, app.now())?;
    let replay = proven.replay;
    party.map(|party| Authenticated { party, replay }).ok_or_else(client_auth::replayed)
}

fn authorization(request: &HttpRequest) -> Option<&str> {
    request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok())
}

/// Remembers an assertion; the second time it is refused (RFC 7523 3).
pub fn remember(tx: &mut Tx, replay: Option<&Replay>) -> Result<Result<(), OAuthError>, Fault> {
    let Some(replay) = replay else { return Ok(Ok(())) };
    let first = pass_store::replays::remember(tx, &replay.key, replay.until)?;
    Ok(if first { Ok(()) } else { Err(client_auth::replayed()) })
}

async fn serve(app: &App, request: &HttpRequest, body: &str) -> Result<Map<String, Value>, Reply> {
    let params = Params::parse(body)?;
    let who = authenticate(app, request, &params, paths::TOKEN).await?;
    let now = app.now();
    let grant = grant_type(&params, &who.party.client)?;
    let keys = encryption_keys(app, &who.party).await?;
    match grant {
        GrantType::ClientCredentials => for_itself(app, &who, &params, now).await,
        GrantType::AuthorizationCode => {
            let hash = code::presented(&params)?;
            let issued = exchange(app, who.party.clone(), who.replay, params, now, hash, by_code).await?;
            answer(app, &who.party, &issued, keys.as_deref(), now).await
        }
        // Not among what `grant_type` reads.
        GrantType::Implicit => Err(OAuthError::new(ErrorCode::UnsupportedGrantType).into()),
        GrantType::RefreshToken => {
            let hash = refresh::presented(&params)?;
            let issued = exchange(app, who.party.clone(), who.replay, params, now, hash, by_refresh).await?;
            answer(app, &who.party, &issued, keys.as_deref(), now).await
        }
    }
}

/// One grant's part of the transaction.
type Granting = fn(&mut Tx, &Client, &Params, Time, &Hash, &Secrets) -> Result<Result<Issued, Refusal>, Fault>;

/// The transaction: what must be new, the grant, and the revocation that a refusal causes (kept, because it is no fault).
async fn exchange(
    app: &App,
    party: Arc<Party>,
    replay: Option<Replay>,
    params: Params,
    now: Time,
    hash: Hash,
    granting: Granting,
) -> Result<Issued, Reply> {
    let secrets = Secrets::draw(&*app.entropy);
    let audit = AuditId::new(now, &*app.entropy);
    let outcome = app
        .store
        .write(move |tx| {
            if let Err(error) = remember(tx, replay.as_ref())? {
                return Ok(Err(error));
            }
            match granting(tx, &party.client, &params, now, &hash, &secrets)? {
                Ok(issued) => Ok(Ok(issued)),
                Err(refusal) => {
                    if let Some(grant) = refusal.revoke {
                        revoke(tx, &party, grant, now, audit)?;
                    }
                    Ok(Err(refusal.error))
                }
            }
        })
        .await?;
    outcome.map_err(Reply::Refused)
}

/// RFC 6749 4.1.2: the code is taken by one conditional UPDATE; of fifty parallel takers one wins.
fn by_code(
    tx: &mut Tx,
    client: &Client,
    params: &Params,
    now: Time,
    hash: &Hash,
    secrets: &Secrets,
) -> Result<Result<Issued, Refusal>, Fault> {
    let taken = match pass_store::codes::take(tx, hash, now)? {
        Took::First(code) | Took::Expired(code) => {
            let grant = grant_of(tx, code.grant)?;
            Taken::First(TakenCode { code, grant })
        }
        Took::Again(code) => Taken::Again(code.grant),
        Took::Unknown => Taken::Nothing,
    };
    let exchange = match code::check(&taken, client, params, now) {
        Ok(exchange) => exchange,
        Err(refusal) => return Ok(Err(refusal)),
    };
    write(tx, exchange.tokens(now, secrets)).map(Ok)
}

/// RFC 9700 4.14.2: the token is taken last, so that a request refused for another reason leaves it usable.
fn by_refresh(
    tx: &mut Tx,
    client: &Client,
    params: &Params,
    now: Time,
    hash: &Hash,
    secrets: &Secrets,
) -> Result<Result<Issued, Refusal>, Fault> {
    let found = match pass_store::refresh_tokens::find(tx, hash)? {
        Some(token) => {
            let grant = grant_of(tx, token.grant)?;
            Taken::First(FoundRefresh { token, grant })
        }
        None => Taken::Nothing,
    };
    let exchange = match refresh::check(&found, client, params, now) {
        Ok(exchange) => exchange,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match pass_store::refresh_tokens::take(tx, hash, now)? {
        Took::First(_) => write(tx, exchange.tokens(now, secrets)).map(Ok),
        Took::Again(token) | Took::Expired(token) => Ok(Err(refresh::reused(token.grant))),
        Took::Unknown => Err(Fault::new("a refresh token vanished between two statements")),
    }
}

fn write(tx: &mut Tx, tokens: pass_core::oidc::exchange::Tokens) -> Result<Issued, Fault> {
    pass_store::access_tokens::insert(tx, &tokens.access)?;
    if let Some(refresh) = &tokens.refresh {
        pass_store::refresh_tokens::insert(tx, refresh)?;
    }
    Ok(tokens.issued)
}

fn grant_of(tx: &mut Tx, id: GrantId) -> Result<pass_core::domain::grant::Grant, Fault> {
    pass_store::grants::find(tx, id)?.ok_or_else(|| Fault::new(format!("{id:?} is named by a token but not in grants")))
}

fn revoke(tx: &mut Tx, party: &Party, grant: GrantId, now: Time, id: AuditId) -> Result<(), Fault> {
    if !pass_store::grants::revoke(tx, grant, now)? {
        return Ok(());
    }
    let event = AuditEvent {
        id,
        at: now,
        actor: Actor::Client(party.client.id),
        act: Act::ReuseDetected,
        person: None,
        facility: Some(party.facility.id),
        client: Some(party.client.id),
        detail: String::new(),
    };
    pass_store::audit::insert(tx, &event)
}

/// Keys to encrypt ID tokens to, had before a code is taken: without them the client may try again with the same code.
pub(super) async fn encryption_keys(app: &App, party: &Party) -> Result<Option<Arc<Value>>, OAuthError> {
    let Some(encryption) = party.client.metadata.id_token_encryption else { return Ok(None) };
    let keys = keys_of(app, &party.client, Need::Encrypt(encryption)).await;
    if can_encrypt(encryption, keys.as_deref()) {
        return Ok(keys);
    }
    Err(OAuthError::because(ErrorCode::TemporarilyUnavailable, "The client's keys to encrypt to cannot be had."))
}

/// The answer: the ID token carries claims only where the claims parameter asks for it there.
async fn answer(
    app: &App,
    party: &Party,
    issued: &Issued,
    keys: Option<&Value>,
    now: Time,
) -> Result<Map<String, Value>, Reply> {
    let grant = &issued.grant;
    let directory = app.directory();
    let claims = if grant.claims.asks_in_id_token() { in_id_token(app, party, issued, now).await? } else { Map::new() };
    let sub = subject::pairwise(&app.keys.pairwise, &party.facility.sector, grant.person);
    let sid = subject::sid(&app.keys.session, &party.facility.sector, grant.session);
    let answering = Answering {
        issuer: &app.settings.issuer,
        keys: &directory.keys,
        client: &party.client,
        subject: &sub,
        sid: &sid,
        claims: &claims,
    };
    let mut body = issued.respond(&answering)?;
    if let (Some(encryption), Some(Value::String(token))) =
        (party.client.metadata.id_token_encryption, body.get_mut("id_token"))
    {
        *token = encrypt(token, encryption, keys)?;
    }
    Ok(body)
}

async fn in_id_token(app: &App, party: &Party, issued: &Issued, now: Time) -> Result<Map<String, Value>, Fault> {
    let grant = &issued.grant;
    let resident = people::load(app, grant.account, None).await?;
    let consent_id = grant.consent;
    let consent = app.store.read_now(move |tx| pass_store::consents::find(tx, consent_id)).await?;
    let input = ReleaseInput {
        proven: resident.proven(),
        declared: &resident.declared,
        facility: &party.facility,
        ceiling: &party.ceiling,
        scopes: &grant.scopes,
        request: &grant.claims,
        place: Place::IdToken,
        consent: consent.as_ref().map_or(Agreement::Missing, Agreement::Given),
        channel: Channel::Back,
        acr: grant.acr,
        now,
    };
    Ok(told(app, &input))
}

/// client_credentials: a JWT of at most five minutes and an audit row; the JWT itself is not stored.
async fn for_itself(app: &App, who: &Authenticated, params: &Params, now: Time) -> Result<Map<String, Value>, Reply> {
    let about_persons: Vec<&str> =
        SCOPES.iter().filter(|scope| !scope.claims.is_empty()).map(|scope| scope.name).collect();
    let granted = client_credentials::check(&who.party.client, params, &about_persons)?;
    let secrets = Secrets::draw(&*app.entropy);
    let event = AuditEvent {
        id: AuditId::new(now, &*app.entropy),
        at: now,
        actor: Actor::Client(who.party.client.id),
        act: Act::ClientToken,
        person: None,
        facility: Some(who.party.facility.id),
        client: Some(who.party.client.id),
        detail: granted.scopes.join(" "),
    };
    let replay = who.replay;
    app.store
        .write(move |tx| {
            if let Err(error) = remember(tx, replay.as_ref())? {
                return Ok(Err(error));
            }
            pass_store::audit::insert(tx, &event).map(Ok)
        })
        .await??;
    let directory: Arc<Directory> = app.directory();
    Ok(granted.respond(&app.settings.issuer, &directory.keys, now, &secrets)?)
}
