//! Walks a JP2 file box by box and its codestream marker by marker (ISO/IEC 15444-1 annexes I and A).

use super::NoPhoto;

/// The size of the picture, when file and codestream are of the form that cards use.
pub(super) fn check(file: &[u8]) -> Result<(u32, u32), NoPhoto> {
    let mut boxes = Bytes(file);
    let mut header = None;
    for at in 0..8 {
        let length = boxes.u32()? as usize;
        let kind = boxes.take(4)?;
        // 0 means up to the end of the file, and stands for the last box alone.
        let content =
            if length == 0 { boxes.rest() } else { boxes.take(length.checked_sub(8).ok_or(NoPhoto::Form)?)? };
        match (at, kind) {
            (0, b"jP  ") if content == [0x0D, 0x0A, 0x87, 0x0A] => {}
            (1, b"ftyp") => {}
            (_, b"jp2h") if at > 1 && header.is_none() => header = Some(image_header(content)?),
            (_, b"jp2c") if at > 1 => {
                let size = codestream(content)?;
                return if header == Some(size) && boxes.0.is_empty() { Ok(size) } else { Err(NoPhoto::Form) };
            }
            _ => return Err(NoPhoto::Form),
        }
    }
    Err(NoPhoto::Form)
}

/// `ihdr` (one component of eight bits) and `colr` (enumerated 17: greyscale), nothing else: a palette or a profile is
/// nothing a card has.
fn image_header(content: &[u8]) -> Result<(u32, u32), NoPhoto> {
    let mut inner = Bytes(content);
    let (length, kind) = (inner.u32()?, inner.take(4)?);
    let mut fields = Bytes(inner.take(14)?);
    let (height, width) = (fields.u32()?, fields.u32()?);
    let (components, depth, compression) = (fields.u16()?, fields.u8()?, fields.u8()?);
    let colour = inner.take(15)?;
    let grey = colour.starts_with(b"\x00\x00\x00\x0Fcolr\x01") && colour.ends_with(&[0, 0, 0, 17]);
    let good = (length, kind, components, depth, compression) == (22, b"ihdr", 1, 7, 7) && grey && inner.0.is_empty();
    if good { Ok((width, height)) } else { Err(NoPhoto::Form) }
}

fn codestream(content: &[u8]) -> Result<(u32, u32), NoPhoto> {
    const START: u16 = 0xFF4F;
    const SIZE: u16 = 0xFF51;
    const STYLE: u16 = 0xFF52;
    const QUANTISATION: u16 = 0xFF5C;
    const COMMENT: u16 = 0xFF64;
    const TILE: u16 = 0xFF90;
    let mut stream = Bytes(content);
    if (stream.u16()?, stream.u16()?) != (START, SIZE) {
        return Err(NoPhoto::Form);
    }
    let size = image_size(stream.segment()?)?;
    let (mut styles, mut quantisations) = (0, 0);
    loop {
        match stream.u16()? {
            STYLE => {
                coding_style(stream.segment()?)?;
                styles += 1;
            }
            QUANTISATION => {
                stream.segment()?;
                quantisations += 1;
            }
            COMMENT => drop(stream.segment()?),
            TILE => break,
            // Styles of components, regions, orders of their own, packed headers: not on cards.
            _ => return Err(NoPhoto::Form),
        }
    }
    if (styles, quantisations) != (1, 1) {
        return Err(NoPhoto::Form);
    }
    one_tile(&mut stream)?;
    Ok(size)
}

/// SIZ: one component of eight bits, not subsampled, one tile that begins at the origin.
fn image_size(segment: &[u8]) -> Result<(u32, u32), NoPhoto> {
    let mut fields = Bytes(segment);
    let _capabilities = fields.u16()?;
    let (width, height, x, y) = (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
    let (tile_width, tile_height, tile_x, tile_y) = (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
    let components = (fields.u16()?, fields.u8()?, fields.u8()?, fields.u8()?);
    let origin = (x, y, tile_x, tile_y) == (0, 0, 0, 0);
    let one = tile_width >= width && tile_height >= height && width > 0 && height > 0;
    if origin && one && components == (1, 7, 1, 1) && fields.0.is_empty() {
        Ok((width, height))
    } else {
        Err(NoPhoto::Form)
    }
}

/// COD: few layers and levels, code blocks of the usual sizes, no small precincts.
fn coding_style(segment: &[u8]) -> Result<(), NoPhoto> {
    let mut fields = Bytes(segment);
    let style = fields.u8()?;
    let _order = fields.u8()?;
    let (layers, transform) = (fields.u16()?, fields.u8()?);
    let (levels, block_width, block_height) = (fields.u8()?, fields.u8()?, fields.u8()?);
    let _block_style = fields.u8()?;
    let _wavelet = fields.u8()?;
    // A precinct is two to the power of each nibble; below sixteen they are only there to be many.
    let precincts = fields.rest();
    let wide = precincts.iter().skip(1).all(|sides| sides & 0x0F >= 4 && sides >> 4 >= 4);
    let precincts =
        if style & 1 == 1 { precincts.len() == usize::from(levels) + 1 && wide } else { precincts.is_empty() };
    // The exponents are kept less two: 2 to 4 stands for blocks of 16 to 64.
    let blocks = (2..=4).contains(&block_width) && (2..=4).contains(&block_height);
    let few = (1..=32).contains(&layers) && levels <= 8;
    if transform == 0 && blocks && few && precincts { Ok(()) } else { Err(NoPhoto::Limits) }
}

/// The parts of the one tile, each with its data alone, up to the end of the codestream.
fn one_tile(stream: &mut Bytes<'_>) -> Result<(), NoPhoto> {
    const TILE: u16 = 0xFF90;
    const DATA: u16 = 0xFF93;
    const END: u16 = 0xFFD9;
    // The first part's marker was read already.
    const BEFORE_DATA: usize = 14;
    for part in 0..32 {
        let mut fields = Bytes(stream.segment()?);
        let (tile, length, number) = (fields.u16()?, fields.u32()? as usize, fields.u8()?);
        let data = stream.u16()? == DATA && (tile, number) == (0, part);
        if length == 0 {
            // The last part, up to the end marker.
            return if data && stream.0.ends_with(&END.to_be_bytes()) { Ok(()) } else { Err(NoPhoto::Form) };
        }
        stream.take(length.checked_sub(BEFORE_DATA).filter(|_| data).ok_or(NoPhoto::Form)?)?;
        match stream.u16()? {
            TILE => {}
            END if stream.0.is_empty() => return Ok(()),
            _ => return Err(NoPhoto::Form),
        }
    }
    Err(NoPhoto::Limits)
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], NoPhoto> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NoPhoto::Form)?;
        self.0 = rest;
        Ok(taken)
    }

    fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], NoPhoto> {
        self.take(N)?.try_into().map_err(|_| NoPhoto::Form)
    }

    fn u8(&mut self) -> Result<u8, NoPhoto> {
        self.array().map(u8::from_be_bytes)
    }

    fn u16(&mut self) -> Result<u16, NoPhoto> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, NoPhoto> {
        self.array().map(u32::from_be_bytes)
    }

    /// A marker segment: its length counts itself.
    fn segment(&mut self) -> Result<&'a [u8], NoPhoto> {
        let length = usize::from(self.u16()?);
        self.take(length.checked_sub(2).ok_or(NoPhoto::Form)?)
    }
}
