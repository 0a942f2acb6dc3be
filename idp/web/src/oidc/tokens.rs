//! `POST /introspect` (RFC 7662) and `POST /revoke` (RFC 7009).

use super::reply::{Reply, fault, json};
use super::token::{authenticate, refuse, remember};
use crate::app::App;
use crate::directory::Party;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::client::ClientAuthMethod;
use pass_core::domain::client_error::Endpoint;
use pass_core::domain::grant::{Grant, RefreshToken};
use pass_core::oidc::access_token::{ClientJwt, Presented, read};
use pass_core::oidc::discovery::paths;
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::oidc::params::Params;
use pass_core::oidc::{introspection, revocation, subject};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::Tx;
use pass_store::access_tokens::TokenContext;
use serde_json::{Map, Value};

/// Is this token alive?
pub async fn introspect(app: web::Data<App>, request: HttpRequest, body: String) -> HttpResponse {
    match introspected(&app, &request, &body).await {
        Ok(answer) => json(&answer),
        Err(Reply::Refused(error)) => refuse(&app, Endpoint::Introspect, &request, &body, &error),
        Err(Reply::Fault(broken)) => fault(&broken),
    }
}

/// This token is to end.
pub async fn revoke(app: web::Data<App>, request: HttpRequest, body: String) -> HttpResponse {
    match revoked(&app, &request, &body).await {
        // RFC 7009 2.2: 200, also where there was nothing to revoke.
        Ok(()) => json(&Map::new()),
        Err(Reply::Refused(error)) => refuse(&app, Endpoint::Revoke, &request, &body, &error),
        Err(Reply::Fault(broken)) => fault(&broken),
    }
}

/// What a presented token turned out to be, with its rows.
enum Found {
    Access(Box<TokenContext>),
    Refresh(RefreshToken, Box<Grant>, bool),
    Client(ClientJwt),
    Nothing,
}

fn find(tx: &mut Tx, presented: &Presented) -> Result<Found, Fault> {
    match presented {
        Presented::Client(jwt) if pass_store::replays::find(tx, &jwt.jti)? => Ok(Found::Nothing),
        Presented::Client(jwt) => Ok(Found::Client(jwt.clone())),
        Presented::Row(hash) => by_row(tx, hash),
    }
}

fn by_row(tx: &mut Tx, hash: &Hash) -> Result<Found, Fault> {
    if let Some(found) = pass_store::access_tokens::find(tx, hash)? {
        return Ok(Found::Access(Box::new(found)));
    }
    let Some(token) = pass_store::refresh_tokens::find(tx, hash)? else { return Ok(Found::Nothing) };
    let grant =
        pass_store::grants::find(tx, token.grant)?.ok_or_else(|| Fault::new("a refresh token names no grant"))?;
    let withdrawn = pass_store::consents::find(tx, grant.consent)?.is_none_or(|consent| consent.withdrawn_at.is_some());
    Ok(Found::Refresh(token, Box::new(grant), withdrawn))
}

async fn introspected(app: &App, request: &HttpRequest, body: &str) -> Result<Map<String, Value>, Reply> {
    let params = Params::parse(body)?;
    let who = authenticate(app, request, &params, paths::INTROSPECT).await?;
    // RFC 7662 2.1: some authentication is required. The id of a public client proves nobody.
    if who.party.client.metadata.token_endpoint_auth_method == ClientAuthMethod::None {
        return Err(OAuthError::new(ErrorCode::InvalidClient).into());
    }
    let (now, directory) = (app.now(), app.directory());
    let presented = read(params.required("token")?, &app.settings.issuer, &directory.keys, now);
    if let Some(replay) = who.replay {
        app.store.write(move |tx| remember(tx, Some(&replay))).await??;
    }
    let found = match presented {
        Some(presented) => app.store.read_now(move |tx| find(tx, &presented)).await?,
        None => Found::Nothing,
    };
    let owner = match &found {
        Found::Access(context) => context.grant.as_ref(),
        Found::Refresh(_, grant, _) => Some(&**grant),
        Found::Client(_) | Found::Nothing => None,
    };
    let owner = match owner {
        Some(grant) => Some((grant, directory.party_of(grant.client)?)),
        None => None,
    };
    let sub = owner.map(|(grant, party)| subject_of(app, party, grant)).unwrap_or_default();
    let behind = |withdrawn| {
        owner.map(|(grant, party)| introspection::Behind { grant, client: &party.client, subject: &sub, withdrawn })
    };
    let answer = match &found {
        Found::Access(context) => {
            let withdrawn = context.consent.as_ref().is_none_or(|consent| consent.withdrawn_at.is_some());
            behind(withdrawn)
                .map_or(introspection::Found::Nothing, |behind| introspection::Found::Access(&context.token, behind))
        }
        Found::Refresh(token, _, withdrawn) => behind(*withdrawn)
            .map_or(introspection::Found::Nothing, |behind| introspection::Found::Refresh(token, behind)),
        Found::Client(jwt) => introspection::Found::Client(jwt),
        Found::Nothing => introspection::Found::Nothing,
    };
    Ok(introspection::answer(&who.party.client, answer, &app.settings.issuer, now))
}

async fn revoked(app: &App, request: &HttpRequest, body: &str) -> Result<(), Reply> {
    let params = Params::parse(body)?;
    let who = authenticate(app, request, &params, paths::REVOKE).await?;
    let (now, directory) = (app.now(), app.directory());
    let presented = read(params.required("token")?, &app.settings.issuer, &directory.keys, now);
    let (client, replay) = (who.party.client.clone(), who.replay);
    let outcome = app
        .store
        .write(move |tx| {
            if let Err(error) = remember(tx, replay.as_ref())? {
                return Ok(Err(error));
            }
            let found = match &presented {
                Some(presented) => find(tx, presented)?,
                None => Found::Nothing,
            };
            let asked = match &found {
                Found::Access(context) => revocation::Found::Access(&context.token),
                Found::Refresh(_, grant, _) => revocation::Found::Refresh(grant),
                Found::Client(jwt) => revocation::Found::Client(jwt),
                Found::Nothing => revocation::Found::Nothing,
            };
            match revocation::decide(&client, asked) {
                Ok(act) => carry_out(tx, act, now).map(Ok),
                Err(error) => Ok(Err(error)),
            }
        })
        .await?;
    outcome.map_err(Reply::Refused)
}

fn carry_out(tx: &mut Tx, act: revocation::Act, now: Time) -> Result<(), Fault> {
    match act {
        revocation::Act::Nothing => Ok(()),
        revocation::Act::EndAccess(hash) => pass_store::access_tokens::revoke(tx, &hash, now).map(drop),
        revocation::Act::CloseGrant(grant) => pass_store::grants::revoke(tx, grant, now).map(drop),
        revocation::Act::Remember(hash, until) => pass_store::replays::remember(tx, &hash, until).map(drop),
    }
}

fn subject_of(app: &App, party: &Party, grant: &Grant) -> String {
    subject::pairwise(&app.keys.pairwise, &party.facility.sector, grant.person)
}
