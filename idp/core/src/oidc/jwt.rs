//! Compact JWS and JWE over josekit. No claim is read through josekit: its validator accepts tokens without
//! `exp` or `aud` and panics on huge numbers. Claims are checked by those who want them, with `Numeric` below.
//!
//! RFC 7515 3.1, RFC 7519 7.2. Left out: decryption, `crit` extensions (refused).

use crate::Time;
use crate::domain::client::{Encryption, KeyManagementAlg, SigningAlg};
use crate::fault::{Fault, Outcome};
use crate::secret::from_base64url;
use josekit::jwe::{self, ECDH_ES, ECDH_ES_A128KW, ECDH_ES_A256KW, JweEncrypter, JweHeader, RSA_OAEP, RSA_OAEP_256};
use josekit::jwk::Jwk;
use josekit::jws::{self, ES256, JwsHeader, JwsSigner, JwsVerifier, PS256, RS256};
use openssl::pkey::PKey;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// A parsed private key with its algorithm.
pub(super) type Signer = Box<dyn JwsSigner>;
/// A parsed public key with its algorithm.
pub(super) type Verifier = Box<dyn JwsVerifier>;

/// Longest token that is looked at.
const MAX_TOKEN: usize = 16_384;
/// NumericDates of the year 9999 and later are no dates.
const END_OF_TIME: f64 = 253_402_300_800.0;

/// A signer from a PKCS#8 key.
pub(super) fn signer(alg: SigningAlg, pkcs8: &[u8], kid: &str) -> Outcome<Signer> {
    let fault = |cause| Fault::because(format!("parse the signing key {kid}"), cause);
    Ok(match alg {
        SigningAlg::ES256 => {
            let mut signer = ES256.signer_from_der(pkcs8).map_err(fault)?;
            signer.set_key_id(kid);
            Box::new(signer)
        }
        SigningAlg::RS256 => {
            let mut signer = RS256.signer_from_der(pkcs8).map_err(fault)?;
            signer.set_key_id(kid);
            Box::new(signer)
        }
        SigningAlg::PS256 => {
            // josekit takes a plain RSA key for PSS only as PKCS#1.
            let mut signer = PS256.signer_from_der(pkcs1(pkcs8, kid)?).map_err(fault)?;
            signer.set_key_id(kid);
            Box::new(signer)
        }
    })
}

fn pkcs1(pkcs8: &[u8], kid: &str) -> Outcome<Zeroizing<Vec<u8>>> {
    let rsa = PKey::private_key_from_pkcs8(pkcs8).and_then(|key| key.rsa()).and_then(|rsa| rsa.private_key_to_der());
    rsa.map(Zeroizing::new).map_err(|cause| Fault::because(format!("parse the signing key {kid}"), cause))
}

/// A verifier from a public JWK, bound to one algorithm.
pub(super) fn verifier(alg: SigningAlg, jwk: Map<String, Value>) -> Outcome<Verifier> {
    let fault = |cause| Fault::because("parse a public key", cause);
    let jwk = Jwk::from_map(jwk).map_err(fault)?;
    Ok(match alg {
        SigningAlg::ES256 => Box::new(ES256.verifier_from_jwk(&jwk).map_err(fault)?),
        SigningAlg::RS256 => Box::new(RS256.verifier_from_jwk(&jwk).map_err(fault)?),
        SigningAlg::PS256 => Box::new(PS256.verifier_from_jwk(&jwk).map_err(fault)?),
    })
}

/// Signs claims.
pub(super) fn sign(claims: &Map<String, Value>, typ: &str, signer: &Signer) -> Outcome<String> {
    let mut header = JwsHeader::new();
    header.set_token_type(typ);
    let payload = serde_json::to_vec(claims).map_err(|cause| Fault::because("write the claims of a token", cause))?;
    jws::serialize_compact(&payload, &header, signer.as_ref()).map_err(|cause| Fault::because("sign a token", cause))
}

/// Encrypts a signed token (RFC 7516 7.1; nested, RFC 7519 5.2). Never compressed.
pub(super) fn encrypt(token: &str, encryption: Encryption, jwk: Map<String, Value>) -> Outcome<String> {
    let fault = |cause| Fault::because("encrypt a token", cause);
    let mut header = JweHeader::new();
    header.set_content_encryption(encryption.enc.as_str());
    header.set_content_type("JWT");
    if let Some(kid) = jwk.get("kid").and_then(Value::as_str) {
        header.set_key_id(kid);
    }
    let jwk = Jwk::from_map(jwk).map_err(fault)?;
    let encrypter: Box<dyn JweEncrypter> = match encryption.alg {
        KeyManagementAlg::EcdhEs => Box::new(ECDH_ES.encrypter_from_jwk(&jwk).map_err(fault)?),
        KeyManagementAlg::EcdhEsA128Kw => Box::new(ECDH_ES_A128KW.encrypter_from_jwk(&jwk).map_err(fault)?),
        KeyManagementAlg::EcdhEsA256Kw => Box::new(ECDH_ES_A256KW.encrypter_from_jwk(&jwk).map_err(fault)?),
        KeyManagementAlg::RsaOaep => Box::new(RSA_OAEP.encrypter_from_jwk(&jwk).map_err(fault)?),
        KeyManagementAlg::RsaOaep256 => Box::new(RSA_OAEP_256.encrypter_from_jwk(&jwk).map_err(fault)?),
    };
    jwe::serialize_compact(token.as_bytes(), &header, encrypter.as_ref()).map_err(fault)
}

/// The header of a token, unverified: to choose a key by.
pub(super) fn header(token: &str) -> Option<Map<String, Value>> {
    part(token, 0)
}

/// The claims of a token, unverified: to learn who speaks before the key is known.
pub(super) fn unverified_claims(token: &str) -> Option<Map<String, Value>> {
    part(token, 1)
}

fn part(token: &str, index: usize) -> Option<Map<String, Value>> {
    if token.len() > MAX_TOKEN || token.split('.').count() != 3 {
        return None;
    }
    serde_json::from_slice(&from_base64url(token.split('.').nth(index)?)?).ok()
}

/// Header and claims, if the signature holds.
pub(super) fn verify(token: &str, verifier: &Verifier) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let header = header(token)?;
    // RFC 7515 4.1.11, RFC 7797, RFC 8725 3.6: extensions and compression are not understood.
    if ["crit", "b64", "zip", "enc"].iter().any(|member| header.contains_key(*member)) {
        return None;
    }
    // josekit refuses another `alg` too; this line does not depend on it (RFC 8725 3.1).
    if header.get("alg")?.as_str()? != verifier.algorithm().name() {
        return None;
    }
    let (payload, _) = jws::deserialize_compact(token, verifier.as_ref()).ok()?;
    Some((header, serde_json::from_slice(&payload).ok()?))
}

/// A NumericDate of a foreign token (RFC 7519 2): a number in a sane range, or nothing.
pub(super) fn numeric_date(claims: &Map<String, Value>, name: &str) -> Option<Time> {
    let seconds = claims.get(name)?.as_f64()?;
    (0.0..END_OF_TIME).contains(&seconds).then(|| Time::from_seconds(seconds as i64))
}
