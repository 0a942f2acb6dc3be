//! The software card and its generated test PKI. Never in a release build.

pub mod family;
pub mod vpcd;

pub use family::{Family, NamedCard};

use crate::transport::{Transport, TransportError};

/// A soft card that lies in a reader.
pub struct SoftCard;

impl Transport for SoftCard {
    fn transmit(&mut self, _command: &[u8]) -> Result<Vec<u8>, TransportError> {
        Err(TransportError::Removed)
    }
}
