//! The text application (券面事項入力補助): basic four, integrity record, and the card's own key.
//!
//! The number itself is not there: behind its file lies the tripwire, and DF31, which on a real card is its hash, is the
//! hash of something that was never a number.

use openssl::error::ErrorStack;
use sha2::{Digest, Sha256};

use super::{Contents, File, Guard, Key, Printed, filled, free};
use crate::{
    soft::cv::{self, TEXT_ROOT, issuer_id},
    tlv::{element, indexed},
};

/// Number A opens these too on a real card; the soft card knows none.
const EITHER: &[Guard] = &[Guard::TextPin, Guard::TextB];

pub(super) fn files(c: &Contents) -> Result<Vec<(u16, File)>, ErrorStack> {
    let four = four_elements(&c.printed);
    let issuer = issuer_id(&c.printed.city_code, "31");
    let certificate = cv::certificate(&c.issuers.text_root, TEXT_ROOT, issuer, &c.issuers.text)?;
    Ok(vec![
        (0x0001, File::Never("the individual number")),
        (0x0002, File::Open(EITHER, filled(&indexed(0xFF20, 0xDF21, &four)))),
        (0x0003, File::Open(EITHER, filled(&integrity(c, &four)?))),
        (0x0004, free(&element(0x7F21, &certificate))),
        (0x0005, free(&application_info())),
        (0x0006, File::Never("secure messaging key")),
        (0x0007, File::Open(EITHER, filled(&own_key(c)?))),
        (0x0008, File::Open(&[], vec![0xFF; 16])),
        (0x0011, File::Pin(Guard::TextPin)),
        (0x0012, File::Pin(Guard::TextUnused)),
        (0x0013, File::Key(Key::Card)),
        (0x0014, File::Never("number A of the text application")),
        (0x0015, File::Pin(Guard::TextB)),
    ])
}

/// DF22 name, DF23 address, DF24 birth date, DF25 sex.
fn four_elements(printed: &Printed) -> Vec<Vec<u8>> {
    vec![
        element(0xDF22, printed.name.as_bytes()),
        element(0xDF23, printed.address.as_bytes()),
        element(0xDF24, printed.birth_date.as_bytes()),
        element(0xDF25, printed.sex.to_string().as_bytes()),
    ]
}

/// FF30 { DF31, DF32 hash of the basic four without their offsets, DF33 signature over what precedes }.
fn integrity(c: &Contents, four: &[Vec<u8>]) -> Result<Vec<u8>, ErrorStack> {
    let no_number = Sha256::digest(format!("soft card {} holds no number", c.printed.serial));
    let mut content = element(0xDF31, &no_number);
    content.extend(element(0xDF32, &Sha256::digest(four.concat())));
    let signature = cv::signature(&c.issuers.text, &content)?;
    content.extend(element(0xDF33, &signature));
    Ok(element(0xFF30, &content))
}

/// FF40 { DF41 version, DF42 key identifier, DF43 }.
fn application_info() -> Vec<u8> {
    let mut last = vec![0xFF; 128];
    last[..32].copy_from_slice(&Sha256::digest("soft card"));
    let parts = [
        element(0xDF41, &[0x01, 0x03, 0x0E, 0x01]),
        element(0xDF42, b"9000034\x08\x05001\x00\x00\x00\x00"),
        element(0xDF43, &last),
    ];
    element(0xFF40, &parts.concat())
}

/// FF50 { DF51 public key, DF52 signature over DF51 }.
fn own_key(c: &Contents) -> Result<Vec<u8>, ErrorStack> {
    let mut content = element(0xDF51, &cv::public_key(&c.card_key)?);
    let signature = cv::signature(&c.issuers.text, &content)?;
    content.extend(element(0xDF52, &signature));
    Ok(element(0xFF50, &content))
}
