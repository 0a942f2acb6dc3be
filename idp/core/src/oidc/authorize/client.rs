//! The client: known, enabled, and allowed to use codes.

use super::{Asked, PageProblem};
use crate::domain::client::{Client, GrantType};
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::params::Params;
use crate::oidc::request::AuthorizationRequest;

pub(super) fn named(params: &Params) -> Result<&str, PageProblem> {
    // RFC 6749 4.1.1: client_id is REQUIRED.
    params.get("client_id").ok_or(PageProblem::ClientMissing)
}

pub(super) fn check<'a>(params: &Params, loaded: Option<&'a Client>) -> Result<&'a Client, PageProblem> {
    let named = named(params)?;
    let client = loaded.filter(|client| client.client_id == named).ok_or(PageProblem::ClientUnknown)?;
    if client.disabled_at.is_some() {
        return Err(PageProblem::ClientDisabled);
    }
    Ok(client)
}

pub(super) fn may_use_codes(asked: &Asked<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    // RFC 6749 4.1.2.1: unauthorized_client
    if asked.client.metadata.grant_types.contains(&GrantType::AuthorizationCode) {
        return Ok(());
    }
    Err(ErrorCode::UnauthorizedClient.into())
}
