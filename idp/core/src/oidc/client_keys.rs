//! Which key of a client's JWK set a token goes with. What the token's header says of keys (`jwk`, `jku`, `x5u`, `x5c`) is
//! never followed: keys are those that the client registered (RFC 8725 3.10).

use super::jwt;
use crate::domain::client::{Encryption, KeyManagementAlg, SigningAlg};
use crate::fault::{Fault, Outcome};
use serde_json::{Map, Value};

/// Whether a set can verify this token: if not, and the set comes from an address, it may have changed there.
pub fn knows(token: &str, keys: &Value) -> bool {
    verifier(token, keys, None).is_some()
}

/// The key that the token names by `kid`, else the only one that fits its algorithm. `only`: the algorithm that was registered.
pub(super) fn verifier(token: &str, keys: &Value, only: Option<SigningAlg>) -> Option<jwt::Verifier> {
    let header = jwt::header(token)?;
    // RFC 8725 3.1 and 3.2: the algorithm is one of our list, whatever the token says. None of the list is symmetric, so that no
    // public key can be taken for a secret.
    let alg = SigningAlg::parse(header.get("alg")?.as_str()?)?;
    if only.is_some_and(|only| only != alg) {
        return None;
    }
    let fitting: Vec<&Map<String, Value>> = all(keys)?.filter(|key| signs(key, alg)).collect();
    let key = match header.get("kid") {
        Some(kid) => fitting.into_iter().find(|key| key.get("kid") == Some(kid))?,
        None if fitting.len() == 1 => fitting[0],
        None => return None,
    };
    let mut key = key.clone();
    // The key is chosen; josekit would also insist on a kid in the header.
    key.remove("kid");
    jwt::verifier(alg, key).ok()
}

/// A signed token, encrypted to the first key of the client that fits (OpenID Connect Core 10.2: signed, then encrypted).
pub fn encrypt(token: &str, encryption: Encryption, keys: Option<&Value>) -> Outcome<String> {
    let key = target(encryption, keys).ok_or_else(|| Fault::new("the client has no key to encrypt to"))?;
    jwt::encrypt(token, encryption, key.clone())
}

/// Whether there is a key to encrypt to: to be asked before a code is taken.
pub fn can_encrypt(encryption: Encryption, keys: Option<&Value>) -> bool {
    target(encryption, keys).is_some()
}

fn target(encryption: Encryption, keys: Option<&Value>) -> Option<&Map<String, Value>> {
    let fits = |key: &&Map<String, Value>| {
        is(key, "use", "enc") && is(key, "alg", encryption.alg.as_str()) && kind(key, encryption.alg)
    };
    keys.and_then(all).and_then(|mut keys| keys.find(fits))
}

fn all(keys: &Value) -> Option<impl Iterator<Item = &Map<String, Value>>> {
    Some(keys.get("keys")?.as_array()?.iter().filter_map(Value::as_object))
}

fn signs(key: &Map<String, Value>, alg: SigningAlg) -> bool {
    let kty = if alg == SigningAlg::ES256 { "EC" } else { "RSA" };
    key.get("kty").is_some_and(|value| value == kty) && is(key, "alg", alg.as_str()) && is(key, "use", "sig")
}

fn kind(key: &Map<String, Value>, alg: KeyManagementAlg) -> bool {
    let rsa = matches!(alg, KeyManagementAlg::RsaOaep | KeyManagementAlg::RsaOaep256);
    key.get("kty")
        .and_then(Value::as_str)
        .is_some_and(|kty| if rsa { kty == "RSA" } else { kty == "EC" || kty == "OKP" })
}

/// An optional member may be left out, but not be another.
fn is(key: &Map<String, Value>, name: &str, wanted: &str) -> bool {
    key.get(name).is_none_or(|value| value == wanted)
}
