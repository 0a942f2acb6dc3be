//! login_hint and ui_locales (OpenID Connect Core 3.1.2.1): wishes, within limits.

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::AuthorizationRequest;

/// An address of RFC 5321 4.5.3.1 has at most 254 characters.
const MAX_HINT: usize = 320;
const MAX_LOCALES: usize = 10;
/// RFC 5646 4.4.1: tags of 35 characters are enough for everything registered.
const MAX_TAG: usize = 35;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let hint = asked.params.get("login_hint");
    if hint.is_some_and(|hint| hint.len() > MAX_HINT || hint.chars().any(char::is_control)) {
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "The login_hint is malformed."));
    }
    request.login_hint = hint.map(str::to_owned);
    let locales = asked.params.get("ui_locales").unwrap_or_default().split(' ');
    request.ui_locales =
        locales.filter(|tag| !tag.is_empty() && tag.len() <= MAX_TAG).take(MAX_LOCALES).map(str::to_owned).collect();
    Ok(())
}
