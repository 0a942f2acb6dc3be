//! PKCE (RFC 7636), S256 only. Public clients always need it, confidential ones unless their flag says otherwise.

use super::Asked;
use crate::domain::client::ClientAuthMethod;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let refuse = |why| Err(OAuthError::because(ErrorCode::InvalidRequest, why));
    // RFC 7636 1: it protects codes. Where none comes, nothing is kept of it.
    if !request.response_type.code() {
        return Ok(());
    }
    let public = asked.client.metadata.token_endpoint_auth_method == ClientAuthMethod::None;
    match (asked.params.get("code_challenge"), asked.params.get("code_challenge_method")) {
        // RFC 7636 4.4.1: "code challenge required"
        (None, None) if asked.client.flags.require_pkce || public => {
            refuse("PKCE is required: code_challenge with S256.")
        }
        (None, None) => Ok(()),
        (None, Some(_)) => refuse("A code_challenge_method came without a code_challenge."),
        // RFC 9700 2.1.1: S256 is the only method that does not expose the verifier. No method means plain (RFC 7636 4.3).
        (Some(_), None | Some("plain")) => refuse("The code_challenge_method must be S256."),
        // RFC 7636 4.2: code-challenge = 43*128unreserved
        (Some(challenge), Some("S256")) if is_unreserved_43_to_128(challenge) => {
            request.code_challenge = Some(challenge.to_owned());
            Ok(())
        }
        (Some(_), Some("S256")) => refuse("The code_challenge is malformed."),
        (Some(_), Some(_)) => refuse("The code_challenge_method must be S256."),
    }
}

/// The grammar that verifier and challenge share (RFC 7636 4.1 and 4.2).
pub(crate) fn is_unreserved_43_to_128(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}
