//! prompt (OpenID Connect Core 3.1.2.1, Initiating User Registration 1.0).

use super::Asked;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::request::{AuthorizationRequest, Prompt};

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    for word in asked.params.get("prompt").unwrap_or_default().split(' ') {
        // Core 3.1.2.1: not returning errors for values not understood helps phasing in extensions.
        if let Some(prompt) = Prompt::parse(word)
            && !request.prompt.contains(&prompt)
        {
            request.prompt.push(prompt);
        }
    }
    // Core 3.1.2.1: "If this parameter contains none with any other value, an error is returned."
    if request.prompt.contains(&Prompt::None) && request.prompt.len() > 1 {
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "prompt=none must stand alone."));
    }
    Ok(())
}
