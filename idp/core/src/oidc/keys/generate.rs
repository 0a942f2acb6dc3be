//! New keys. OpenSSL draws its own randomness here: the injected one cannot reach inside its generators.

use super::thumbprint;
use crate::domain::client::SigningAlg;
use crate::domain::key::{KeyState, StoredKey};
use crate::fault::{Fault, Outcome};
use crate::id::KeyId;
use crate::seal::Key;
use crate::secret::base64url;
use crate::{Entropy, Time};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// RFC 7518 3.3: "A key of size 2048 bits or larger MUST be used".
const RSA_BITS: u32 = 2048;
/// Coordinates of P-256 in octets (RFC 7518 6.2.1.2).
const P256_OCTETS: i32 = 32;

/// What a new key is for.
#[derive(Clone, Copy, Debug)]
pub struct NewKey {
    /// Its algorithm.
    pub alg: SigningAlg,
    /// Where it stands.
    pub state: KeyState,
    /// When it is made.
    pub now: Time,
}

/// Makes a key and seals its private part under the key for `Purpose::SigningKeys`.
pub fn generate(new: NewKey, wrapping: &Key, entropy: &dyn Entropy) -> Outcome<StoredKey> {
    let (private, mut jwk) = match new.alg {
        SigningAlg::ES256 => p256(),
        SigningAlg::RS256 | SigningAlg::PS256 => rsa(),
    }
    .map_err(|cause| Fault::because("make a signing key", cause))?;
    let kid = thumbprint(&jwk).ok_or_else(|| Fault::new("make a signing key: its JWK is incomplete"))?;
    for (name, value) in [("kid", kid.as_str()), ("alg", new.alg.as_str()), ("use", "sig")] {
        jwk.insert(name.into(), value.into());
    }
    let der = private.private_key_to_pkcs8().map_err(|cause| Fault::because("encode a signing key", cause))?;
    let der = Zeroizing::new(der);
    Ok(StoredKey {
        id: KeyId::new(new.now, entropy),
        alg: new.alg,
        state: new.state,
        public_jwk: Value::Object(jwk).to_string(),
        sealed_private: wrapping.seal(&context(&kid), &der, entropy),
        kid,
        created_at: new.now,
        retired_at: None,
    })
}

/// The context under which a private key is sealed: it opens only as the key of its own `kid`.
pub(super) fn context(kid: &str) -> Vec<u8> {
    [b"signing key ", kid.as_bytes()].concat()
}

type Made = Result<(PKey<Private>, Map<String, Value>), openssl::error::ErrorStack>;

fn p256() -> Made {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let key = EcKey::generate(&group)?;
    let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
    key.public_key().affine_coordinates(&group, &mut x, &mut y, &mut *BigNumContext::new()?)?;
    let (x, y) = (x.to_vec_padded(P256_OCTETS)?, y.to_vec_padded(P256_OCTETS)?);
    let jwk = members([("kty", "EC".into()), ("crv", "P-256".into()), ("x", base64url(&x)), ("y", base64url(&y))]);
    Ok((PKey::from_ec_key(key)?, jwk))
}

fn rsa() -> Made {
    let key = Rsa::generate(RSA_BITS)?;
    let jwk =
        members([("kty", "RSA".into()), ("n", base64url(&key.n().to_vec())), ("e", base64url(&key.e().to_vec()))]);
    Ok((PKey::from_rsa(key)?, jwk))
}

fn members<const N: usize>(members: [(&str, String); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}
