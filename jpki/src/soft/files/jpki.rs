//! The JPKI application: two certificates, their authorities, token information, keys and secrets.

use super::{Body, Contents, File, Guard, Key, filled, free};

const PRESENT: u8 = 0x8F;

pub(super) fn files(c: &Contents) -> Vec<(u16, File)> {
    let mark = if c.sign_certificate.is_some() { PRESENT } else { 0x00 };
    // On phone tokens the certificate for login is behind its PIN.
    let auth: &'static [Guard] = if c.body == Body::Phone { &[Guard::Auth] } else { &[] };
    // A card without the certificate has the file all the same, without content.
    let sign = c.sign_certificate.as_ref().map_or_else(|| vec![0xFF; 2048], |der| filled(der));
    vec![
        (0x0001, File::Open(&[Guard::Sign], sign)),
        (0x0002, free(&c.sign_ca)),
        (0x0006, File::Open(&[], token_info(c.body))),
        (0x0008, File::Open(&[], vec![mark, PRESENT, 0x00])),
        (0x000A, File::Open(auth, filled(&c.auth_certificate))),
        (0x000B, free(&c.auth_ca)),
        (0x0016, File::Never("key reference for terminal certificates")),
        (0x0017, File::Key(Key::Auth)),
        (0x0018, File::Pin(Guard::Auth)),
        (0x001A, File::Key(Key::Sign)),
        (0x001B, File::Pin(Guard::Sign)),
    ]
}

/// CK_TOKEN_INFO with big-endian integers, 160 bytes.
fn token_info(body: Body) -> Vec<u8> {
    let label = match body {
        Body::Card => "JPKIAPICCTOKEN2",
        Body::Phone => "JPKIAPGPSETOKEN",
        // Nobody outside knows the next card's label.
        Body::Next => "JPKIAPICCTOKEN3",
    };
    let padded = |text: &str, width: usize| format!("{text:<width$}").into_bytes();
    let mut info = padded(label, 32);
    info.extend(padded("JPKI-TEST soft card", 32));
    info.extend(padded("", 16));
    info.extend(padded("", 16));
    for number in [0x0000_040Du32, 0, 0, 0, 0, 16, 4, 0, 0, 0, 0] {
        info.extend(number.to_be_bytes());
    }
    info.extend([1, 0, 1, 0]);
    info.extend(padded("", 16));
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_info_has_its_size_and_label() {
        for body in [Body::Card, Body::Phone, Body::Next] {
            assert_eq!(token_info(body).len(), 160);
        }
        assert!(token_info(Body::Card).starts_with(b"JPKIAPICCTOKEN2 "));
    }
}
