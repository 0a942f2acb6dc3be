//! Why a session with a card stopped, with codes that pages and programs know.

use crate::{tlv::Malformed, transport::TransportError};

/// Why a session with a card stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// The card or reader went away.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// No My Number Card: the JPKI application is not there.
    #[error("not a My Number Card")]
    NotJpki,
    /// A My Number application that this token does not have, as a phone has none but JPKI.
    #[error("this application is not on the card")]
    NoApplication,
    /// A secret of another application: nothing was sent to the card.
    #[error("this secret belongs to another application")]
    OtherApplication,
    /// The records of the card do not prove each other: something was changed, or the card is a copy.
    #[error("the records of the card do not fit together")]
    Unproven,
    /// The card holds no certificate for digital signature (under 15, or not asked for).
    #[error("no certificate for digital signature on this card")]
    NoSignCertificate,
    /// The card holds no certificate for login (opted out).
    #[error("no certificate for user authentication on this card")]
    NoAuthCertificate,
    /// A secret that the statement needs was not given; the card was not asked.
    #[error("no secret was given")]
    SecretMissing,
    /// Wrong password, and so many tries left.
    #[error("wrong password, {left} left")]
    WrongPassword {
        /// Tries that remain on the card.
        left: u8,
    },
    /// One try is left: nothing was sent to the card.
    #[error("only the last try is left")]
    LastTry,
    /// The password is blocked.
    #[error("blocked")]
    Blocked,
    /// An answer that this session does not expect.
    #[error("unexpected status {0:04X}")]
    Status(u16),
    /// A file of the card is not what it should be.
    #[error("malformed data on the card")]
    Malformed,
}

impl From<Malformed> for CardError {
    fn from(_: Malformed) -> Self {
        CardError::Malformed
    }
}

impl CardError {
    /// The stable code, for locale keys and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            CardError::Transport(TransportError::Removed) => "card_removed",
            CardError::Transport(TransportError::Reader(_)) => "reader_failed",
            CardError::NotJpki | CardError::NoApplication => "not_a_my_number_card",
            CardError::NoSignCertificate => "no_sign_certificate",
            CardError::NoAuthCertificate => "no_auth_certificate",
            CardError::WrongPassword { .. } | CardError::SecretMissing => "wrong_password",
            CardError::LastTry => "last_try",
            CardError::Blocked => "blocked",
            CardError::Transport(TransportError::Forbidden(_))
            | CardError::OtherApplication
            | CardError::Unproven
            | CardError::Status(_)
            | CardError::Malformed => "card_failed",
        }
    }
}
