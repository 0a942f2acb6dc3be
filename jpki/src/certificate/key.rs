//! The two kinds of key that a certificate may hold and its issuer may sign with: RSA as on the cards of today, and
//! the P-384 announced for the next card. Anything else is refused: an algorithm is added here, or nowhere.

use openssl::{
    bn::BigNumContext,
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKey, Public},
    sign::Verifier,
};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::oid;
use crate::Refusal;

/// How something was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// sha256WithRSAEncryption, PKCS#1 v1.5 (RFC 4055 5).
    RsaSha256,
    /// ecdsa-with-SHA384 on P-384 (RFC 5758 3.2).
    P384Sha384,
}

impl Algorithm {
    /// From the field of a certificate, list or answer.
    pub(crate) fn of(field: &AlgorithmIdentifierOwned) -> Result<Self, Refusal> {
        let parameters = field.parameters.as_ref();
        match field.oid {
            // RFC 4055 5: the parameters of this algorithm MUST be NULL.
            oid::SHA256_WITH_RSA if parameters.is_some_and(der::Any::is_null) => Ok(Self::RsaSha256),
            // RFC 5758 3.2: the parameters MUST be absent.
            oid::ECDSA_WITH_SHA384 if parameters.is_none() => Ok(Self::P384Sha384),
            _ => Err(Refusal::WeakKey),
        }
    }

    fn digest(self) -> MessageDigest {
        match self {
            Self::RsaSha256 => MessageDigest::sha256(),
            Self::P384Sha384 => MessageDigest::sha384(),
        }
    }
}

/// A public key of one of the two kinds, strong enough.
pub(crate) struct SoundKey {
    algorithm: Algorithm,
    key: PKey<Public>,
}

impl SoundKey {
    /// RSA of 2048 to 4096 bits with e = 65537, or a point of P-384.
    pub(super) fn new(key: PKey<Public>) -> Result<Self, Refusal> {
        let weak = |_| Refusal::WeakKey;
        let algorithm = match key.id() {
            Id::RSA => {
                let rsa = key.rsa().map_err(weak)?;
                if !(2048..=4096).contains(&rsa.n().num_bits()) || rsa.e().to_vec() != [1, 0, 1] {
                    return Err(Refusal::WeakKey);
                }
                Algorithm::RsaSha256
            }
            Id::EC => {
                let ec = key.ec_key().map_err(weak)?;
                // A named curve only: parameters written out could name a curve that is none.
                if ec.group().curve_name() != Some(Nid::SECP384R1) || ec.check_key().is_err() {
                    return Err(Refusal::WeakKey);
                }
                let mut context = BigNumContext::new().map_err(weak)?;
                if ec.public_key().is_infinity(ec.group())
                    || !ec.public_key().is_on_curve(ec.group(), &mut context).unwrap_or(false)
                {
                    return Err(Refusal::WeakKey);
                }
                Algorithm::P384Sha384
            }
            _ => return Err(Refusal::WeakKey),
        };
        Ok(Self { algorithm, key })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn public(&self) -> &PKey<Public> {
        &self.key
    }

    /// Whether this key made the signature, with the one algorithm of its kind.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = Verifier::new(self.algorithm.digest(), &self.key)
            .and_then(|mut verifier| verifier.verify_oneshot(signature, message));
        checked.unwrap_or(false)
    }
}
