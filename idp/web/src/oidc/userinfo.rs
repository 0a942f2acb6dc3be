//! `GET` and `POST /userinfo` (OpenID Connect Core 5.3): token AND grant AND consent, asked at every call.

use super::reply::{Reply, fault, json, jwt, refused};
use crate::app::App;
use crate::client_keys::{Need, keys_of};
use crate::directory::Party;
use crate::people;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::claims::release::{Agreement, ReleaseInput, release};
use pass_core::claims::scopes::Place;
use pass_core::claims::verified::{Terms, verified_claims};
use pass_core::domain::client_error::Endpoint;
use pass_core::oidc::access_token::{Presented, read};
use pass_core::oidc::bearer::{self, NoToken};
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::oidc::params::Params;
use pass_core::oidc::subject;
use pass_core::oidc::userinfo::{Behind, body, check, signed};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The token in the header.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    serve(&app, &request, None).await
}

/// The token in the header or in the form (RFC 6750 2.2).
pub async fn post(app: web::Data<App>, request: HttpRequest, form: String) -> HttpResponse {
    match Params::parse(&form) {
        Ok(params) => serve(&app, &request, Some(params)).await,
        Err(error) => refused(&app, Endpoint::Userinfo, None, &error.at_resource()),
    }
}

async fn serve(app: &App, request: &HttpRequest, form: Option<Params>) -> HttpResponse {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = match bearer::token(header, form.as_ref()) {
        Ok(token) => token.to_string(),
        Err(none) => return challenge(&none),
    };
    let mut party = None;
    match claims(app, &token, &mut party).await {
        Ok(Told::Plain(claims)) => json(&claims),
        Ok(Told::Jwt(token)) => jwt(token),
        Err(Reply::Refused(error)) => {
            let client = party.as_deref().map(|party| &party.client);
            refused(app, Endpoint::Userinfo, client, &error.at_resource())
        }
        Err(Reply::Fault(broken)) => fault(&broken),
    }
}

/// As JSON, or as the client registered it.
enum Told {
    Plain(Map<String, Value>),
    Jwt(String),
}

/// `whose` is told the client once it is known, for a refusal too.
async fn claims(app: &App, token: &str, whose: &mut Option<Arc<Party>>) -> Result<Told, Reply> {
    let (now, directory) = (app.now(), app.directory());
    let Some(Presented::Row(hash)) = read(token, &app.settings.issuer, &directory.keys, now) else {
        return Err(OAuthError::new(ErrorCode::InvalidToken).into());
    };
    let found = app.store.read_now(move |tx| people::behind(tx, &hash)).await?;
    let (rows, sealed) = found.ok_or_else(|| OAuthError::new(ErrorCode::InvalidToken).detail("unknown token"))?;
    let party = directory.party_of(rows.grant.client)?;
    *whose = Some(party.clone());
    let behind = Behind { token: &rows.token, grant: &rows.grant, consent: &rows.consent, client: &party.client };
    check(Some(behind), now)?;
    let open = people::open_records(app, rows.grant.person, sealed)?;
    let input = ReleaseInput {
        proven: open.proven(),
        declared: &open.declared,
        facility: &party.facility,
        ceiling: &party.ceiling,
        scopes: &rows.token.scopes,
        request: &rows.grant.claims,
        place: Place::Userinfo,
        consent: Agreement::Given(&rows.consent),
        channel: rows.token.channel(),
        acr: rows.grant.acr,
        now,
    };
    let sub = subject::pairwise(&app.keys.pairwise, &party.facility.sector, rows.grant.person);
    let body = body(&sub, told(app, &input));
    let client = &party.client;
    let keys = match client.metadata.userinfo_encryption {
        Some(encryption) => keys_of(app, client, Need::Encrypt(encryption)).await,
        None => None,
    };
    let jwt = signed(&body, client, &app.settings.issuer, &directory.keys, keys.as_deref())?;
    Ok(jwt.map_or(Told::Plain(body), Told::Jwt))
}

/// What is given at one place: the claims, and `verified_claims` where they were asked for.
pub(super) fn told(app: &App, input: &ReleaseInput<'_>) -> Map<String, Value> {
    let released = release(input);
    let mut told: Map<String, Value> =
        released.given().map(|(claim, value)| (claim.as_str().to_string(), value.clone())).collect();
    let terms = Terms { key: &app.keys.pairwise, evidence: app.settings.evidence, attested: app.settings.attested };
    told.extend(verified_claims(input, &terms).map(|verified| ("verified_claims".to_string(), verified)));
    told
}

fn challenge(none: &NoToken) -> HttpResponse {
    let status = StatusCode::from_u16(none.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((WWW_AUTHENTICATE, none.challenge()))
        .finish()
}
