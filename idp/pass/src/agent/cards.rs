//! Where the cards are: a PC/SC reader, or the soft cards of the demo in this process.

use jpki::card::CardError;
use jpki::{Enrolment, Pin, SignedProof, Transport};

/// Where the cards are.
pub enum CardSource {
    /// The first My Number Card on any reader of this machine.
    Reader,
    /// Soft cards, one of them chosen on the page. Their counters live as long as the agent.
    #[cfg(feature = "demo")]
    Soft(jpki::soft::Family),
}

/// Why the card did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Wrong password, and more than the last try is left.
    Wrong {
        /// Tries left on the card.
        left: u8,
    },
    /// Anything else, by its stable code.
    Code(&'static str),
}

impl From<CardError> for Trouble {
    fn from(error: CardError) -> Self {
        match error {
            // The last try is kept: what follows a wrong password with one left is the stop, not another field.
            CardError::WrongPassword { left: 0 | 1 } => Trouble::Code(CardError::LastTry.code()),
            CardError::WrongPassword { left } => Trouble::Wrong { left },
            other => Trouble::Code(other.code()),
        }
    }
}

impl CardSource {
    /// Whether these are soft cards.
    pub(super) fn demo(&self) -> bool {
        match self {
            CardSource::Reader => false,
            #[cfg(feature = "demo")]
            CardSource::Soft(_) => true,
        }
    }

    /// The soft cards to choose from: name, and a line about each.
    pub(super) fn choices(&self) -> Vec<(String, String)> {
        match self {
            CardSource::Reader => Vec::new(),
            #[cfg(feature = "demo")]
            CardSource::Soft(family) => {
                family.cards().iter().map(|card| (card.name.clone(), card.what.clone())).collect()
            }
        }
    }

    /// The place where the card lies, for people.
    #[cfg_attr(not(feature = "demo"), expect(unused_variables, reason = "a reader holds one card"))]
    pub(super) fn place(&self, card: &str) -> String {
        match self {
            CardSource::Reader => readers().join(", "),
            #[cfg(feature = "demo")]
            CardSource::Soft(_) => card.to_string(),
        }
    }

    /// Tries left, asked before the password is. Blocks.
    pub(super) fn look(&self, card: &str) -> Result<u8, Trouble> {
        self.with(card, |card| Ok(jpki::agent::look(card)?.tries_left))
    }

    /// Signs. Blocks.
    pub(super) fn sign(&self, card: &str, statement: &Enrolment, password: &Pin) -> Result<SignedProof, Trouble> {
        self.with(card, |card| Ok(jpki::agent::read_and_sign(card, statement, password)?))
    }

    #[cfg_attr(not(feature = "demo"), expect(unused_variables, reason = "a reader holds one card"))]
    fn with<T>(&self, card: &str, act: impl FnOnce(&mut dyn Transport) -> Result<T, Trouble>) -> Result<T, Trouble> {
        match self {
            CardSource::Reader => act(&mut *reader()?),
            #[cfg(feature = "demo")]
            CardSource::Soft(family) => act(&mut family.card(card).ok_or(Trouble::Code("no_card"))?.insert()),
        }
    }
}

#[cfg(feature = "reader")]
fn reader() -> Result<Box<dyn Transport>, Trouble> {
    match jpki::reader::connect() {
        Ok(connection) => Ok(Box::new(connection)),
        Err(error) => {
            tracing::info!(%error, "no card could be taken");
            Err(Trouble::Code(error.code()))
        }
    }
}

#[cfg(not(feature = "reader"))]
fn reader() -> Result<Box<dyn Transport>, Trouble> {
    Err(Trouble::Code("no_reader_service"))
}

#[cfg(feature = "reader")]
fn readers() -> Vec<String> {
    jpki::reader::readers().unwrap_or_default()
}

#[cfg(not(feature = "reader"))]
fn readers() -> Vec<String> {
    Vec::new()
}
