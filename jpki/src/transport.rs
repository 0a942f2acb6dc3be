//! How APDUs reach a card: sealed, because the same PIN that opens the basic four opens the 12-digit number, and a file that the
//! firewall has to allow holds a hash of it.
//!
//! Whoever uses this crate may hold a [`Transport`] and hand it to a typed session, and can do nothing else with it:
//!
//! ```
//! fn look(card: &mut dyn jpki::Transport) -> Result<jpki::agent::Readiness, jpki::card::CardError> {
//!     jpki::agent::look(card)
//! }
//! ```
//!
//! Commands of one's own cannot be sent, because nobody else can make a `Seal`,
//!
//! ```compile_fail
//! fn select(card: &mut dyn jpki::Transport) {
//!     let _ = card.carry(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x03]);
//! }
//! ```
//! ```compile_fail
//! fn select(card: &mut dyn jpki::Transport) {
//!     let _ = card.carry(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x03], jpki::transport::Seal(()));
//! }
//! ```
//! ```compile_fail
//! fn select(card: &mut dyn jpki::Transport) {
//!     use jpki::transport::Exchange;
//!     let _ = card.transmit(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x03]);
//! }
//! ```
//!
//! nobody can stand between a session and its card to take one from it,
//!
//! ```compile_fail
//! struct Between;
//! impl jpki::Transport for Between {
//!     fn carry(&mut self, command: &[u8], seal: jpki::transport::Seal) -> Result<Vec<u8>, jpki::transport::TransportError> {
//!         Ok(vec![0x90, 0x00])
//!     }
//! }
//! ```
//!
//! and the firewall and a connection to a reader are not to be had without it:
//!
//! ```compile_fail
//! use jpki::never::Firewall;
//! ```
//! ```compile_fail
//! fn select(card: &mut jpki::reader::Connection) {
//!     let _ = card.transmit(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x03]);
//! }
//! ```

use std::fmt::Write as _;

use crate::never::Forbidden;

/// The exchange with the card failed before any status word came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The card or the reader went away.
    #[error("the card was removed")]
    Removed,
    /// The reader or its service failed.
    #[error("the reader failed: {0}")]
    Reader(String),
    /// The firewall refused the command; the card never saw it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
}

/// What only this crate can make. It is public for the trait's sake and cannot be named from outside.
mod seal {
    /// Shows that this crate itself sends the command.
    pub struct Seal(pub(super) ());
}

pub(crate) use seal::Seal;

/// Something that answers APDUs: a reader, or the soft card in process. Sealed: [the module](self) says why.
pub trait Transport {
    /// Sends one command APDU and gives the whole response, status word included.
    ///
    /// # Errors
    /// No response came.
    #[doc(hidden)]
    fn carry(&mut self, command: &[u8], seal: Seal) -> Result<Vec<u8>, TransportError>;
}

/// What this crate does with a transport.
pub(crate) trait Exchange {
    /// Sends one command APDU and gives the whole response, status word included.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError>;
}

impl<T: Transport + ?Sized> Exchange for T {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.carry(command, Seal(()))
    }
}

impl<T: Transport + ?Sized> Transport for &mut T {
    fn carry(&mut self, command: &[u8], seal: Seal) -> Result<Vec<u8>, TransportError> {
        (**self).carry(command, seal)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn carry(&mut self, command: &[u8], seal: Seal) -> Result<Vec<u8>, TransportError> {
        (**self).carry(command, seal)
    }
}

/// A transport that tells each exchange to `sink`, without its contents: a PIN and a name are both data.
pub struct Traced<T, F> {
    inner: T,
    sink: F,
}

impl<T: Transport, F: FnMut(&str)> Traced<T, F> {
    /// Watches `inner`.
    pub fn new(inner: T, sink: F) -> Self {
        Self { inner, sink }
    }
}

impl<T: Transport, F: FnMut(&str)> Transport for Traced<T, F> {
    fn carry(&mut self, command: &[u8], seal: Seal) -> Result<Vec<u8>, TransportError> {
        let response = self.inner.carry(command, seal);
        (self.sink)(&masked(command, &response));
        response
    }
}

/// Header, what a SELECT selects, and how much data went and came; never the data.
fn masked(command: &[u8], response: &Result<Vec<u8>, TransportError>) -> String {
    let shown = if command.get(1) == Some(&0xA4) { command.len() } else { command.len().min(4) };
    let mut line = String::new();
    for byte in &command[..shown] {
        let _ = write!(line, "{byte:02X}");
    }
    if command.len() > shown {
        let _ = write!(line, " +{}", command.len() - shown);
    }
    match response.as_deref() {
        Ok([data @ .., sw1, sw2]) => {
            let _ = write!(line, " > {} bytes {sw1:02X}{sw2:02X}", data.len());
        }
        Ok(_) => line.push_str(" > no status"),
        Err(error) => {
            let _ = write!(line, " > {error}");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_09_the_trace_shows_no_data() {
        let answer = Ok(vec![0x30, 0x82, 0x90, 0x00]);
        for (command, line) in [
            (&b"\x00\x20\x00\x80\x06ABC123"[..], "00200080 +7 > 2 bytes 9000"),
            (b"\x00\xB0\x00\x00\x04", "00B00000 +1 > 2 bytes 9000"),
            (b"\x00\xA4\x02\x0C\x02\x00\x1B", "00A4020C02001B > 2 bytes 9000"),
            (b"\x00", "00 > 2 bytes 9000"),
        ] {
            assert_eq!(masked(command, &answer), line);
        }
        assert_eq!(
            masked(b"\x00\xB0\x00\x00\x00", &Err(TransportError::Removed)),
            "00B00000 +1 > the card was removed"
        );
    }
}
