//! state and nonce are echoed untouched, within limits, and hold no control characters: a form changes line breaks on its way. The code flow works without a nonce (OpenID Connect Core 3.1.2.1).

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

/// Both travel in addresses and tokens; the conformance suite sends up to 384 characters.
const MAX_CHARS: usize = 2048;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    // RFC 6749 appendix A.5: VSCHAR only. Other letters do no harm and are let through.
    let controls = |name| asked.params.get(name).is_some_and(|value| value.chars().any(char::is_control));
    if controls("state") {
        request.state = None;
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "The state holds a control character."));
    }
    if controls("nonce") {
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "The nonce holds a control character."));
    }
    let too_long = |name| asked.params.get(name).is_some_and(|value| value.len() > MAX_CHARS);
    if too_long("state") {
        request.state = None;
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "The state is too long."));
    }
    if too_long("nonce") {
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "The nonce is too long."));
    }
    // OpenID Connect Core 3.2.2.1 and 3.3.2.11: REQUIRED where an ID token comes through the browser.
    if request.response_type.id_token() && asked.params.get("nonce").is_none_or(str::is_empty) {
        return Err(OAuthError::about(ErrorCode::InvalidRequest, "nonce", "is missing"));
    }
    request.nonce = asked.params.get("nonce").map(str::to_owned);
    Ok(())
}
