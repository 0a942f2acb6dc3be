//! A session with the common card application: when the card ends and who issued it. Free, and signed by nobody.

use super::{CardError, session::Session};
use crate::{never::App, transport::Transport};

/// A session with the common card application.
pub struct Common<T: Transport> {
    session: Session<T>,
}

/// What the record says, except the serial number: it is the same wherever the card goes, and nobody here needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRecord {
    /// Five digits of the municipality that issued the card. Not where the holder lives.
    pub issued_by: String,
    /// The day the card itself ends, YYYYMMDD.
    pub expires: String,
}

impl<T: Transport> Common<T> {
    /// Selects the common card application.
    ///
    /// # Errors
    /// [`CardError::NoApplication`] where it is not, as on a phone.
    pub fn open(transport: T) -> Result<Self, CardError> {
        Session::open(transport, App::Common).map(|session| Self { session })
    }

    /// The record.
    ///
    /// # Errors
    /// The card refuses, is gone, or holds another kind of record.
    pub fn read(&mut self) -> Result<CardRecord, CardError> {
        let record = self.session.read_record(0x0001)?;
        // Simple-TLV 01, 28 digits: serial (15), municipality (5), end (8).
        let [0x01, 0x1C, digits @ ..] = record.as_slice() else {
            return Err(CardError::Malformed);
        };
        let text = std::str::from_utf8(digits).map_err(|_| CardError::Malformed)?;
        if text.len() != 28 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CardError::Malformed);
        }
        Ok(CardRecord { issued_by: text[15..20].into(), expires: text[20..].into() })
    }

    /// Ends the session.
    ///
    /// # Errors
    /// The card does not answer; cut its power.
    pub fn end(self) -> Result<(), CardError> {
        self.session.end()
    }
}
