//! What the card agent does with a card: one session, one signed proof.

mod text;

pub use text::{look_at_text, read_text};

use crate::{
    AnyStatement, Enrolment, LoginChallenge, LoginProof, Pin, SignedProof, TextProof, Transport,
    card::{Card, CardError, LastTry, Verification},
    pin::Secret,
    proof::Encoded,
    statement::Statement,
};

/// What the agent may know of one secret before it asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// Tries left of the secret on the card.
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
    let ready = ready(&mut card, Secret::Sign);
    card.end()?;
    ready
}

/// Looks at the card before the four digits are asked for, likewise.
///
/// # Errors
/// [`CardError::NotJpki`], [`CardError::NoAuthCertificate`], [`CardError::Blocked`], [`CardError::LastTry`], or the reader.
pub fn look_for_login(transport: &mut dyn Transport) -> Result<Readiness, CardError> {
    let mut card = Card::open(transport)?;
    let ready = ready(&mut card, Secret::Auth);
    card.end()?;
    ready
}

fn ready<T: Transport>(card: &mut Card<T>, secret: Secret) -> Result<Readiness, CardError> {
    holds(card, secret)?;
    match card.tries_left(secret)? {
        0 => Err(CardError::Blocked),
        1 => Err(CardError::LastTry),
        tries_left => Ok(Readiness { tries_left }),
    }
}

fn holds<T: Transport>(card: &mut Card<T>, secret: Secret) -> Result<(), CardError> {
    let there = card.availability()?;
    match secret {
        Secret::Sign if !there.sign => Err(CardError::NoSignCertificate),
        Secret::Auth if !there.auth => Err(CardError::NoAuthCertificate),
        _ => Ok(()),
    }
}

/// What the person typed. Which of the two is needed, the statement says.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The signature password.
    pub password: Option<Pin>,
    /// The four digits of the login key.
    pub pin: Option<Pin>,
    /// The four digits of the text application.
    pub text: Option<Pin>,
}

/// What the card signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// With the signature key.
    pub proof: Option<SignedProof>,
    /// With the login key.
    pub login: Option<LoginProof>,
    /// What was read of the text, signed by the chip.
    pub text: Option<TextProof>,
}

/// Why a card did not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// The card or the reader.
    #[error(transparent)]
    Card(#[from] CardError),
    /// A secret: wrong, blocked, or one try before it.
    #[error("{0:?}: {1}")]
    Secret(Secret, CardError),
}

impl NotSigned {
    /// An error at a card that was about this secret, if it is one about secrets at all.
    #[must_use]
    pub fn at(secret: Secret, error: CardError) -> Self {
        match error {
            CardError::WrongPassword { .. } | CardError::LastTry | CardError::Blocked => Self::Secret(secret, error),
            other => Self::Card(other),
        }
    }

    /// The stable code, for locale keys and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        use CardError::{Blocked, LastTry, WrongPassword};
        match self {
            Self::Secret(Secret::Auth, WrongPassword { .. }) => "wrong_pin",
            Self::Secret(Secret::Auth, LastTry) => "last_try_pin",
            Self::Secret(Secret::Auth, Blocked) => "blocked_pin",
            Self::Secret(Secret::Text, WrongPassword { .. }) => "wrong_text_pin",
            Self::Secret(Secret::Text, LastTry) => "last_try_text_pin",
            Self::Secret(Secret::Text, Blocked) => "blocked_text_pin",
            Self::Card(error) | Self::Secret(_, error) => error.code(),
        }
    }
}

/// Signs a statement in one session that ends at the card's power-on state. An enrolment and a recovery need the password;
/// with the four digits beside it the login key signs the challenge that belongs to them, for the same ticket and nonce. A consent needs the password. A
/// login needs the four digits, a reading of the text the four digits of its own. Nothing is signed before every secret was right.
///
/// # Errors
/// A secret is wrong ([`CardError::WrongPassword`]), missing or not tried ([`CardError::LastTry`], [`CardError::Blocked`]), the
/// card has no such certificate, or is gone.
pub fn sign(transport: &mut dyn Transport, statement: &AnyStatement, typed: &Typed) -> Result<Signed, NotSigned> {
    let (signature, challenge): (Option<&dyn Statement>, Option<LoginChallenge>) = match statement {
        AnyStatement::Enrolment(enrolment) => {
            (Some(enrolment), Some(enrolment.challenge().map_err(|_| CardError::Malformed)?))
        }
        AnyStatement::Recovery(recovery) => (Some(recovery), Some(recovery.challenge())),
        AnyStatement::Login(login) => (None, Some(login.clone())),
        AnyStatement::Consent(consent) => (Some(&**consent), None),
        AnyStatement::Text(reading) => {
            let pin = typed.text.as_ref().ok_or(CardError::SecretMissing)?;
            let text = read_text(transport, reading, pin).map_err(|error| NotSigned::at(Secret::Text, error))?;
            return Ok(Signed { proof: None, login: None, text: Some(text) });
        }
    };
    let mut card = Card::open(transport)?;
    if signature.is_some() {
        let password = typed.password.as_ref().ok_or(CardError::SecretMissing)?;
        holds(&mut card, Secret::Sign)?;
        open_with(&mut card, password).map_err(|error| NotSigned::at(Secret::Sign, error))?;
    } else if typed.pin.is_none() {
        return Err(CardError::SecretMissing.into());
    }
    if let Some(pin) = &typed.pin {
        holds(&mut card, Secret::Auth)?;
        open_with(&mut card, pin).map_err(|error| NotSigned::at(Secret::Auth, error))?;
    }
    let proof = signature.map(|statement| signed(&mut card, statement)).transpose()?;
    let login = match (challenge, &typed.pin) {
        (Some(challenge), Some(_)) => Some(signed_login(&mut card, &challenge)?),
        _ => None,
    };
    card.end()?;
    Ok(Signed { proof, login, text: None })
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
    holds(&mut card, Secret::Sign)?;
    open_with(&mut card, password)?;
    let proof = signed(&mut card, statement)?;
    card.end()?;
    Ok(proof)
}

fn open_with<T: Transport>(card: &mut Card<T>, pin: &Pin) -> Result<(), CardError> {
    match card.verify(pin, LastTry::Keep)? {
        Verification::Verified => Ok(()),
        Verification::Wrong { left } => Err(CardError::WrongPassword { left }),
        Verification::Blocked => Err(CardError::Blocked),
        Verification::LastTry => Err(CardError::LastTry),
    }
}

fn signed<T: Transport>(card: &mut Card<T>, statement: &dyn Statement) -> Result<SignedProof, CardError> {
    Ok(SignedProof {
        signature: Encoded(card.sign(statement)?),
        statement: Encoded(statement.to_bytes()),
        sign_certificate: Encoded(card.read_sign_certificate()?),
    })
}

fn signed_login<T: Transport>(card: &mut Card<T>, challenge: &LoginChallenge) -> Result<LoginProof, CardError> {
    Ok(LoginProof {
        signature: Encoded(card.sign(challenge)?),
        statement: Encoded(challenge.to_bytes()),
        auth_certificate: Encoded(card.read_auth_certificate()?),
    })
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod fault_tests;
