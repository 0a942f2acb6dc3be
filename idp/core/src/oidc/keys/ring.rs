//! The key ring: every signer, verifier and the JWKS document, built once for each change of the keys and then shared.

use super::generate::context;
use crate::domain::client::SigningAlg;
use crate::domain::key::{KeyState, StoredKey};
use crate::fault::{Fault, Outcome};
use crate::oidc::jwt;
use crate::seal::Key;
use crate::secret::base64url;
use josekit::jws::{JwsSigner, JwsVerifier};
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
    signers: HashMap<SigningAlg, Box<dyn JwsSigner>>,
    verifiers: HashMap<String, Box<dyn JwsVerifier>>,
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
        jwt::sign(claims, typ, signer.as_ref())
    }

    /// The claims of a token that one of these keys signed.
    pub fn verify(&self, token: &str) -> Option<Verified> {
        let header = jwt::header(token)?;
        let verifier = self.verifiers.get(header.get("kid")?.as_str()?)?;
        let (header, claims) = jwt::verify(token, verifier.as_ref())?;
        let typ = header.get("typ").and_then(Value::as_str).map(str::to_owned);
        Some(Verified { typ, claims })
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
