//! Account and credential: who signs in, and with what.

use super::words::Language;
use crate::Time;
use crate::id::{AccountId, CredentialId, PersonId};
use crate::secret::Hash;
use serde::{Deserialize, Serialize};

/// Somebody who signs in. Holds no personal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Row.
    pub id: AccountId,
    /// The account's own person.
    pub person: PersonId,
    /// The 16-byte user handle of passkeys (WebAuthn 5.4.3): random, never the `sub`.
    pub user_handle: [u8; 16],
    /// The language last chosen.
    pub language: Language,
    /// When it was opened.
    pub created_at: Time,
    /// When it was closed, if it is.
    pub closed_at: Option<Time>,
}

/// A way to sign in.
#[derive(Clone)]
pub struct Credential {
    /// Row.
    pub id: CredentialId,
    /// Whose it is.
    pub account: AccountId,
    /// What it is.
    pub kind: CredentialKind,
    /// What it is found by: a keyed hash of the mail address or card, the hash of a passkey's credential id. Unique in its kind.
    pub lookup: Hash,
    /// Public part: the passkey as JSON, the mail address sealed under the person's key; nothing for others.
    pub public: Vec<u8>,
    /// The name its owner gave it.
    pub label: String,
    /// When it was added.
    pub created_at: Time,
    /// When it was last used; may be lost in a power cut.
    pub last_used_at_lazy: Option<Time>,
}

/// What a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// An address that receives one-time codes.
    Mail,
    /// A passkey (WebAuthn).
    Passkey,
    /// A My Number Card's authentication key.
    Card,
    /// Id and secret of the demo's test authenticator.
    Test,
}

impl CredentialKind {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Passkey => "passkey",
            Self::Card => "card",
            Self::Test => "test",
        }
    }

    /// Reads the word of the table.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Mail, Self::Passkey, Self::Card, Self::Test].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A one-time code that was mailed. The address itself waits sealed in the outbox and is not here.
#[derive(Clone, Debug)]
pub struct MailCode {
    /// Hash of the secret that the browser holds while it waits for the code.
    pub hash: Hash,
    /// Blind index of the address.
    pub address: Hash,
    /// The address, sealed under the outbox key, to open an account with when the code is right.
    pub sealed_address: Vec<u8>,
    /// HMAC of the code; six digits alone would be found by trying.
    pub code: Hash,
    /// The account to sign in to; none while signing up.
    pub account: Option<AccountId>,
    /// Wrong tries so far.
    pub tries: i32,
    /// When it was made.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
}

/// State of a WebAuthn ceremony between begin and finish: kept here, used once.
#[derive(Clone)]
pub struct Ceremony {
    /// Hash of the secret that the page holds.
    pub hash: Hash,
    /// The account that adds a passkey; none for signing in.
    pub account: Option<AccountId>,
    /// The library's state as JSON.
    pub state: String,
    /// When it stops working.
    pub expires_at: Time,
}
