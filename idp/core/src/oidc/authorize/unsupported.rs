//! Parameters that ask for what PASS does not do, or not for this client, are refused aloud, never ignored. A request object
//! that was read is no longer among the parameters here.

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

/// OpenID Connect Core 3.1.2.6 and 7.2.1
const REFUSED: [(&str, ErrorCode); 3] = [
    ("request", ErrorCode::RequestNotSupported),
    ("request_uri", ErrorCode::RequestUriNotSupported),
    ("registration", ErrorCode::RegistrationNotSupported),
];

pub(super) fn check(asked: &Asked<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    match REFUSED.iter().find(|(name, _)| asked.params.get(name).is_some()) {
        Some(&(_, code)) => Err(code.into()),
        None => Ok(()),
    }
}
