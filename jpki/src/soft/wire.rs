//! Transports for tests outside this crate, which no release build has: the sealed [`Transport`] over a function, and a soft card
//! behind the firewall, to which anything may be said. Neither reaches a real card.

use super::SoftCard;
use crate::{
    never::Firewall,
    transport::{Exchange, Seal, Transport, TransportError},
};

/// A card that answers as a function says.
pub struct Scripted<F>(F);

impl<F: FnMut(&[u8]) -> Result<Vec<u8>, TransportError>> Scripted<F> {
    /// Takes the function.
    pub fn new(answer: F) -> Self {
        Self(answer)
    }
}

impl<F: FnMut(&[u8]) -> Result<Vec<u8>, TransportError>> Transport for Scripted<F> {
    fn carry(&mut self, command: &[u8], _: Seal) -> Result<Vec<u8>, TransportError> {
        (self.0)(command)
    }
}

/// A soft card behind the firewall.
pub struct Guarded(Firewall<SoftCard>);

impl Guarded {
    /// Puts the card there.
    #[must_use]
    pub fn new(card: SoftCard) -> Self {
        Self(Firewall::new(card))
    }

    /// Says one command, if the firewall lets it through.
    ///
    /// # Errors
    /// It does not, or the card is gone.
    pub fn send(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.0.transmit(command)
    }
}
