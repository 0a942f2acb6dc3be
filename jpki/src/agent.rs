//! What the card agent does with a card: one session, one signed proof.

use crate::{
    Enrolment, Pin, SignedProof, Transport,
    card::{Card, CardError, LastTry, Verification},
    proof::Encoded,
    statement::Statement,
};

/// What the agent may know before it asks for a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// Tries left of the signature password on the card.
    pub tries_left: u8,
}

impl Readiness {
    /// How many tries may be used here: the last one on the card never is.
    #[must_use]
    pub fn usable_here(self) -> u8 {
        self.tries_left.saturating_sub(1)
    }
}

/// Looks at the card before the password is asked for: is it one, has it the certificate, how many tries are left.
///
/// # Errors
/// [`CardError::NotJpki`], [`CardError::NoSignCertificate`], [`CardError::Blocked`], [`CardError::LastTry`], or the reader.
pub fn look(transport: &mut dyn Transport) -> Result<Readiness, CardError> {
    let mut card = Card::open(transport)?;
    if !card.availability()?.sign {
        return Err(CardError::NoSignCertificate);
    }
    let tries_left = card.tries_left(crate::pin::Secret::Sign)?;
    card.end()?;
    match tries_left {
        0 => Err(CardError::Blocked),
        1 => Err(CardError::LastTry),
        _ => Ok(Readiness { tries_left }),
    }
}

/// Signs the statement and reads the signature certificate, in one session that ends at the card's power-on state.
///
/// # Errors
/// The password is wrong ([`CardError::WrongPassword`]) or not tried ([`CardError::LastTry`], [`CardError::Blocked`]),
/// the card has no such certificate, or is gone.
pub fn read_and_sign(
    transport: &mut dyn Transport,
    statement: &Enrolment,
    password: &Pin,
) -> Result<SignedProof, CardError> {
    let mut card = Card::open(transport)?;
    if !card.availability()?.sign {
        return Err(CardError::NoSignCertificate);
    }
    match card.verify(password, LastTry::Keep)? {
        Verification::Verified => {}
        Verification::Wrong { left } => return Err(CardError::WrongPassword { left }),
        Verification::Blocked => return Err(CardError::Blocked),
        Verification::LastTry => return Err(CardError::LastTry),
    }
    let signature = card.sign(statement)?;
    let sign_certificate = card.read_sign_certificate()?;
    card.end()?;
    Ok(SignedProof {
        statement: Encoded(statement.to_bytes()),
        signature: Encoded(signature),
        sign_certificate: Encoded(sign_certificate),
    })
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;
