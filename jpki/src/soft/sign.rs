//! COMPUTE SIGNATURE as the card does it: P1 says who hashes and who pads. An elliptic key signs a SHA-384 hash as given.

use openssl::{
    ecdsa::EcdsaSig,
    error::ErrorStack,
    hash::{MessageDigest, hash},
    md::Md,
    pkey::{PKey, Private},
    pkey_ctx::PkeyCtx,
    rsa::{Padding, Rsa},
    sign::RsaPssSaltlen,
};

use crate::apdu::SHA256_DIGEST_INFO;

/// Status word, when the data do not fit the wish.
pub(super) const BAD_LENGTH: u16 = 0x6700;
pub(super) const BAD_PARAMETERS: u16 = 0x6A86;
const FAILED: u16 = 0x6F00;

pub(super) fn signature(key: &PKey<Private>, p1: u8, data: &[u8]) -> Result<Vec<u8>, u16> {
    if let Ok(elliptic) = key.ec_key() {
        return match (p1, data.len()) {
            (0x00, 48) => EcdsaSig::sign(data, &elliptic).and_then(|made| made.to_der()).map_err(|_| FAILED),
            (0x00, _) => Err(BAD_LENGTH),
            _ => Err(BAD_PARAMETERS),
        };
    }
    let digest = || hash(MessageDigest::sha256(), data).map_err(|_| FAILED);
    let given = || <&[u8; 32]>::try_from(data).map_err(|_| BAD_LENGTH);
    match p1 {
        0x00 if (1..=245).contains(&data.len()) => pkcs1(key, data),
        0x00 => Err(BAD_LENGTH),
        0x01 => pkcs1(key, &digest()?),
        0x02 => pkcs1(key, &[&SHA256_DIGEST_INFO[..], given()?].concat()),
        0x03 => pkcs1(key, &[&SHA256_DIGEST_INFO[..], &digest()?].concat()),
        0x04 => pss(key, given()?).map_err(|_| FAILED),
        0x05 => pss(key, &digest()?).map_err(|_| FAILED),
        _ => Err(BAD_PARAMETERS),
    }
}

fn pkcs1(key: &PKey<Private>, block: &[u8]) -> Result<Vec<u8>, u16> {
    let encrypt = |rsa: Rsa<Private>| {
        let mut out = vec![0; rsa.size() as usize];
        let length = rsa.private_encrypt(block, &mut out, Padding::PKCS1)?;
        out.truncate(length);
        Ok::<_, ErrorStack>(out)
    };
    key.rsa().and_then(encrypt).map_err(|_| FAILED)
}

fn pss(key: &PKey<Private>, digest: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.sign_init()?;
    context.set_rsa_padding(Padding::PKCS1_PSS)?;
    context.set_signature_md(Md::sha256())?;
    context.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    let mut out = Vec::new();
    context.sign_to_vec(digest, &mut out)?;
    Ok(out)
}
