//! The claims parameter (OpenID Connect Core 5.5).

use super::Asked;
use crate::oidc::claims_request::{ClaimAsked, ClaimsRequest};
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if let Some(json) = asked.params.get("claims") {
        request.claims = ClaimsRequest::parse(json)?;
        // 5.5.1: a value of `sub` names the person expected; nobody else may be answered for (3.1.2.2).
        let asked = request.claims.id_token.get("sub").and_then(Option::as_ref);
        let mut subjects = asked.into_iter().flat_map(ClaimAsked::texts);
        request.id_token_hint_sub = subjects.next().map(str::to_owned);
        if subjects.next().is_some() {
            return Err(OAuthError::because(ErrorCode::InvalidRequest, "The claims parameter names several subjects."));
        }
    }
    Ok(())
}
