//! The files of the text application, as bytes and as facts.

use sha2::{Digest, Sha256};

use crate::{BasicFour, BirthDate, Refusal, Sex, cv::CardKey, tlv::Elements};

const FOUR: [u16; 4] = [0xDF22, 0xDF23, 0xDF24, 0xDF25];

/// EF 0002: the basic four, and the SHA-256 that the integrity record holds of them (all but the offset table).
pub(crate) fn basic_four(file: &[u8]) -> Result<(BasicFour, [u8; 32]), Refusal> {
    let read = Elements::of_file(file, 0xFF20)?;
    read.offsets_are_true(0xDF21)?;
    let text = |tag: u16| {
        let text = String::from_utf8(read.get(tag)?.to_vec()).map_err(|_| Refusal::UnusableIdentity)?;
        let good = !text.trim().is_empty() && !text.chars().any(char::is_control);
        if good { Ok::<_, Refusal>(text) } else { Err(Refusal::UnusableIdentity) }
    };
    let sex = match read.get(0xDF25)? {
        [digit] => Sex::from_code(digit.wrapping_sub(b'0')),
        _ => None,
    };
    let four = BasicFour {
        name: text(0xDF22)?,
        address: text(0xDF23)?,
        birth_date: BirthDate::from_digits(read.get(0xDF24)?).ok_or(Refusal::UnusableIdentity)?,
        sex: sex.ok_or(Refusal::UnusableIdentity)?,
        // This application does not say.
        name_has_substitutes: false,
        address_has_substitutes: false,
    };
    Ok((four, Sha256::digest(read.bytes(&FOUR)?).into()))
}

/// EF 0007: the chip's own key, when this issuer signed it.
pub(crate) fn own_key(file: &[u8], issuer: &CardKey) -> Result<CardKey, Refusal> {
    let read = Elements::of_file(file, 0xFF50)?;
    if !issuer.signed(read.bytes(&[0xDF51])?, read.get(0xDF52)?) {
        return Err(Refusal::BadSignature);
    }
    CardKey::read(read.get(0xDF51)?)
}

/// EF 0003: whether this issuer signed that digest of the basic four. The caller wipes the file: DF31 is the hash of a
/// number with eleven free digits.
pub(crate) fn integrity(file: &[u8], issuer: &CardKey, digest: &[u8; 32]) -> Result<(), Refusal> {
    let read = Elements::of_file(file, 0xFF30)?;
    let signed = issuer.signed(read.bytes(&[0xDF31, 0xDF32])?, read.get(0xDF33)?);
    if signed && read.get(0xDF32)? == digest { Ok(()) } else { Err(Refusal::BadSignature) }
}
