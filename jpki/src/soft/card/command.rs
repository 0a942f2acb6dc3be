//! A command as a card reads it (ISO 7816-3 12.1: short and extended form).

use crate::soft::sign::BAD_LENGTH;

pub(super) struct Parsed<'a> {
    pub(super) class: u8,
    pub(super) instruction: u8,
    pub(super) p1: u8,
    pub(super) p2: u8,
    pub(super) data: &'a [u8],
    pub(super) le: Option<usize>,
    pub(super) extended: bool,
}

impl<'a> Parsed<'a> {
    pub(super) fn read(command: &'a [u8]) -> Result<Self, u16> {
        let &[class, instruction, p1, p2, ref body @ ..] = command else {
            return Err(BAD_LENGTH);
        };
        let (data, le, extended) = body_of(body)?;
        Ok(Self { class, instruction, p1, p2, data, le, extended })
    }
}

type Body<'a> = (&'a [u8], Option<usize>, bool);

fn body_of(body: &[u8]) -> Result<Body<'_>, u16> {
    let or = |le: usize, zero: usize| if le == 0 { zero } else { le };
    let long = |high: u8, low: u8| usize::from(u16::from_be_bytes([high, low]));
    match body {
        [] => Ok((&[], None, false)),
        [le] => Ok((&[], Some(or(usize::from(*le), 256)), false)),
        [0, high, low] => Ok((&[], Some(or(long(*high, *low), 65536)), true)),
        [0, high, low, rest @ ..] => {
            let lc = long(*high, *low);
            match rest.len().checked_sub(lc) {
                Some(0) => Ok((rest, None, true)),
                Some(2) => Ok((&rest[..lc], Some(or(long(rest[lc], rest[lc + 1]), 65536)), true)),
                _ => Err(BAD_LENGTH),
            }
        }
        [lc, rest @ ..] if rest.len() == usize::from(*lc) => Ok((rest, None, false)),
        [lc, data @ .., le] if data.len() == usize::from(*lc) => Ok((data, Some(or(usize::from(*le), 256)), false)),
        _ => Err(BAD_LENGTH),
    }
}
