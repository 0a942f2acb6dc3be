//! Bytes as changes of something right: what a signature is over is reached by inputs that know no key.

/// Four bytes each: where (two), what to do, with which byte. Positions wrap around.
pub fn edited(right: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = right.to_vec();
    for change in changes.chunks_exact(4) {
        let at = usize::from(u16::from_be_bytes([change[0], change[1]])) % (bytes.len() + 1);
        match change[2] % 4 {
            0 if at < bytes.len() => bytes[at] ^= change[3],
            1 => bytes.insert(at, change[3]),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 => bytes.truncate(at.max(bytes.len().saturating_sub(usize::from(change[3])))),
            _ => {}
        }
    }
    bytes
}
