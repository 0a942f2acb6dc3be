//! response_mode: `query`, `fragment` or `form_post`. The first check of all that may be told, because it says how.

use super::Asked;
use crate::domain::response_type::ResponseType;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::{AuthorizationRequest, ResponseMode};

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    // A type that nobody knows is refused later, and answered as a code would be.
    let response_type = asked.params.get("response_type").and_then(ResponseType::parse).unwrap_or_default();
    // OAuth 2.0 Multiple Response Type Encoding Practices 5: `query` is the default of `code`, `fragment` of the others.
    request.response_mode = if response_type.in_front() { ResponseMode::Fragment } else { ResponseMode::Query };
    let refused = |why| Err(OAuthError::because(ErrorCode::InvalidRequest, why));
    request.response_mode = match asked.params.get("response_mode") {
        None => request.response_mode,
        // 5: a response with a token "MUST NOT" be returned in the query.
        Some("query") if response_type.in_front() => return refused("Tokens never go into a query."),
        Some("query") => ResponseMode::Query,
        Some("fragment") => ResponseMode::Fragment,
        // OAuth 2.0 Form Post Response Mode 2
        Some("form_post") => ResponseMode::FormPost,
        Some(_) => return refused("The response_mode must be query, fragment or form_post."),
    };
    Ok(())
}
