//! acr_values: wanted strengths, best first, a wish (OpenID Connect Core 3.1.2.1). Unknown words are kept and never held.

use super::Asked;
use crate::oidc::error::OAuthError;
use crate::oidc::request::AuthorizationRequest;

const MAX_COUNT: usize = 16;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let words = asked.params.get("acr_values").unwrap_or_default().split(' ').filter(|word| !word.is_empty());
    request.acr_values = words.take(MAX_COUNT).map(str::to_owned).collect();
    Ok(())
}
