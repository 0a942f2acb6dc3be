//! Card-verifiable certificates and issuer-signed records of the text and surface applications: a test hierarchy in the
//! shape of the real one, under key identifiers that no real card uses.

use openssl::{
    error::ErrorStack,
    hash::MessageDigest,
    pkey::{PKey, Private},
    rsa::Padding,
    sign::Signer,
};
use sha2::{Digest, Sha256};

use crate::{cv::KeyId, tlv::element};

/// The keys behind the applications' records: one root and one issuer (the municipality) for each application.
pub(super) struct Issuers {
    pub(super) text_root: PKey<Private>,
    pub(super) text: PKey<Private>,
    pub(super) surface_root: PKey<Private>,
    pub(super) surface: PKey<Private>,
}

/// Root of the text application's records, of the surface application's, of the card level.
pub(super) const TEXT_ROOT: KeyId = root_id(b"9000033", 0x00);
pub(super) const SURFACE_ROOT: KeyId = root_id(b"9000023", 0x00);
pub(super) const CARD_ROOT: KeyId = root_id(b"9000020", 0xA8);

const fn root_id(number: &[u8; 7], last: u8) -> KeyId {
    let mut id = *b"0000000\x08\x05001\x00\x00\x00\x00";
    let mut i = 0;
    while i < 7 {
        id[i] = number[i];
        i += 1;
    }
    id[15] = last;
    KeyId(id)
}

/// The identifier of a municipality's key: its code and two digits.
pub(super) fn issuer_id(city_code: &str, kind: &str) -> KeyId {
    let mut id = *b"0000000\x08\x05000\x00\x00\x00\x00";
    id[..7].copy_from_slice(format!("{city_code:0>5.5}{kind:0>2.2}").as_bytes());
    KeyId(id)
}

/// `90` exponent, `91` modulus.
pub(super) fn public_key(key: &PKey<Private>) -> Result<Vec<u8>, ErrorStack> {
    let rsa = key.rsa()?;
    let modulus = rsa.n().to_vec_padded(256)?;
    Ok([element(0x90, &[1, 0, 1]), element(0x91, &modulus)].concat())
}

/// `5F4E` body and `5F37` signature, without the template.
pub(super) fn certificate(
    root: &PKey<Private>,
    root_id: KeyId,
    subject_id: KeyId,
    subject: &PKey<Private>,
) -> Result<Vec<u8>, ErrorStack> {
    let body = [&root_id.0[..], &subject_id.0, &public_key(subject)?].concat();
    Ok([element(0x5F4E, &body), element(0x5F37, &signature(root, &body)?)].concat())
}

/// PKCS#1 v1.5 with SHA-256 over the bytes.
pub(super) fn signature(key: &PKey<Private>, bytes: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    Signer::new(MessageDigest::sha256(), key)?.sign_oneshot_to_vec(bytes)
}

/// One signature over the hashes of several groups, concatenated in one DigestInfo.
pub(super) fn grouped_signature(key: &PKey<Private>, groups: &[&[u8]]) -> Result<Vec<u8>, ErrorStack> {
    let hashes: Vec<u8> = groups.iter().flat_map(Sha256::digest).collect();
    let rsa = key.rsa()?;
    let mut out = vec![0; rsa.size() as usize];
    let length = rsa.private_encrypt(&crate::cv::digest_info(&hashes), &mut out, Padding::PKCS1)?;
    out.truncate(length);
    Ok(out)
}
