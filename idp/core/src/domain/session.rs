//! Session and authentication event: that somebody proved who is there, how, and when.

use crate::Time;
use crate::id::{AccountId, EventId, SessionId};
use crate::secret::Hash;
use serde::{Deserialize, Serialize};

/// A sign-in session. `acr` and `amr` come from its events, never from what the account owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Row.
    pub id: SessionId,
    /// Hash of the cookie.
    pub cookie: Hash,
    /// Who signed in.
    pub account: AccountId,
    /// When.
    pub created_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
    /// When it was ended by hand.
    pub ended_at: Option<Time>,
    /// The proofs it holds, oldest first.
    pub events: Vec<AuthenticationEvent>,
}

/// One successful proof. Proofing and enrolling a face are not authentication events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticationEvent {
    /// Row.
    pub id: EventId,
    /// In which session.
    pub session: SessionId,
    /// How.
    pub method: Method,
    /// When.
    pub at: Time,
}

/// How somebody proved to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A code sent by mail.
    MailCode,
    /// A passkey that did not verify its user.
    PasskeyPresence,
    /// A passkey with user verification.
    Passkey,
    /// The demo's test authenticator; counts as a passkey with user verification.
    Test,
    /// My Number Card with the 4-digit PIN.
    CardPin,
    /// A signature with the signature certificate.
    CardSignature,
    /// The national service (デジタル認証アプリ) said who it is, with card and PIN there.
    DigitalAuthApp,
    /// A 1:1 face match.
    Face,
}

impl Method {
    /// All methods, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::MailCode,
        Self::PasskeyPresence,
        Self::Passkey,
        Self::Test,
        Self::CardPin,
        Self::CardSignature,
        Self::DigitalAuthApp,
        Self::Face,
    ];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MailCode => "mail_code",
            Self::PasskeyPresence => "passkey_presence",
            Self::Passkey => "passkey",
            Self::Test => "test",
            Self::CardPin => "card_pin",
            Self::CardSignature => "card_signature",
            Self::DigitalAuthApp => "digital_auth_app",
            Self::Face => "face",
        }
    }

    /// Reads the word of the table.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }
}
