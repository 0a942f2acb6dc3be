//! The file system of a soft card: applications, files, who may read them.

use std::collections::BTreeMap;

/// An application of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum App {
    /// The power-on state, GlobalPlatform issuer security domain.
    Isd,
    Jpki,
    Text,
    Surface,
    Common,
    Resident,
}

impl App {
    const ALL: [App; 6] = [App::Isd, App::Jpki, App::Text, App::Surface, App::Common, App::Resident];

    fn aid(self) -> &'static [u8] {
        match self {
            App::Isd => b"\xA0\x00\x00\x01\x51\x00\x00",
            App::Jpki => b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01",
            App::Text => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08",
            App::Surface => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02",
            App::Common => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00",
            App::Resident => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x01",
        }
    }

    /// A prefix selects too, as on cards.
    pub(super) fn by_aid(aid: &[u8]) -> Option<App> {
        App::ALL.into_iter().find(|app| aid.len() >= 5 && app.aid().starts_with(aid))
    }
}

/// Which secret guards something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    Auth,
    Sign,
    Text,
}

/// One file.
#[derive(Clone)]
pub(super) enum File {
    Free(Vec<u8>),
    Guarded(Guard, Vec<u8>),
    Record(Vec<u8>),
    Pin(Guard),
    Key(Guard),
    /// On the never-list: touching it trips the wire. There is nothing behind it.
    Never(&'static str),
}

/// What a card is made of.
pub(super) struct Contents {
    pub(super) auth_certificate: Vec<u8>,
    pub(super) auth_ca: Vec<u8>,
    pub(super) sign_certificate: Vec<u8>,
    pub(super) sign_ca: Vec<u8>,
    pub(super) basic_four: [String; 4],
    pub(super) city_code: String,
}

pub(super) type Files = BTreeMap<(App, u16), File>;

pub(super) fn files(contents: &Contents) -> Files {
    let c = contents;
    let never = |what| File::Never(what);
    BTreeMap::from([
        ((App::Jpki, 0x0001), File::Guarded(Guard::Sign, filled(&c.sign_certificate))),
        ((App::Jpki, 0x0002), File::Free(filled(&c.sign_ca))),
        ((App::Jpki, 0x0006), File::Free(token_info())),
        ((App::Jpki, 0x0008), File::Free(vec![0x8F, 0x8F, 0x00])),
        ((App::Jpki, 0x000A), File::Free(filled(&c.auth_certificate))),
        ((App::Jpki, 0x000B), File::Free(filled(&c.auth_ca))),
        ((App::Jpki, 0x0016), never("key reference for terminal certificates")),
        ((App::Jpki, 0x0017), File::Key(Guard::Auth)),
        ((App::Jpki, 0x0018), File::Pin(Guard::Auth)),
        ((App::Jpki, 0x001A), File::Key(Guard::Sign)),
        ((App::Jpki, 0x001B), File::Pin(Guard::Sign)),
        ((App::Text, 0x0001), never("the individual number")),
        ((App::Text, 0x0002), File::Guarded(Guard::Text, basic_four(&c.basic_four))),
        ((App::Text, 0x0006), never("secure messaging key")),
        ((App::Text, 0x0011), File::Pin(Guard::Text)),
        ((App::Text, 0x0014), never("number A of the text application")),
        ((App::Surface, 0x0005), never("the picture of the individual number")),
        ((App::Surface, 0x0013), never("number A of the surface application")),
        ((App::Common, 0x0001), File::Record(common_record(&c.city_code))),
        ((App::Common, 0x001C), never("resident register PIN")),
        ((App::Resident, 0x001C), never("resident register PIN")),
    ])
}

/// Files on cards are longer than their content: filler follows, and the length is in the header alone.
fn filled(content: &[u8]) -> Vec<u8> {
    let mut file = content.to_vec();
    file.resize(content.len().next_multiple_of(512) + 256, 0xFF);
    file
}

/// CK_TOKEN_INFO with big-endian integers, 160 bytes.
fn token_info() -> Vec<u8> {
    let padded = |text: &str, width: usize| format!("{text:<width$}").into_bytes();
    let mut info = padded("JPKIAPICCTOKEN2", 32);
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

/// FF20 { DF21 offsets, DF22 name, DF23 address, DF24 birth date, DF25 sex }; the offsets are true.
fn basic_four(values: &[String; 4]) -> Vec<u8> {
    // FF20 and its length (82 xx xx), then DF21 with its eight bytes.
    const HEADER: usize = 5;
    const OFFSETS: usize = 3 + 8;
    let mut body = Vec::new();
    let mut offsets = Vec::new();
    for (tag, value) in (0x22u8..).zip(values) {
        offsets.extend(u16::try_from(HEADER + OFFSETS + body.len()).unwrap_or(u16::MAX).to_be_bytes());
        body.extend(element(tag, value.as_bytes()));
    }
    let mut content = element(0x21, &offsets);
    content.extend(body);
    let mut file = vec![0xFF, 0x20, 0x82];
    file.extend(u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes());
    file.extend(content);
    file.resize(file.len() + 64, 0xFF);
    file
}

fn element(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut element = vec![0xDF, tag];
    match u8::try_from(value.len()) {
        Ok(short) if short < 0x80 => element.push(short),
        Ok(byte) => element.extend([0x81, byte]),
        Err(_) => {
            element.push(0x82);
            element.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    element.extend(value);
    element
}

/// Simple-TLV 01 1C: serial, issuing municipality, expiry.
fn common_record(city_code: &str) -> Vec<u8> {
    let mut record = vec![0x01, 0x1C];
    record.extend(format!("000000000000001{city_code}20350228").into_bytes());
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offsets_point_at_their_elements() {
        for length in [1, 0x7F, 0x80, 0x100] {
            let values = ["n".repeat(length), "a".repeat(200), "19880229".into(), "2".into()];
            let file = basic_four(&values);
            let offsets = &file[8..16];
            for (i, tag) in (0x22u8..0x26).enumerate() {
                let at = usize::from(u16::from_be_bytes([offsets[2 * i], offsets[2 * i + 1]]));
                assert_eq!(file[at..at + 2], [0xDF, tag]);
            }
        }
    }

    #[test]
    fn token_info_has_its_size_and_label() {
        assert_eq!(token_info().len(), 160);
        assert!(token_info().starts_with(b"JPKIAPICCTOKEN2 "));
    }
}
