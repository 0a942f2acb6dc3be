//! The authorization request: parse, look the client up, check, and the answer of a refusal.

use super::city::{CLIENT, ISSUER, REDIRECTS, RING, SCOPES};
use pass_core::oidc::authorize::{Failure, Loaded, check, client_id, read, refuse};
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::oidc::params::Params;
use pass_core::oidc::request::{AuthorizationRequest, ResponseMode};
use pass_core::oidc::respond::{Answer, Granted, Response, respond};

/// Bytes are the query.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(params) = read(&text) else { return };
    let known = client_id(&params).is_ok_and(|id| id == CLIENT.client_id);
    let loaded = Loaded { client: known.then_some(&*CLIENT), issuer: ISSUER, keys: &RING, scopes: &SCOPES };
    let accepted = holds(check(&params, &loaded), &params);
    assert!(accepted.is_none() || known, "a request of nobody was accepted");
    holds(Err(refuse(&params, &loaded, OAuthError::from(ErrorCode::InvalidRequestObject))), &params);
}

/// What must hold for every outcome of the checks.
pub(super) fn holds(outcome: Result<AuthorizationRequest, Failure>, params: &Params) -> Option<AuthorizationRequest> {
    match outcome {
        Ok(request) => {
            assert!(REDIRECTS.contains(&request.redirect_uri.as_str()));
            assert_eq!(params.get("redirect_uri"), Some(request.redirect_uri.as_str()));
            assert_eq!(params.get("state"), request.state.as_deref());
            assert_eq!(
                request.code_challenge.is_some(),
                request.response_type.code(),
                "PKCE is required of this client"
            );
            assert!(request.nonce.is_some() || !request.response_type.id_token());
            assert!(request.response_mode != ResponseMode::Query || !request.response_type.in_front());
            assert!(request.scopes.iter().any(|scope| scope == "openid"));
            assert!(request.scopes.iter().all(|scope| SCOPES.contains(&scope.as_str())));
            assert!(params.refuse_repeats().is_ok() && params.get("registration").is_none());
            answered(&respond(&request.destination(), ISSUER, Answer::Granted(&everything())));
            Some(request)
        }
        Err(Failure::Redirect(refused)) => {
            assert!(REDIRECTS.contains(&refused.to.redirect_uri.as_str()));
            assert!(refused.to.state.as_deref().is_none_or(|state| params.get("state") == Some(state)));
            answered(&respond(&refused.to, ISSUER, Answer::Error(&refused.error)));
            None
        }
        Err(Failure::Page(_)) => None,
    }
}

/// It goes where it may, in characters that a header may hold.
fn answered(response: &Response) {
    match response {
        Response::Redirect(address) => {
            assert!(REDIRECTS.iter().any(|redirect| address.starts_with(redirect)));
            assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address:?}");
        }
        Response::FormPost { action, .. } => assert!(REDIRECTS.contains(&action.as_str())),
    }
}

/// Whatever a response type may name.
fn everything() -> Granted {
    let some = |text: &str| Some(text.to_owned());
    Granted {
        code: some("a code"),
        access_token: some("a+/token"),
        id_token: some("a.b.c"),
        session_state: some("d.e"),
    }
}
