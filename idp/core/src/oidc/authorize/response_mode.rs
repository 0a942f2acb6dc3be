//! response_mode: `query` or `form_post`. The first check of all that may be told, because it says how.

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::{AuthorizationRequest, ResponseMode};

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.response_mode = match asked.params.get("response_mode") {
        // OAuth 2.0 Multiple Response Type Encoding Practices 5: `query` is the default of `code`.
        None | Some("query") => ResponseMode::Query,
        // OAuth 2.0 Form Post Response Mode 2
        Some("form_post") => ResponseMode::FormPost,
        Some(_) => {
            return Err(OAuthError::because(
                ErrorCode::InvalidRequest,
                "The response_mode must be query or form_post.",
            ));
        }
    };
    Ok(())
}
