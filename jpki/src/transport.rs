//! How APDUs reach a card.

/// The exchange with the card failed before any status word came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The card or the reader went away.
    #[error("the card was removed")]
    Removed,
    /// The reader or its service failed.
    #[error("the reader failed: {0}")]
    Reader(String),
}

/// Something that answers APDUs: a reader, or the soft card in process.
pub trait Transport {
    /// Sends one command APDU and gives the whole response, status word included.
    ///
    /// # Errors
    /// No response came.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError>;
}

impl<T: Transport + ?Sized> Transport for &mut T {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        (**self).transmit(command)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        (**self).transmit(command)
    }
}
