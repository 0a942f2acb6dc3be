//! What the card agent does with a card: one session, one signed proof.

use crate::{Enrolment, Pin, SignedProof, Transport, card::CardError};

/// Reads the signature certificate and signs the statement, in one session that ends at the card's power-on state.
///
/// # Errors
/// The card refuses, or too few tries are left to try.
pub fn read_and_sign(
    _transport: &mut dyn Transport,
    _statement: &Enrolment,
    _password: &Pin,
) -> Result<SignedProof, CardError> {
    Err(CardError::NotJpki)
}
