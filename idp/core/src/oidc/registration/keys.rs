//! Public keys of a client: by value or by address, never both, and never a private one.

use super::sent::Sent;
use super::{addresses, bad};
use crate::domain::client::{ClientAuthMethod, ClientMetadata};
use crate::oidc::error::OAuthError;
use serde_json::Value;

/// Most keys of one client.
const MAX_KEYS: usize = 50;
/// Members of private and symmetric keys (RFC 7518 6.2.2, 6.3.2, 6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// `jwks` and `jwks_uri`.
pub(super) fn read(sent: &Sent) -> Result<(Option<Value>, Option<String>), OAuthError> {
    let uri = addresses::https(sent, "jwks_uri")?;
    let Some(set) = sent.value("jwks") else { return Ok((None, uri)) };
    // RFC 7591 2: "The "jwks_uri" and "jwks" parameters MUST NOT both be present"
    if uri.is_some() {
        return Err(bad("jwks", "must not come with jwks_uri"));
    }
    check_set(set).map_err(|why| bad("jwks", why))?;
    Ok((Some(set.clone()), None))
}

/// Whether a JWK set of a client can be used (RFC 7517 5): by value at registration, by address whenever it is fetched.
pub fn check_set(set: &Value) -> Result<(), &'static str> {
    let keys = set.get("keys").and_then(Value::as_array).ok_or("must be a JWK set")?;
    if keys.len() > MAX_KEYS {
        return Err("holds too many keys");
    }
    for key in keys {
        let key = key.as_object().ok_or("must be a JWK set")?;
        if PRIVATE.iter().any(|member| key.contains_key(*member)) {
            return Err("holds a private key");
        }
        if !key.get("kty").is_some_and(Value::is_string) {
            return Err("must be a JWK set");
        }
    }
    Ok(())
}

/// Whoever signs or is encrypted to needs keys.
pub(super) fn suffice(metadata: &ClientMetadata) -> Result<(), OAuthError> {
    let needed = metadata.token_endpoint_auth_method == ClientAuthMethod::PrivateKeyJwt
        || metadata.request_object_signing_alg.is_some()
        || metadata.id_token_encryption.is_some()
        || metadata.userinfo_encryption.is_some();
    if needed && metadata.jwks.is_none() && metadata.jwks_uri.is_none() {
        return Err(bad("jwks", "is missing"));
    }
    Ok(())
}
