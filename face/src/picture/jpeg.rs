//! The marks of a JPEG (ISO/IEC 10918-1 B.1.1), walked before any decoder sees it: a decoder fills what a truncated file
//! lacks with grey, takes colours no camera sends, and looks at nothing behind the end.

use super::{MAX_PIXELS, foreign};
use crate::Rejection;

/// Most scans of a progressive JPEG; encoders write about ten, an attacker thousands.
pub(super) const MAX_SCANS: usize = 64;
/// Most pictures in one file: cameras append a preview or a gain map (CIPA DC-007, Multi-Picture Format).
const MAX_PICTURES: usize = 4;

/// One whole picture, and nothing behind it but padding or further whole pictures.
pub(super) fn whole(bytes: &[u8]) -> Result<(), Rejection> {
    let mut rest = &bytes[picture(bytes)?..];
    for _ in 1..MAX_PICTURES {
        let padding = rest.iter().take_while(|b| **b == 0).count();
        rest = &rest[padding..];
        if rest.is_empty() {
            return Ok(());
        }
        rest = &rest[picture(rest)?..];
    }
    if rest.iter().all(|b| *b == 0) { Ok(()) } else { Err(Rejection::Unreadable) }
}

/// Where the first picture ends.
fn picture(bytes: &[u8]) -> Result<usize, Rejection> {
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return Err(Rejection::Unreadable);
    }
    let (mut at, mut frame, mut scans) = (2, false, 0);
    loop {
        let code = marker(bytes, &mut at)?;
        if code == 0xd9 {
            return if frame && scans > 0 { Ok(at) } else { Err(Rejection::Unreadable) };
        }
        let segment = segment(bytes, &mut at)?;
        match code {
            // Baseline, extended, progressive: what cameras write. The others are lossless or arithmetic.
            0xc0..=0xc2 if !frame => {
                frame_header(segment)?;
                frame = true;
            }
            // DHT is among the codes of frames and is none.
            0xc4 => {}
            0xc0..=0xcf => return Err(Rejection::Unreadable),
            0xda if frame => {
                scans += 1;
                if scans > MAX_SCANS {
                    return Err(Rejection::TooBig);
                }
                at = coded_data(bytes, at);
            }
            // Scans before a frame, and DNL, which would change the height afterwards.
            0xda | 0xdc => return Err(Rejection::Unreadable),
            _ if foreign(segment) => return Err(Rejection::Unreadable),
            _ => {}
        }
    }
}

/// The code of the next marker; fill bytes may stand before it (B.1.1.2). None of those without a segment is met here but EOI.
fn marker(bytes: &[u8], at: &mut usize) -> Result<u8, Rejection> {
    if bytes.get(*at) != Some(&0xff) {
        return Err(Rejection::Unreadable);
    }
    while bytes.get(*at) == Some(&0xff) {
        *at += 1;
    }
    let code = *bytes.get(*at).ok_or(Rejection::Unreadable)?;
    *at += 1;
    if code < 0xc0 || (0xd0..=0xd8).contains(&code) { Err(Rejection::Unreadable) } else { Ok(code) }
}

fn segment<'a>(bytes: &'a [u8], at: &mut usize) -> Result<&'a [u8], Rejection> {
    let length = bytes.get(*at..*at + 2).ok_or(Rejection::Unreadable)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let body = bytes.get(*at + 2..*at + length.max(2)).ok_or(Rejection::Unreadable)?;
    *at += length;
    if length < 2 { Err(Rejection::Unreadable) } else { Ok(body) }
}

/// B.2.2: eight bits, grey or three colours. Four are CMYK, whose colours nobody could tell from a face's.
fn frame_header(segment: &[u8]) -> Result<(), Rejection> {
    let &[precision, h1, h0, w1, w0, components, ..] = segment else { return Err(Rejection::Unreadable) };
    let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
    if precision != 8 || !matches!(components, 1 | 3) || height == 0 || width == 0 {
        return Err(Rejection::Unreadable);
    }
    if u64::from(height) * u64::from(width) > MAX_PIXELS { Err(Rejection::TooBig) } else { Ok(()) }
}

/// Inside coded data 0xFF is followed by 0x00, a restart marker, or is the next marker.
fn coded_data(bytes: &[u8], from: usize) -> usize {
    let ends = |w: &[u8]| w[0] == 0xff && !matches!(w[1], 0 | 0xd0..=0xd7);
    bytes[from..].windows(2).position(ends).map_or(bytes.len(), |i| from + i)
}
