//! A picture from outside: decoded within hard limits, turned upright, freed of all metadata.
//!
//! The header is read before the pixels, by two small readers of our own. JPEG and PNG only, and only what a camera or a
//! photograph has: one still picture, eight bits a colour, grey or three colours, nothing hidden in front or behind.

mod jpeg;
mod png;

use std::io::Cursor;
use std::panic::catch_unwind;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use zeroize::Zeroizing;

use crate::Rejection;

/// Longest file that is looked at.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Most pixels that are decoded.
const MAX_PIXELS: u64 = 4_000_000;
/// Most memory a decoder may ask for at once: four megapixels of RGBA and room for one row more.
const MAX_ALLOCATION: u64 = 24 * 1024 * 1024;
/// Beginnings of documents that some other program would take the file for.
const FOREIGN: [&[u8]; 5] = [b"<html", b"<script", b"<!doctype", b"<?php", b"%pdf-"];
/// End of central directory of a ZIP archive (APPNOTE 4.3.16), which stands in the last 65,557 bytes.
const ARCHIVE: &[u8] = b"PK\x05\x06";
const ARCHIVE_TAIL: usize = 65_557;

/// RGB pixels, row by row, wiped when dropped.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: Zeroizing<Vec<u8>>,
}

impl Picture {
    /// Decodes an upload.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        if bytes.is_empty() {
            return Err(Rejection::Empty);
        }
        if bytes.len() > MAX_BYTES {
            return Err(Rejection::TooBig);
        }
        let format = image::guess_format(bytes).map_err(|_| Rejection::Unreadable)?;
        match format {
            ImageFormat::Jpeg => jpeg::whole(bytes)?,
            ImageFormat::Png => png::whole(bytes)?,
            _ => return Err(Rejection::Unreadable),
        }
        if bytes[bytes.len().saturating_sub(ARCHIVE_TAIL)..].windows(ARCHIVE.len()).any(|w| w == ARCHIVE) {
            return Err(Rejection::Unreadable);
        }
        // A bug in a codec costs this frame, not a worker.
        catch_unwind(|| pixels(bytes, format)).unwrap_or(Err(Rejection::Unreadable))
    }

    pub(crate) fn from_rgb(width: usize, height: usize, rgb: Vec<u8>) -> Self {
        debug_assert_eq!(rgb.len(), width * height * 3);
        Self { width, height, rgb: Zeroizing::new(rgb) }
    }

    /// One channel of one pixel.
    pub(crate) fn at(&self, x: usize, y: usize, channel: usize) -> f32 {
        f32::from(self.rgb[(y * self.width + x) * 3 + channel])
    }

    /// Brightness of every pixel (ITU-R BT.601 weights).
    pub(crate) fn luma(&self) -> Zeroizing<Vec<f32>> {
        let luma = |p: &[u8]| 0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2]);
        Zeroizing::new(self.rgb.chunks_exact(3).map(luma).collect())
    }
}

fn pixels(bytes: &[u8], format: ImageFormat) -> Result<Picture, Rejection> {
    let mut decoder =
        ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(|_| Rejection::Unreadable)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_ALLOCATION);
    decoder.set_limits(limits).map_err(|_| Rejection::TooBig)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Rejection::TooBig);
    }
    let orientation = decoder.orientation().map_err(|_| Rejection::Unreadable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| Rejection::Unreadable)?;
    image.apply_orientation(orientation);
    let rgb = image.into_rgb8();
    let (width, height) = rgb.dimensions();
    Ok(Picture::from_rgb(width as usize, height as usize, rgb.into_raw()))
}

/// Whether something that is no picture hides in a text or a comment.
fn foreign(segment: &[u8]) -> bool {
    FOREIGN.iter().any(|word| segment.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn;

    fn decoded(bytes: &[u8]) -> Result<(usize, usize), Rejection> {
        Picture::decode(bytes).map(|p| (p.width, p.height))
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).expect("encodes");
        bytes
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        image::GrayImage::new(width, height).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("encodes");
        bytes
    }

    #[test]
    fn uploads_are_judged_before_they_are_decoded() {
        let good = jpeg(40, 30);
        let mut gif = b"GIF89a".to_vec();
        gif.resize(64, 0);
        let scan = good.windows(2).position(|w| w == [0xff, 0xda]).expect("a scan");
        let header = good[scan..scan + 14].to_vec();
        let mut bomb = good.clone();
        bomb.splice(scan..scan, header.repeat(jpeg::MAX_SCANS));
        let table = [
            ("jpeg", good.clone(), Ok((40, 30))),
            ("grey png", png(40, 30), Ok((40, 30))),
            ("empty", vec![], Err(Rejection::Empty)),
            ("zeros", vec![0; 4096], Err(Rejection::Unreadable)),
            ("text", b"<svg onload=x>".to_vec(), Err(Rejection::Unreadable)),
            ("gif", gif, Err(Rejection::Unreadable)),
            ("half a jpeg", good[..good.len() / 2].to_vec(), Err(Rejection::Unreadable)),
            ("jpeg without its end", good[..good.len() - 2].to_vec(), Err(Rejection::Unreadable)),
            ("jpeg header", good[..20].to_vec(), Err(Rejection::Unreadable)),
            ("half a png", png(400, 300)[..60].to_vec(), Err(Rejection::Unreadable)),
            ("too many bytes", vec![0xff; MAX_BYTES + 1], Err(Rejection::TooBig)),
            ("too many pixels", png(2001, 2000), Err(Rejection::TooBig)),
            ("too many scans", bomb, Err(Rejection::TooBig)),
        ];
        for (what, bytes, expected) in table {
            assert_eq!(decoded(&bytes), expected, "{what}");
        }
    }

    // A header may promise what no memory holds: only the promise is read.
    #[test]
    fn a_huge_promise_is_refused_by_its_header() {
        let mut bytes = png(16, 16);
        bytes[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(decoded(&bytes), Err(Rejection::TooBig));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        };
        !bytes.iter().fold(!0, |crc, b| (0..8).fold(crc ^ u32::from(*b), step))
    }

    #[test]
    fn exif_orientation_is_applied() {
        let upright = drawn::jpeg(&drawn::face());
        // APP1 with one IFD entry: 0x0112, SHORT, 6 (turn clockwise).
        let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut turned = upright.clone();
        turned.splice(2..2, exif.iter().copied());
        let (a, b) = (Picture::decode(&upright).expect("reads"), Picture::decode(&turned).expect("reads"));
        assert!((0..320).all(|i| a.at(i, 20, 0) == b.at(319 - 20, i, 0)));
    }
}
