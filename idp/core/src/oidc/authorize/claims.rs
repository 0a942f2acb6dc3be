//! The claims parameter (OpenID Connect Core 5.5).

use super::Asked;
use crate::oidc::claims_request::ClaimsRequest;
use crate::oidc::error::OAuthError;
use crate::oidc::request::AuthorizationRequest;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if let Some(json) = asked.params.get("claims") {
        request.claims = ClaimsRequest::parse(json)?;
    }
    Ok(())
}
