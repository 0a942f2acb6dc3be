//! Where the cards are: a PC/SC reader, or the soft cards of the demo in this process.

use jpki::agent::{NotSigned, Signed, Typed};
use jpki::card::CardError;
use jpki::pin::Secret;
use jpki::{AnyStatement, Transport};

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
    /// A secret was wrong, and more than the last try is left.
    Wrong(Secret),
    /// Anything else, by its stable code.
    Code(&'static str),
}

impl From<NotSigned> for Trouble {
    fn from(error: NotSigned) -> Self {
        match error {
            // The last try is kept: what follows a wrong secret with one left is the stop, not another field.
            NotSigned::Secret(secret, CardError::WrongPassword { left: 0 | 1 }) => {
                Trouble::Code(NotSigned::Secret(secret, CardError::LastTry).code())
            }
            NotSigned::Secret(secret, CardError::WrongPassword { .. }) => Trouble::Wrong(secret),
            other => Trouble::Code(other.code()),
        }
    }
}

/// Tries left of the secrets that a statement may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Looked {
    /// Of the signature password, where one is needed.
    pub(super) password: Option<u8>,
    /// Of the four digits; none where they cannot be used and are not needed.
    pub(super) pin: Option<u8>,
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
    pub(super) fn look(&self, card: &str, statement: &AnyStatement) -> Result<Looked, Trouble> {
        self.with(card, |card| {
            let of = |secret| move |error| NotSigned::at(secret, error);
            if let AnyStatement::Text(_) = statement {
                let pin = jpki::agent::look_at_text(card).map_err(of(Secret::Text))?.tries_left;
                return Ok(Looked { password: None, pin: Some(pin) });
            }
            let pin = jpki::agent::look_for_login(card).map(|ready| ready.tries_left);
            if let AnyStatement::Login(_) = statement {
                return Ok(Looked { password: None, pin: Some(pin.map_err(of(Secret::Auth))?) });
            }
            let password = jpki::agent::look(card).map_err(of(Secret::Sign))?.tries_left;
            // A consent has nothing for the login key to sign.
            let pin = if let AnyStatement::Consent(_) = statement { None } else { pin.ok() };
            Ok(Looked { password: Some(password), pin })
        })
    }

    /// Signs. Blocks.
    pub(super) fn sign(&self, card: &str, statement: &AnyStatement, typed: &Typed) -> Result<Signed, Trouble> {
        self.with(card, |card| Ok(jpki::agent::sign(card, statement, typed)?))
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
