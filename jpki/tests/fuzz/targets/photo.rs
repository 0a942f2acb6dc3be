//! The photo of a card.

use jpki::photo;

pub fn run(data: &[u8]) {
    if let Ok(photo) = photo::decode(data) {
        assert!(photo.width <= 1024 && photo.height <= 1024);
        assert_eq!(photo.grey.len() as u64, u64::from(photo.width) * u64::from(photo.height));
    }
}
