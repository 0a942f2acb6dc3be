//! response_type: what the client is registered for and its flags allow. What nobody knows is refused by the next check.

use super::Asked;
use crate::domain::response_type::ResponseType;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

pub(super) fn may(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(response_type) = asked.params.get("response_type").and_then(ResponseType::parse) else { return Ok(()) };
    // RFC 6749 4.1.2.1 and 4.2.2.1: unauthorized_client
    if !asked.client.may_ask_for(response_type) {
        return Err(ErrorCode::UnauthorizedClient.into());
    }
    request.response_type = response_type;
    Ok(())
}
