//! The surface application (券面事項確認): age record, face of the card, information.

use openssl::error::ErrorStack;

use super::{Contents, File, Guard, filled, free};
use crate::{
    soft::cv::{self, SURFACE_ROOT, issuer_id},
    tlv::{element, indexed},
};

const B: &[Guard] = &[Guard::SurfaceB];

pub(super) fn files(c: &Contents) -> Result<Vec<(u16, File)>, ErrorStack> {
    let issuer = issuer_id(&c.printed.city_code, "21");
    let certificate = cv::certificate(&c.issuers.surface_root, SURFACE_ROOT, issuer, &c.issuers.surface)?;
    Ok(vec![
        (0x0001, File::Open(&[Guard::Birth], filled(&age_record(c)?))),
        (0x0002, File::Open(B, filled(&face_record(c)?))),
        (0x0003, free(&information(c))),
        (0x0004, free(&element(0x7F21, &certificate))),
        (0x0005, File::Never("the picture of the individual number")),
        (0x0006, File::Open(B, vec![0xFF; 16])),
        (0x0011, File::Pin(Guard::Birth)),
        (0x0012, File::Pin(Guard::SurfaceB)),
        (0x0013, File::Never("number A of the surface application")),
    ])
}

/// FF10 { DF11 birth date, DF12 the card's key, DF13 signature over both }.
fn age_record(c: &Contents) -> Result<Vec<u8>, ErrorStack> {
    let mut content = element(0xDF11, c.printed.birth_date.as_bytes());
    content.extend(element(0xDF12, &cv::public_key(&c.card_key)?));
    let signature = cv::signature(&c.issuers.surface, &content)?;
    content.extend(element(0xDF13, &signature));
    Ok(element(0xFF10, &content))
}

/// FF20 { DF21 offsets, DF22 birth date, DF23 sex, DF24 the card's key, DF25 name, DF26 address, DF27 photo, DF28
/// signature over the hashes of (DF22-24), (DF25-26), (DF27), DF29 end of the card, DF2A security code }. The last two
/// are not signed.
fn face_record(c: &Contents) -> Result<Vec<u8>, ErrorStack> {
    let p = &c.printed;
    let person = [
        element(0xDF22, p.birth_date.as_bytes()),
        element(0xDF23, p.sex.to_string().as_bytes()),
        element(0xDF24, &cv::public_key(&c.card_key)?),
    ];
    let lines = [element(0xDF25, p.images.name), element(0xDF26, p.images.address)];
    let photo = element(0xDF27, p.images.photo);
    let signature = cv::grouped_signature(&c.issuers.surface, &[&person.concat(), &lines.concat(), &photo])?;
    let mut elements: Vec<Vec<u8>> = person.into_iter().chain(lines).collect();
    elements.push(photo);
    elements.push(element(0xDF28, &signature));
    elements.push(element(0xDF29, p.expiry.as_bytes()));
    elements.push(element(0xDF2A, p.images.security_code));
    Ok(indexed(0xFF20, 0xDF21, &elements))
}

/// FF30 { DF31 version, DF32 key identifier, DF33, DF34 issuing municipality, DF35 }. Unsigned.
fn information(c: &Contents) -> Vec<u8> {
    let opaque = [&b"9900025\x08\x05001\x00\x00\x00\x00"[..], &[0xA5; 256]].concat();
    let parts = [
        element(0xDF31, &[0x06, 0x03, 0x0E, 0x01]),
        element(0xDF32, b"9000024\x08\x05001\x00\x00\x00\x00"),
        element(0xDF33, &[0x00]),
        element(0xDF34, c.printed.city_code.as_bytes()),
        element(0xDF35, &opaque),
    ];
    element(0xFF30, &parts.concat())
}
