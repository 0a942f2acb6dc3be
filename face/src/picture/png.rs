//! The chunks of a PNG (W3C PNG third edition, 5), walked before any decoder sees it.

use super::{MAX_PIXELS, foreign};
use crate::Rejection;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Most chunks; encoders cut a picture of this size into some hundreds.
const MAX_CHUNKS: usize = 10_000;

/// One still picture with eight bits a colour at most, from its header to its end and nothing behind it.
pub(super) fn whole(bytes: &[u8]) -> Result<(), Rejection> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or(Rejection::Unreadable)?;
    for index in 0..MAX_CHUNKS {
        let (name, body, after) = chunk(rest).ok_or(Rejection::Unreadable)?;
        rest = after;
        match name {
            b"IHDR" if index == 0 => header(body)?,
            _ if index == 0 => return Err(Rejection::Unreadable),
            // 11.2.5: the last chunk, empty.
            b"IEND" if rest.is_empty() && body.is_empty() => return Ok(()),
            b"IEND" | b"IHDR" => return Err(Rejection::Unreadable),
            // 11.3.4: an animation has several pictures, and the decoder would show one of them only.
            b"acTL" | b"fcTL" | b"fdAT" => return Err(Rejection::Unreadable),
            b"IDAT" => {}
            _ if foreign(body) => return Err(Rejection::Unreadable),
            _ => {}
        }
    }
    Err(Rejection::Unreadable)
}

/// Name, content, and what follows behind the checksum.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (name, rest) = rest.split_first_chunk::<4>()?;
    let (body, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((name, body, rest.get(4..)?))
}

/// 11.2.1. Sixteen bits a colour are no camera page's.
fn header(body: &[u8]) -> Result<(), Rejection> {
    let &[w3, w2, w1, w0, h3, h2, h1, h0, depth, ..] = body else { return Err(Rejection::Unreadable) };
    let pixels = u64::from(u32::from_be_bytes([w3, w2, w1, w0])) * u64::from(u32::from_be_bytes([h3, h2, h1, h0]));
    match (pixels, depth) {
        (0, _) => Err(Rejection::Unreadable),
        (MAX_PIXELS.., _) if pixels > MAX_PIXELS => Err(Rejection::TooBig),
        (_, 1..=8) => Ok(()),
        _ => Err(Rejection::Unreadable),
    }
}
