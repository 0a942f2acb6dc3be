//! Userinfo (OpenID Connect Core 5.3): token AND grant AND consent, asked at every call, so that withdrawal bites at once.
//! What is given is `claims::release`'s answer; here it only becomes JSON. Left out: signed and encrypted answers.

use super::error::{ErrorCode, OAuthError};
use crate::Time;
use crate::domain::consent::Consent;
use crate::domain::grant::{AccessToken, Grant};
use serde_json::{Map, Value};

/// The rows behind a presented token, as far as they exist.
#[derive(Clone, Copy)]
pub struct Behind<'a> {
    /// The token.
    pub token: &'a AccessToken,
    /// Its grant.
    pub grant: &'a Grant,
    /// The consent of the grant.
    pub consent: &'a Consent,
}

/// Whether the token still opens userinfo. `None`: there is no such token.
pub fn check(behind: Option<Behind<'_>>, now: Time) -> Result<(), OAuthError> {
    let refused = |detail: &str| Err(OAuthError::new(ErrorCode::InvalidToken).detail(detail));
    let Some(Behind { token, grant, consent }) = behind else { return refused("unknown token") };
    // RFC 6750 3.1: "expired, revoked, malformed, or invalid for other reasons"
    if now >= token.expires_at || token.revoked_at.is_some() || grant.revoked_at.is_some() {
        return refused("token expired or revoked");
    }
    if consent.withdrawn_at.is_some() {
        return refused("consent withdrawn");
    }
    // OpenID Connect Core 5.3: an access token of an OpenID Connect request.
    if token.scopes.iter().any(|scope| scope == "openid") {
        Ok(())
    } else {
        Err(OAuthError::new(ErrorCode::InsufficientScope))
    }
}

/// The answer: `sub` and what was released. Nothing released is `null` or empty (5.3.2).
pub fn body(subject: &str, released: Map<String, Value>) -> Map<String, Value> {
    let mut body = released;
    body.insert("sub".into(), subject.into());
    body
}
