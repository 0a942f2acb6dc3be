//! The two kinds of key that a certificate may hold and its issuer may sign with: RSA as on the cards of today, and
//! the P-384 announced for the next card. Anything else is refused: an algorithm is added here, or nowhere.

use der::{Decode, Sequence, asn1::UintRef};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey, EcPoint},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Public},
    rsa::Rsa,
    sign::Verifier,
};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

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
    /// RSA of 2048 to 4096 bits with e = 65537, or a point of P-384. Opened from the numbers themselves: OpenSSL's own way from a
    /// certificate to its key costs more than both signatures of a proof together.
    pub(super) fn open(field: &SubjectPublicKeyInfoOwned) -> Result<Self, Refusal> {
        let bits = field.subject_public_key.as_bytes().ok_or(Refusal::WeakKey)?;
        let parameters = field.algorithm.parameters.as_ref();
        match field.algorithm.oid {
            // RFC 3279 2.3.1: the parameters MUST be NULL.
            oid::RSA if parameters.is_some_and(der::Any::is_null) => rsa(bits),
            // RFC 5480 2.1.1: a named curve only; parameters written out could name a curve that is none.
            oid::EC if parameters.is_some_and(|curve| curve.decode_as() == Ok(oid::P384)) => p384(bits),
            _ => Err(Refusal::WeakKey),
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether this key made the signature, with the one algorithm of its kind.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = Verifier::new(self.algorithm.digest(), &self.key)
            .and_then(|mut verifier| verifier.verify_oneshot(signature, message));
        checked.unwrap_or(false)
    }
}

/// RFC 8017 A.1.1.
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

fn rsa(bits: &[u8]) -> Result<SoundKey, Refusal> {
    let numbers = RsaPublicKey::from_der(bits).map_err(|_| Refusal::WeakKey)?;
    let opened = |numbers: &RsaPublicKey<'_>| -> Result<_, ErrorStack> {
        let (n, e) =
            (BigNum::from_slice(numbers.modulus.as_bytes())?, BigNum::from_slice(numbers.exponent.as_bytes())?);
        let length = n.num_bits();
        Ok((length, PKey::from_rsa(Rsa::from_public_components(n, e)?)?))
    };
    let (length, key) = opened(&numbers).map_err(|_| Refusal::WeakKey)?;
    if !(2048..=4096).contains(&length) || numbers.exponent.as_bytes() != [1, 0, 1] {
        return Err(Refusal::WeakKey);
    }
    Ok(SoundKey { algorithm: Algorithm::RsaSha256, key })
}

fn p384(bits: &[u8]) -> Result<SoundKey, Refusal> {
    // RFC 5480 2.2: uncompressed or compressed; the hybrid form MUST NOT be used.
    if !matches!(bits.first(), Some(2..=4)) {
        return Err(Refusal::WeakKey);
    }
    let opened = || -> Result<_, ErrorStack> {
        let mut context = BigNumContext::new()?;
        let group = EcGroup::from_curve_name(Nid::SECP384R1)?;
        let point = EcPoint::from_bytes(&group, bits, &mut context)?;
        let key = EcKey::from_public_key(&group, &point)?;
        // On the curve, not its infinity, and of its order.
        key.check_key()?;
        PKey::from_ec_key(key)
    };
    opened().map(|key| SoundKey { algorithm: Algorithm::P384Sha384, key }).map_err(|_| Refusal::WeakKey)
}
