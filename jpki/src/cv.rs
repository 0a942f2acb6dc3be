//! Card-verifiable certificates and records signed by a card's issuer: how the text and surface applications prove what
//! they hold, without any network.
//!
//! A certificate (`7F21`) is `5F4E` body (identifier of the issuing key, of the certified key, the certified RSA key) and
//! `5F37` signature. It names its root by identifier and does not carry it: [`TextAnchors`] holds the roots.

mod anchors;

pub use anchors::TextAnchors;

use openssl::{
    bn::BigNum,
    hash::MessageDigest,
    pkey::{PKey, Public},
    rsa::{Padding, Rsa},
    sign::Verifier,
};
use sha2::{Digest, Sha256};

use crate::{
    Refusal,
    tlv::{Elements, Malformed},
};

/// The identifier of a key, 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId(pub(crate) [u8; 16]);

impl KeyId {
    /// An identifier as a certificate names it.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl From<Malformed> for Refusal {
    fn from(_: Malformed) -> Self {
        Refusal::MalformedCertificate
    }
}

/// An RSA key of 2048 bits with e = 65537, as cards write it.
#[derive(Clone)]
pub(crate) struct CardKey {
    key: PKey<Public>,
    modulus: Vec<u8>,
}

impl CardKey {
    /// `90` exponent, `91` modulus, and nothing else.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let parts = Elements::of(bytes)?;
        let (exponent, modulus) = (parts.get(0x90)?, parts.get(0x91)?);
        let weak = |_| Refusal::WeakKey;
        if exponent != [1, 0, 1] || modulus.len() != 256 || modulus.first().is_none_or(|byte| byte & 0x80 == 0) {
            return Err(Refusal::WeakKey);
        }
        let n = BigNum::from_slice(modulus).map_err(weak)?;
        let e = BigNum::from_slice(exponent).map_err(weak)?;
        let rsa = Rsa::from_public_components(n, e).map_err(weak)?;
        Ok(Self { key: PKey::from_rsa(rsa).map_err(weak)?, modulus: modulus.to_vec() })
    }

    /// What is one key's own: its modulus.
    pub(crate) fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// PKCS#1 v1.5 with SHA-256 (RFC 8017 8.2.2).
    pub(crate) fn signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Verifier::new(MessageDigest::sha256(), &self.key)
            .and_then(|mut verifier| verifier.verify_oneshot(signature, bytes))
            .unwrap_or(false)
    }

    /// One signature over the concatenated hashes of several groups, in one DigestInfo.
    pub(crate) fn signed_groups(&self, groups: &[&[u8]], signature: &[u8]) -> bool {
        let hashes: Vec<u8> = groups.iter().flat_map(Sha256::digest).collect();
        let mut block = vec![0; 256];
        let opened = self.key.rsa().and_then(|rsa| rsa.public_decrypt(signature, &mut block, Padding::PKCS1));
        opened.is_ok_and(|length| block.get(..length) == Some(&*digest_info(&hashes)))
    }
}

/// DigestInfo that names SHA-256, around 32 bytes or several times as many.
pub(crate) fn digest_info(hashes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(hashes.len()).unwrap_or(u8::MAX);
    let mut info = vec![0x30, length.saturating_add(17)];
    info.extend([0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00]);
    info.extend([0x04, length]);
    info.extend(hashes);
    info
}

/// A certificate that was read, of which nothing is believed yet.
pub(crate) struct Certificate<'a> {
    root: KeyId,
    body: &'a [u8],
    signature: &'a [u8],
    subject: CardKey,
}

impl<'a> Certificate<'a> {
    /// Reads EF 0004: the template `7F21`.
    pub(crate) fn read(file: &'a [u8]) -> Result<Self, Refusal> {
        const IDS: usize = 32;
        let parts = Elements::of_file(file, 0x7F21)?;
        let body = parts.get(0x5F4E)?;
        let (ids, key) = body.split_at_checked(IDS).ok_or(Refusal::MalformedCertificate)?;
        let root = <[u8; 16]>::try_from(&ids[..16]).map_err(|_| Refusal::MalformedCertificate)?;
        Ok(Self { root: KeyId(root), body, signature: parts.get(0x5F37)?, subject: CardKey::read(key)? })
    }

    /// The certified key, unproven: good to see whether the records of one card fit together.
    pub(crate) fn unproven_key(&self) -> &CardKey {
        &self.subject
    }

    /// The certified key, when a root of ours signed it.
    pub(crate) fn proven_key(&self, anchors: &TextAnchors) -> Result<&CardKey, Refusal> {
        let root = anchors.root(&self.root)?;
        if root.signed(self.body, self.signature) { Ok(&self.subject) } else { Err(Refusal::ForeignCa) }
    }
}
