//! The key ring: every signer, verifier and the JWKS document, built once for each change of the keys and then shared.

use super::generate::context;
use crate::domain::client::SigningAlg;
use crate::domain::key::{KeyState, StoredKey};
use crate::fault::{Fault, Outcome};
use crate::oidc::jwt;
use crate::seal::Key;
use crate::secret::base64url;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use zeroize::Zeroizing;

/// A prepared document: bytes and the tag by which a browser knows it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The body.
    pub bytes: Vec<u8>,
    /// The value of `ETag`, quotes included.
    pub etag: String,
}

impl Prepared {
    /// A JSON document, ready to be sent.
    pub fn json(document: &impl serde::Serialize) -> Outcome<Self> {
        let bytes = serde_json::to_vec(document).map_err(|cause| Fault::because("write a document", cause))?;
        let etag = format!("\"{}\"", &base64url(&Sha256::digest(&bytes))[..22]);
        Ok(Self { bytes, etag })
    }
}

/// A token of ours whose signature holds. Nothing else was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// `typ` of its header.
    pub typ: Option<String>,
    /// All claims.
    pub claims: Map<String, Value>,
}

/// Keys ready for use.
pub struct KeyRing {
    signers: HashMap<SigningAlg, jwt::Signer>,
    verifiers: HashMap<String, jwt::Verifier>,
    jwks: Prepared,
}

impl KeyRing {
    /// Opens and parses every key. `wrapping` is the key for `Purpose::SigningKeys`.
    pub fn build(rows: &[StoredKey], wrapping: &Key) -> Outcome<Self> {
        let (mut signers, mut verifiers, mut published) = (HashMap::new(), HashMap::new(), Vec::new());
        for row in rows {
            let public: Map<String, Value> = serde_json::from_str(&row.public_jwk)
                .map_err(|cause| Fault::because(format!("read the public key {}", row.kid), cause))?;
            verifiers.insert(row.kid.clone(), jwt::verifier(row.alg, public.clone())?);
            published.push(public);
            if row.state == KeyState::Current {
                let private = Zeroizing::new(wrapping.open(&context(&row.kid), &row.sealed_private)?);
                signers.insert(row.alg, jwt::signer(row.alg, &private, &row.kid)?);
            }
        }
        let jwks = Prepared::json(&serde_json::json!({ "keys": published }))?;
        Ok(Self { signers, verifiers, jwks })
    }

    /// Signs claims with the current key of an algorithm.
    pub fn sign(&self, alg: SigningAlg, typ: &str, claims: &Map<String, Value>) -> Outcome<String> {
        let signer = self
            .signers
            .get(&alg)
            .ok_or_else(|| Fault::new(format!("sign: there is no current {} key", alg.as_str())))?;
        jwt::sign(claims, typ, signer)
    }

    /// The claims of a token that one of these keys signed.
    pub fn verify(&self, token: &str) -> Option<Verified> {
        let header = jwt::header(token)?;
        let verifier = self.verifiers.get(header.get("kid")?.as_str()?)?;
        let (header, claims) = jwt::verify(token, verifier)?;
        let typ = header.get("typ").and_then(Value::as_str).map(str::to_owned);
        Some(Verified { typ, claims })
    }

    /// Signs bytes that are no token (an audit checkpoint) with the key of the default algorithm; gives its `kid` too.
    pub fn sign_bytes(&self, message: &[u8]) -> Outcome<(String, Vec<u8>)> {
        let signer = self.signers.get(&SigningAlg::ES256).ok_or_else(|| Fault::new("no ES256 key signs"))?;
        let kid = signer.key_id().ok_or_else(|| Fault::new("a signing key has no kid"))?.to_owned();
        let signature = signer.sign(message).map_err(|cause| Fault::because("sign bytes", cause))?;
        Ok((kid, signature))
    }

    /// Whether bytes were signed by a key of ours. None: that key is no longer kept.
    pub fn verifies_bytes(&self, kid: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        self.verifiers.get(kid).map(|verifier| verifier.verify(message, signature).is_ok())
    }

    /// Which algorithms can sign now.
    pub fn algorithms(&self) -> Vec<SigningAlg> {
        SigningAlg::ALL.into_iter().filter(|alg| self.signers.contains_key(alg)).collect()
    }

    /// The JWK set (RFC 7517 5): public parts only, every state.
    pub const fn jwks(&self) -> &Prepared {
        &self.jwks
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing({:?})", self.verifiers.keys())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::fixture::{KEYS, RING, wrapping};
    use crate::seal::{Purpose, WrappingSecret};

    fn claims() -> Map<String, Value> {
        serde_json::from_str(r#"{"a":"日本"}"#).unwrap()
    }

    #[test]
    fn cap_49_every_algorithm_signs_and_verifies_under_its_thumbprint() {
        for key in KEYS.iter() {
            let token = RING.sign(key.alg, "JWT", &claims()).unwrap();
            assert_eq!(jwt::header(&token).unwrap()["kid"], key.kid.as_str());
            let verified = RING.verify(&token).unwrap();
            assert_eq!((verified.claims, verified.typ.as_deref()), (claims(), Some("JWT")));
            let changed = token.replacen('.', ".e", 1);
            assert_eq!(RING.verify(&changed), None);
        }
        for other in ["", "a.b", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30."] {
            assert_eq!(RING.verify(other), None);
        }
    }

    #[test]
    fn cap_49_jwks_holds_public_parts_with_distinct_kids() {
        let set: Value = serde_json::from_slice(&RING.jwks().bytes).unwrap();
        let keys = set["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 3);
        for key in keys {
            for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(key.get(private).is_none());
            }
            assert_eq!(key["use"], "sig");
            assert!(key["alg"].is_string());
            let kid = super::super::thumbprint(key.as_object().unwrap()).unwrap();
            assert_eq!(key["kid"], kid.as_str());
            if key["kty"] == "RSA" {
                assert_eq!(crate::secret::from_base64url(key["n"].as_str().unwrap()).unwrap().len(), 256);
            }
        }
        assert!(RING.jwks().etag.starts_with('"') && RING.jwks().etag.ends_with('"'));
    }

    #[test]
    fn cap_49_a_retired_key_verifies_and_does_not_sign() {
        let token = RING.sign(SigningAlg::ES256, "JWT", &claims()).unwrap();
        let mut rows = KEYS.clone();
        rows[0].state = KeyState::Retired;
        let ring = KeyRing::build(&rows, &wrapping()).unwrap();
        assert!(ring.verify(&token).is_some());
        assert!(ring.sign(SigningAlg::ES256, "JWT", &claims()).is_err());
        assert_eq!(ring.algorithms(), [SigningAlg::RS256, SigningAlg::PS256]);
        let without = KeyRing::build(&rows[1..], &wrapping()).unwrap();
        assert_eq!(without.verify(&token), None);
    }

    #[test]
    fn a_private_key_opens_only_under_its_wrapping_key_and_kid() {
        let other = WrappingSecret::new([8; 32]).derive(Purpose::SigningKeys);
        assert!(KeyRing::build(&KEYS, &other).is_err());
        let mut swapped = KEYS.clone();
        swapped[0].sealed_private = KEYS[1].sealed_private.clone();
        assert!(KeyRing::build(&swapped, &wrapping()).is_err());
    }

    #[test]
    fn a_key_of_one_algorithm_does_not_verify_another() {
        // RS256 and PS256 keys are both RSA: the header's word is not what decides.
        let (rsa, pss) = (&KEYS[1], &KEYS[2]);
        let token = RING.sign(rsa.alg, "JWT", &claims()).unwrap();
        let public = serde_json::from_str(&rsa.public_jwk).unwrap();
        let mut public: Map<String, Value> = public;
        public.remove("alg");
        let verifier = jwt::verifier(pss.alg, public).unwrap();
        assert_eq!(jwt::verify(&token, &verifier), None);
    }
}
