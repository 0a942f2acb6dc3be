//! Answers of protocol endpoints: JSON for programs, never cached.

use crate::app::App;
use crate::client_errors::note;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use pass_core::Fault;
use pass_core::domain::client::Client;
use pass_core::domain::client_error::Endpoint;
use pass_core::oidc::error::OAuthError;
use serde_json::{Map, Value};

/// Why a program gets no answer.
pub enum Reply {
    /// Its doing.
    Refused(OAuthError),
    /// Ours.
    Fault(Fault),
}

impl From<OAuthError> for Reply {
    fn from(error: OAuthError) -> Self {
        Self::Refused(error)
    }
}

impl From<Fault> for Reply {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// RFC 6749 5.1: no store, anywhere.
pub fn json(body: &Map<String, Value>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(body)
}

/// For operators, and for the integrators of the client. It is named only where it is one of ours: an unknown word may be
/// anything, a password too.
pub fn log_refusal(app: &App, endpoint: Endpoint, client: Option<&Client>, error: &OAuthError) {
    let client_id = client.map(|client| client.client_id.as_str());
    let (code, description) = (error.code().as_str(), error.description());
    let reference = client.and_then(|client| note(app, client, endpoint, code, description));
    tracing::info!(client_id, code, reference, detail = error.private_detail(), "{description}");
}

/// OpenID Connect Core 5.3.2: signed or encrypted claims.
pub fn jwt(token: String) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
    answer.content_type("application/jwt").body(token)
}

/// RFC 6749 5.2
pub fn refused(app: &App, endpoint: Endpoint, client: Option<&Client>, error: &OAuthError) -> HttpResponse {
    log_refusal(app, endpoint, client, error);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
    if let Some(challenge) = error.challenge() {
        answer.insert_header((WWW_AUTHENTICATE, challenge));
    }
    answer.json(error.body())
}

/// Ours: logged once, told without its cause.
pub fn fault(fault: &Fault) -> HttpResponse {
    tracing::error!(%fault, "fault");
    HttpResponse::InternalServerError()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({ "error": "server_error", "error_description": "PASS cannot answer now." }))
}
