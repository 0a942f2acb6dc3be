//! Real cards through PC/SC. The only module that knows `pcsc`.
//!
//! A card is held exclusively and left without power: a verified PIN survives disconnect and warm reset.

use std::ffi::CString;

use pcsc::{Context, Disposition, Error, MAX_BUFFER_SIZE, Protocols, Scope, ShareMode};
use zeroize::Zeroizing;

use crate::{
    apdu::{Command, Link},
    never::{App, Firewall},
    transport::{Exchange, Seal, Transport, TransportError},
};

/// No card could be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReaderError {
    /// The PC/SC service does not run or does not let us in.
    #[error("the smart card service does not answer: {0}")]
    NoService(String),
    /// No reader is connected.
    #[error("no card reader")]
    NoReader,
    /// No card lies on any reader.
    #[error("no card on the reader")]
    NoCard,
    /// A card lies there, but it is no My Number Card.
    #[error("not a My Number Card")]
    NotJpki,
    /// Another program holds the card.
    #[error("another program uses the card")]
    Busy,
}

impl ReaderError {
    /// The stable code, for locale keys and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ReaderError::NoService(_) => "no_reader_service",
            ReaderError::NoReader => "no_reader",
            ReaderError::NoCard => "no_card",
            ReaderError::NotJpki => "not_a_my_number_card",
            ReaderError::Busy => "card_busy",
        }
    }
}

/// A card held exclusively, behind the firewall. It goes into a typed session; nothing else can be done with it. Dropping it selects the power-on state and cuts the power.
pub struct Connection {
    card: Firewall<Held>,
}

impl Transport for Connection {
    fn carry(&mut self, command: &[u8], seal: Seal) -> Result<Vec<u8>, TransportError> {
        self.card.carry(command, seal)
    }
}

/// The names of the readers at hand.
///
/// # Errors
/// The service does not answer.
pub fn readers() -> Result<Vec<String>, ReaderError> {
    Ok(names(&context()?)?.iter().map(|name| name.to_string_lossy().into_owned()).collect())
}

/// Takes the first My Number Card on any reader, found by selecting its application.
///
/// # Errors
/// No service, no reader, no card, another card, or a card that another program holds.
pub fn connect() -> Result<Connection, ReaderError> {
    let context = context()?;
    let names = names(&context)?;
    let mut worst = if names.is_empty() { ReaderError::NoReader } else { ReaderError::NoCard };
    for name in names {
        match context.connect(&name, ShareMode::Exclusive, Protocols::ANY) {
            Ok(card) => {
                let mut connection = Connection { card: Firewall::new(Held(Some(card))) };
                if is_jpki(&mut connection) {
                    return Ok(connection);
                }
                worst = ReaderError::NotJpki;
            }
            Err(Error::SharingViolation) => worst = ReaderError::Busy,
            // An empty or unreadable reader: the next one may hold the card.
            Err(_) => {}
        }
    }
    Err(worst)
}

fn context() -> Result<Context, ReaderError> {
    Context::establish(Scope::User).map_err(|error| ReaderError::NoService(error.to_string()))
}

fn names(context: &Context) -> Result<Vec<CString>, ReaderError> {
    match context.list_readers_owned() {
        Ok(names) => Ok(names),
        Err(Error::NoReadersAvailable) => Ok(Vec::new()),
        Err(error) => Err(ReaderError::NoService(error.to_string())),
    }
}

fn is_jpki(connection: &mut Connection) -> bool {
    let mut link = Link::new(connection);
    let mut selects = |app: App| {
        link.exchange(&Command::select_application(app.aid())).is_ok_and(|response| response.status == 0x9000)
    };
    let found = selects(App::Jpki);
    selects(App::Isd);
    found
}

struct Held(Option<pcsc::Card>);

impl Transport for Held {
    fn carry(&mut self, command: &[u8], _: Seal) -> Result<Vec<u8>, TransportError> {
        let card = self.0.as_ref().ok_or(TransportError::Removed)?;
        // What a card answers is not left lying about.
        let mut buffer = Zeroizing::new([0; MAX_BUFFER_SIZE]);
        match card.transmit(command, &mut *buffer) {
            Ok(response) => Ok(response.to_vec()),
            Err(Error::RemovedCard | Error::NoSmartcard | Error::ReaderUnavailable | Error::ResetCard) => {
                Err(TransportError::Removed)
            }
            Err(error) => Err(TransportError::Reader(error.to_string())),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.transmit(Command::select_application(App::Isd.aid()).bytes());
        if let Some(card) = self.0.take() {
            // On failure the crate's own drop still resets; the ISD is selected already.
            let _ = card.disconnect(Disposition::UnpowerCard);
        }
    }
}
