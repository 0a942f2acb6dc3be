//! One P-256 key outside the key ring: the one that PASS proves itself with at the national service, and the demo counterpart's.
//!
//! Compact JWS with ES256 (RFC 7515, RFC 7518 3.4), nothing else.

use super::jwt;
use super::keys::thumbprint;
use crate::domain::client::SigningAlg;
use crate::fault::{Fault, Outcome};
use crate::secret::base64url;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use serde_json::{Map, Value, json};
use std::fmt;

/// Coordinates of P-256 in octets (RFC 7518 6.2.1.2).
const OCTETS: i32 = 32;

/// A private key that signs.
pub struct SigningKey {
    signer: jwt::Signer,
    jwk: Map<String, Value>,
    kid: String,
}

impl SigningKey {
    /// A new key as PEM (PKCS#8). OpenSSL draws its own randomness.
    pub fn generate() -> Outcome<String> {
        let made = || {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
            PKey::from_ec_key(EcKey::generate(&group)?)?.private_key_to_pem_pkcs8()
        };
        let pem = made().map_err(|cause| Fault::because("make a P-256 key", cause))?;
        String::from_utf8(pem).map_err(|cause| Fault::because("make a P-256 key", cause))
    }

    /// From PEM. `kid` is the name the other side knows it by; without one it is its thumbprint (RFC 7638).
    pub fn from_pem(pem: &[u8], kid: Option<&str>) -> Outcome<Self> {
        let fault = |cause| Fault::because("read a private key (PEM, P-256)", cause);
        let key = PKey::private_key_from_pem(pem).map_err(fault)?;
        let mut jwk = public(&key).map_err(fault)?.ok_or_else(|| Fault::new("the private key is not on P-256"))?;
        let own = thumbprint(&jwk).ok_or_else(|| Fault::new("the private key has no public half"))?;
        let kid = kid.map_or(own, str::to_owned);
        for (name, value) in [("kid", kid.as_str()), ("alg", "ES256"), ("use", "sig")] {
            jwk.insert(name.into(), value.into());
        }
        let signer = jwt::signer(SigningAlg::ES256, &key.private_key_to_pkcs8().map_err(fault)?, &kid)?;
        Ok(Self { signer, jwk, kid })
    }

    /// Its name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, as a JWK.
    pub const fn public_jwk(&self) -> &Map<String, Value> {
        &self.jwk
    }

    /// The public half, as a JWK Set.
    pub fn public_set(&self) -> Value {
        json!({ "keys": [self.jwk] })
    }

    /// Signs claims.
    pub fn sign(&self, claims: &Map<String, Value>, typ: &str) -> Outcome<String> {
        jwt::sign(claims, typ, &self.signer)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

/// The claims of a token, if this public key signed it with ES256.
pub fn verify(token: &str, jwk: &Map<String, Value>) -> Option<Map<String, Value>> {
    let verifier = jwt::verifier(SigningAlg::ES256, jwk.clone()).ok()?;
    jwt::verify(token, &verifier).map(|(_, claims)| claims)
}

fn public(key: &PKey<Private>) -> Result<Option<Map<String, Value>>, openssl::error::ErrorStack> {
    let Ok(key) = key.ec_key() else { return Ok(None) };
    if key.group().curve_name() != Some(Nid::X9_62_PRIME256V1) {
        return Ok(None);
    }
    let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
    key.public_key().affine_coordinates(key.group(), &mut x, &mut y, &mut *BigNumContext::new()?)?;
    let (x, y) = (base64url(&x.to_vec_padded(OCTETS)?), base64url(&y.to_vec_padded(OCTETS)?));
    let members = [("kty", "EC".to_owned()), ("crv", "P-256".to_owned()), ("x", x), ("y", y)];
    Ok(Some(members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_04_what_it_signs_its_public_half_verifies() {
        let key = SigningKey::from_pem(SigningKey::generate().unwrap().as_bytes(), None).unwrap();
        let other = SigningKey::from_pem(SigningKey::generate().unwrap().as_bytes(), Some("7")).unwrap();
        let claims = Map::from_iter([("sub".to_owned(), Value::from("a"))]);
        let token = key.sign(&claims, "JWT").unwrap();
        assert_eq!(verify(&token, key.public_jwk()), Some(claims));
        assert_eq!(verify(&token, other.public_jwk()), None);
        assert_eq!((key.kid().len(), other.kid()), (43, "7"));
        assert_eq!(other.public_jwk()["kid"], "7");
        assert!(!key.public_set().to_string().contains("\"d\""));
        assert!(SigningKey::from_pem(b"nothing", None).is_err());
    }
}
