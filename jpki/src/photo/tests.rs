//! Photos of soft cards, and what somebody could put in their place.

use super::*;

const FACE: &[u8] = include_bytes!("../../assets/soft/face-0.jp2");

#[test]
fn cap_07_the_photo_of_a_card_is_decoded() {
    let photo = decode(FACE).unwrap();
    assert_eq!((photo.width, photo.height, photo.grey.len()), (378, 472, 378 * 472));
    let mean = photo.grey.iter().map(|pixel| u64::from(*pixel)).sum::<u64>() / photo.grey.len() as u64;
    let (darkest, lightest) = (photo.grey.iter().min().unwrap(), photo.grey.iter().max().unwrap());
    assert!((100..230).contains(&mean) && *darkest < 60 && *lightest > 200, "a face, not a surface: {mean}");
}

#[test]
fn cap_07_a_picture_that_asks_for_too_much_is_never_decoded() {
    let at = |marker: &[u8]| FACE.windows(marker.len()).position(|here| here == marker).unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut spoilt = FACE.to_vec();
        spoilt[at..at + bytes.len()].copy_from_slice(bytes);
        decode(&spoilt).err()
    };
    let (header, size, style) = (at(b"ihdr") + 4, at(b"\xFF\x51"), at(b"\xFF\x52"));
    let huge = 60_000u32.to_be_bytes();
    let mut wide = FACE.to_vec();
    for place in [header + 4, size + 6, size + 22] {
        wide[place..place + 4].copy_from_slice(&huge);
    }
    for (what, refused) in [
        ("too wide", decode(&wide).err()),
        ("more layers than any photo", with(style + 6, &[0xFF, 0xFF])),
        ("more levels", with(style + 9, &[32])),
    ] {
        assert_eq!(refused, Some(NoPhoto::Limits), "{what}");
    }
    for (what, refused) in [
        ("tiles of one pixel", with(size + 22, &[0, 0, 0, 1, 0, 0, 0, 1])),
        ("three components", with(size + 38, &[0, 3])),
        ("another size inside", with(size + 6, &[0, 0, 0, 99])),
        ("a style of a component", with(style, &[0xFF, 0x53])),
        ("colour", with(at(b"colr") + 10, &[16])),
        ("nothing", decode(&[]).err()),
        ("a PNG", decode(include_bytes!("../../assets/soft/hanako-name.png")).err()),
    ] {
        assert_eq!(refused, Some(NoPhoto::Form), "{what}");
    }
    assert_eq!(decode(&vec![0; 0x8000]).err(), Some(NoPhoto::Limits));
    for cut in [1, 60, 100, 400, FACE.len() - 1] {
        assert_eq!(decode(&FACE[..cut]).err(), Some(NoPhoto::Form), "{cut}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]
    #[test]
    fn a_spoilt_photo_never_panics(at in 0usize..FACE.len(), bits in proptest::collection::vec(0u8..=255, 1..6)) {
        let mut spoilt = FACE.to_vec();
        for (offset, bit) in bits.into_iter().enumerate() {
            if let Some(byte) = spoilt.get_mut(at + offset) {
                *byte ^= bit;
            }
        }
        let _ = decode(&spoilt);
    }
}
