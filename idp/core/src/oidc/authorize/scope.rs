//! scope: `openid` must be there; what the issuer does not know or the client may not have is left out.

use crate::domain::client::Client;
use crate::oidc::error::{ErrorCode, OAuthError};

/// The negotiation step of oxide-auth. Characters were checked by its scope parser (RFC 6749 3.3).
pub(super) fn negotiate(asked: Vec<String>, client: &Client, known: &[&str]) -> Result<Vec<String>, OAuthError> {
    // OpenID Connect Core 3.1.2.1: without `openid` the behaviour is unspecified; PASS speaks OpenID Connect only.
    if !asked.iter().any(|scope| scope == "openid") {
        return Err(OAuthError::because(ErrorCode::InvalidScope, "The scope must contain openid."));
    }
    // OpenID Connect Core 3.1.2.1: "Scope values used that are not understood by an implementation SHOULD be ignored."
    // RFC 6749 3.3: a server may ignore in part what the client may not have, and says so in the token response.
    let allowed = |scope: &String| known.contains(&scope.as_str()) && client.metadata.scope.contains(scope);
    let given: Vec<String> = asked.into_iter().filter(allowed).collect();
    if given.iter().any(|scope| scope == "openid") {
        Ok(given)
    } else {
        Err(OAuthError::because(ErrorCode::InvalidScope, "The client may not ask for openid."))
    }
}
