//! id_token_hint: a token of ours, even an expired one, says whom the client expects (OpenID Connect Core 3.1.2.1).
//! Whether that person is the one signed in is asked by `interaction::next`.

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::hint;
use crate::oidc::request::AuthorizationRequest;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(token) = asked.params.get("id_token_hint") else { return Ok(()) };
    let hint = hint::read(token, asked.loaded.issuer, asked.loaded.keys).ok_or_else(|| {
        OAuthError::because(ErrorCode::InvalidRequest, "The id_token_hint is not a token of this issuer.")
    })?;
    if request.id_token_hint_sub.as_ref().is_some_and(|asked| *asked != hint.sub) {
        return Err(OAuthError::because(
            ErrorCode::InvalidRequest,
            "id_token_hint and claims name different subjects.",
        ));
    }
    request.id_token_hint_sub = Some(hint.sub);
    Ok(())
}
