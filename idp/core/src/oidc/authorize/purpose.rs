//! purpose (OpenID Connect for Identity Assurance 1.0 8): checked and then ignored. Consent pages show the registered purpose.

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

pub(super) fn check(asked: &Asked<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    match asked.params.get("purpose").map(|purpose| purpose.chars().count()) {
        Some(count) if !(3..=300).contains(&count) => {
            Err(OAuthError::because(ErrorCode::InvalidRequest, "The purpose must have 3 to 300 characters."))
        }
        _ => Ok(()),
    }
}
