//! A drawn face for tests and for browsers' fake cameras: no person's photograph is needed to prove the plumbing. It
//! proves no recognition (another drawing would match too) and no liveness (a cartoon is called live).

mod canvas;
pub mod find;
mod variants;
mod y4m;

pub use variants::{blank, blindfolded, blurred, dark, face, facing, masked, small, turned, two};
pub use y4m::{from_jpeg, y4m};

use std::io::Cursor;

pub use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;

/// A picture as a camera page would send it.
pub fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image
        .write_with_encoder(JpegEncoder::new_with_quality(&mut Cursor::new(&mut bytes), 92))
        .expect("writing to memory");
    bytes
}
