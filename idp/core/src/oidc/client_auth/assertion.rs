//! `private_key_jwt` (RFC 7523 3, OpenID Connect Core 9): our own checks over the raw claims.

use super::{Replay, refused};
use crate::Time;
use crate::domain::client::Client;
use crate::oidc::error::OAuthError;
use crate::oidc::{client_keys, jwt};
use crate::secret::Hash;
use serde_json::{Map, Value};
use std::time::Duration;

/// Clocks of others differ by so much.
const SKEW: Duration = Duration::from_secs(30);
/// An assertion that lives longer would have to be remembered longer.
const LONGEST_LIFE: Duration = Duration::from_secs(3600);
const MAX_JTI: usize = 512;

/// Who an assertion says it comes from, before anything is proven.
pub(super) fn says(assertion: &str) -> Result<String, OAuthError> {
    let claims = jwt::unverified_claims(assertion);
    let sub = claims.as_ref().and_then(|claims| claims.get("sub")?.as_str());
    sub.map(str::to_owned).ok_or_else(|| refused("the assertion cannot be read or has no sub"))
}

/// Everything RFC 7523 3 asks for; what remains is that its `jti` is new.
pub(super) fn check(
    assertion: &str,
    client: &Client,
    keys: Option<&Value>,
    audiences: &[&str],
    now: Time,
) -> Result<Replay, OAuthError> {
    let claims = verified(assertion, client, keys)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // RFC 7523 3, points 1 and 2
    if text("iss") != Some(&client.client_id) || text("sub") != Some(&client.client_id) {
        return Err(refused("iss or sub of the assertion is another"));
    }
    // point 3
    if !names_us(claims.get("aud"), audiences) {
        return Err(refused("the assertion is for another audience"));
    }
    let expires = within_time(&claims, now)?;
    // point 7; OpenID Connect Core 9: REQUIRED
    let jti = text("jti").filter(|jti| !jti.is_empty() && jti.len() <= MAX_JTI).ok_or_else(|| refused("no jti"))?;
    let key = Hash::of(&format!("client_assertion {} {} {jti}", client.client_id.len(), client.client_id));
    Ok(Replay { key, until: expires + SKEW })
}

fn verified(assertion: &str, client: &Client, keys: Option<&Value>) -> Result<Map<String, Value>, OAuthError> {
    let only = client.metadata.token_endpoint_auth_signing_alg;
    let verifier = keys.and_then(|keys| client_keys::verifier(assertion, keys, only));
    let verifier = verifier.ok_or_else(|| refused("no registered key for the assertion"))?;
    let claims = jwt::verify(assertion, &verifier).map(|(_, claims)| claims);
    claims.ok_or_else(|| refused("the signature of the assertion does not hold"))
}

fn names_us(aud: Option<&Value>, audiences: &[&str]) -> bool {
    let ours = |value: &Value| value.as_str().is_some_and(|value| audiences.contains(&value));
    match aud {
        Some(Value::Array(values)) => values.iter().any(ours),
        Some(value) => ours(value),
        None => false,
    }
}

/// Points 4 to 6, on our clock. Numbers outside the calendar are no times, and a missing `exp` is refused.
fn within_time(claims: &Map<String, Value>, now: Time) -> Result<Time, OAuthError> {
    let expires = jwt::numeric_date(claims, "exp").ok_or_else(|| refused("the assertion has no usable exp"))?;
    if now >= expires + SKEW {
        return Err(refused("the assertion has expired"));
    }
    if expires > now + LONGEST_LIFE + SKEW {
        return Err(refused("the assertion lives too long"));
    }
    for name in ["nbf", "iat"] {
        let begins = jwt::numeric_date(claims, name);
        if claims.contains_key(name) && begins.is_none_or(|begins| begins > now + SKEW) {
            return Err(refused("the assertion is not valid yet"));
        }
    }
    Ok(expires)
}
