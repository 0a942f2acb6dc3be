//! Signatures by OpenSSL, beside the library that PASS itself signs with: RS256, PS256, ES256 (RFC 7518 3).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use openssl::{
    bn::BigNum,
    ec::{EcGroup, EcKey},
    ecdsa::EcdsaSig,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private, Public},
    rsa::{Padding, Rsa},
    sign::{RsaPssSaltlen, Signer, Verifier},
};
use serde_json::{Value, json};

/// A signed JWT, taken apart.
pub struct Jwt {
    /// Header.
    pub header: Value,
    /// Payload.
    pub payload: Value,
    signed: String,
    signature: Vec<u8>,
}

impl Jwt {
    /// Reads a compact serialization (RFC 7515 3.1).
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let part = |part: &str| serde_json::from_slice(&BASE64URL.decode(part).ok()?).ok();
        let signature = BASE64URL.decode(signature).ok()?;
        Some(Self { header: part(header)?, payload: part(payload)?, signed: signed.to_owned(), signature })
    }

    /// Whether a key of a JWK set made the signature.
    #[must_use]
    pub fn is_signed_by(&self, jwk: &Value) -> bool {
        self.verified(jwk).unwrap_or(false)
    }

    fn verified(&self, jwk: &Value) -> Option<bool> {
        let alg = self.header["alg"].as_str()?;
        let key = public(jwk)?;
        let mut verifier = Verifier::new(MessageDigest::sha256(), &key).ok()?;
        let signature = match alg {
            "RS256" => self.signature.clone(),
            "PS256" => {
                verifier.set_rsa_padding(Padding::PKCS1_PSS).ok()?;
                verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).ok()?;
                self.signature.clone()
            }
            "ES256" if self.signature.len() == 64 => {
                let half = |range: std::ops::Range<usize>| BigNum::from_slice(&self.signature[range]).ok();
                EcdsaSig::from_private_components(half(0..32)?, half(32..64)?).ok()?.to_der().ok()?
            }
            _ => return None,
        };
        verifier.update(self.signed.as_bytes()).ok()?;
        verifier.verify(&signature).ok()
    }
}

fn public(jwk: &Value) -> Option<PKey<Public>> {
    let number = |name: &str| BigNum::from_slice(&BASE64URL.decode(jwk[name].as_str()?).ok()?).ok();
    match jwk["kty"].as_str()? {
        "RSA" => PKey::from_rsa(Rsa::from_public_components(number("n")?, number("e")?).ok()?).ok(),
        "EC" if jwk["crv"] == "P-256" => {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).ok()?;
            let key = EcKey::from_public_key_affine_coordinates(&group, &*number("x")?, &*number("y")?).ok()?;
            PKey::from_ec_key(key).ok()
        }
        _ => None,
    }
}

/// A relying party's RSA key.
pub struct OwnKey {
    key: PKey<Private>,
    /// Its `kid`.
    pub kid: String,
}

impl OwnKey {
    /// A fresh one of 2048 bits.
    ///
    /// # Panics
    /// OpenSSL cannot make keys.
    #[must_use]
    pub fn new(kid: &str) -> Self {
        let key = Rsa::generate(2048).and_then(PKey::from_rsa).expect("OpenSSL makes keys");
        Self { key, kid: kid.to_owned() }
    }

    /// Its public half as a JWK.
    ///
    /// # Panics
    /// OpenSSL forgets the key it made.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let rsa = self.key.rsa().expect("an RSA key");
        let number = |number: &openssl::bn::BigNumRef| BASE64URL.encode(number.to_vec());
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": number(rsa.n()), "e": number(rsa.e()) })
    }

    /// A JWT with these claims, signed by RS256.
    ///
    /// # Panics
    /// OpenSSL cannot sign.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "RS256", "kid": self.kid });
        let signed = format!("{}.{}", part(&header), part(claims));
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key).expect("OpenSSL signs");
        let signature = signer.sign_oneshot_to_vec(signed.as_bytes()).expect("OpenSSL signs");
        format!("{signed}.{}", BASE64URL.encode(signature))
    }
}

/// A JWT that nobody signed.
#[must_use]
pub fn unsigned(claims: &Value) -> String {
    format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims))
}

fn part(json: &Value) -> String {
    BASE64URL.encode(json.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_under_its_own_key_only() {
        let (one, two) = (OwnKey::new("1"), OwnKey::new("2"));
        let token = one.sign(&json!({ "sub": "x" }));
        let jwt = Jwt::read(&token).expect("a JWT");
        assert!(jwt.is_signed_by(&one.jwk()) && !jwt.is_signed_by(&two.jwk()));
        let other = Jwt::read(&token.replacen('.', "x.", 1));
        assert!(other.is_none_or(|jwt| !jwt.is_signed_by(&one.jwk())));
        assert!(!Jwt::read(&unsigned(&json!({}))).expect("a JWT").is_signed_by(&one.jwk()));
    }

    /// RFC 7515 A.3.
    #[test]
    fn the_es256_example_of_the_rfc_is_good() {
        let token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let key = json!({ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
        assert!(Jwt::read(token).expect("a JWT").is_signed_by(&key));
    }
}
