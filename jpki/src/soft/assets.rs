//! What is printed on the soft cards, drawn by `assets/soft/draw.py`. The faces are nobody's.

/// The pictures of one card.
#[derive(Clone, Copy)]
pub(super) struct Images {
    pub(super) photo: &'static [u8],
    pub(super) name: &'static [u8],
    pub(super) address: &'static [u8],
    pub(super) security_code: &'static [u8],
}

macro_rules! asset {
    ($($name:expr),+) => { include_bytes!(concat!("../../assets/soft/", $($name),+)) };
}

macro_rules! printed {
    ($asked:expr, $photo:expr, [$($card:literal)+]) => {
        match $asked {
            $($card => Some(Images {
                photo: $photo,
                name: asset!($card, "-name.png"),
                address: asset!($card, "-address.png"),
                security_code: asset!($card, "-code.png"),
            }),)+
            _ => None,
        }
    };
}

const FACES: [&[u8]; 6] = [
    asset!("face-0.jp2"),
    asset!("face-1.jp2"),
    asset!("face-2.jp2"),
    asset!("face-3.jp2"),
    asset!("face-4.jp2"),
    asset!("face-5.jp2"),
];

/// The pictures of that card; none for a card that nobody drew.
pub(super) fn images(card: &str, face: usize) -> Option<Images> {
    let photo = FACES.get(face)?;
    printed!(card, photo, [
        "hanako" "ken" "aoi" "user0" "expired" "revoked" "foreign-ca" "blocked" "child" "child-renewed" "elder" "moved" "renewed"
        "expiring" "partial" "ivs" "overseas" "phone" "next" "login-revoked" "login-foreign"
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soft::people;

    #[test]
    fn every_card_is_drawn() {
        for person in &people::ALL {
            let images = images(person.card, person.face).unwrap();
            assert!(images.photo.starts_with(b"\x00\x00\x00\x0CjP  "), "{}", person.card);
            for png in [images.name, images.address, images.security_code] {
                assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{}", person.card);
                assert_eq!(png[24..26], [1, 0], "one bit, grey");
            }
        }
    }
}
