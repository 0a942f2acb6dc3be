//! Reading the text application for the issuer.

use super::{CardError, LastTry, Readiness, Verification};
use crate::{Pin, TextProof, TextReading, Transport, card::Text, pin::Secret, proof::Encoded, text::record};

/// Looks at the card before the four digits of its text application are asked for.
///
/// # Errors
/// [`CardError::NoApplication`], [`CardError::Blocked`], [`CardError::LastTry`], or the reader.
pub fn look_at_text(transport: &mut dyn Transport) -> Result<Readiness, CardError> {
    let mut text = Text::open(transport)?;
    let tries_left = text.tries_left(Secret::Text)?;
    text.end()?;
    match tries_left {
        0 => Err(CardError::Blocked),
        1 => Err(CardError::LastTry),
        _ => Ok(Readiness { tries_left }),
    }
}

/// Reads the basic four and has the chip sign the statement over them, in one session that ends at the card's power-on
/// state. `pin` is that of the text application, or number B.
///
/// The integrity record is checked here and wiped here. What the card's records prove depends on their root, which
/// [`crate::verify_text`] asks.
///
/// # Errors
/// The PIN is wrong ([`CardError::WrongPassword`]) or not tried ([`CardError::LastTry`], [`CardError::Blocked`]), the
/// card's records do not prove each other ([`CardError::Unproven`]), or the card is gone.
pub fn read_text(transport: &mut dyn Transport, reading: &TextReading, pin: &Pin) -> Result<TextProof, CardError> {
    let mut text = Text::open(transport)?;
    match text.verify(pin, LastTry::Keep)? {
        Verification::Verified => {}
        Verification::Wrong { left } => return Err(CardError::WrongPassword { left }),
        Verification::Blocked => return Err(CardError::Blocked),
        Verification::LastTry => return Err(CardError::LastTry),
    }
    let files = text.read()?;
    let (_, digest) = record::basic_four(&files.basic_four).map_err(|_| CardError::Malformed)?;
    let statement = reading.to_bytes(&digest);
    let signature = text.sign(&statement)?;
    text.end()?;
    Ok(TextProof {
        statement: Encoded(statement),
        signature: Encoded(signature),
        basic_four: Encoded(files.basic_four),
        certificate: Encoded(files.certificate),
        chip_key: Encoded(files.own_key),
    })
}
