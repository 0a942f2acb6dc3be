//! The photo of a card: a greyscale JPEG 2000, looked through before it is decoded.
//!
//! The bytes come from a card that somebody brought. So nothing is decoded but what photos on cards are: one component
//! of eight bits, one tile, a bounded number of pixels, layers and levels, and no marker beyond the few they use.
//! What may be spent on it is thereby known before the decoder is asked.

mod stream;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

/// A decoded photo.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// One byte for each pixel, row by row; 0 is black.
    pub grey: Vec<u8>,
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Photo({}x{})", self.width, self.height)
    }
}

/// The bytes are no photo of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPhoto {
    /// Larger than any photo on a card, or asking for more work than one.
    #[error("beyond the limits of a photo on a card")]
    Limits,
    /// Not a greyscale JPEG 2000 in the form that cards use.
    #[error("not the JPEG 2000 of a card")]
    Form,
}

/// No file on a card is longer (ISO 7816-4: offsets of 15 bits).
const LONGEST: usize = 0x7FFF;
/// Cards of today have 378 by 472.
const WIDEST: u32 = 1024;

/// Decodes the photo of a card.
///
/// # Errors
/// The bytes are beyond the limits, or no such picture.
pub fn decode(jp2: &[u8]) -> Result<Photo, NoPhoto> {
    if jp2.len() > LONGEST {
        return Err(NoPhoto::Limits);
    }
    let size = stream::check(jp2)?;
    if size.0 > WIDEST || size.1 > WIDEST {
        return Err(NoPhoto::Limits);
    }
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(jp2, &settings).map_err(|_| NoPhoto::Form)?;
    if (image.width(), image.height()) != size || image.color_space().num_channels() != 1 || image.has_alpha() {
        return Err(NoPhoto::Form);
    }
    let mut context = DecoderContext::default();
    let grey = image.decode(&mut context).map_err(|_| NoPhoto::Form)?.data_u8();
    if grey.len() as u64 != u64::from(size.0) * u64::from(size.1) {
        return Err(NoPhoto::Form);
    }
    Ok(Photo { width: size.0, height: size.1, grey })
}

#[cfg(test)]
mod tests;
