//! max_age: how old the sign-in may be (OpenID Connect Core 3.1.2.1); the client's default where it says nothing.

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(value) = asked.params.get("max_age") else {
        request.max_age = asked.client.metadata.default_max_age;
        return Ok(());
    };
    if value.len() > 18 || !value.bytes().all(|b| b.is_ascii_digit()) {
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "The max_age must be a number of seconds."));
    }
    // More than a hundred years mean the same as a hundred years.
    request.max_age = Some(value.parse::<u32>().unwrap_or(u32::MAX));
    Ok(())
}
