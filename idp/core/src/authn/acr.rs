//! Authentication context class: how strong a sign-in is.

use crate::Time;
use crate::domain::session::AuthenticationEvent;
use serde::{Deserialize, Serialize};

/// The strengths of PASS, weakest first (`docs/acr.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Acr {
    /// A mail code, or a face alone (OpenID Connect Core 2: below level 1).
    #[serde(rename = "0")]
    Zero,
    /// A passkey that did not verify its user.
    #[serde(rename = "aal1")]
    Aal1,
    /// A passkey with user verification; card and PIN.
    #[serde(rename = "aal2")]
    Aal2,
    /// `aal2` and a 1:1 face match in this sign-in.
    #[serde(rename = "aal2-face")]
    Aal2Face,
    /// A signature-certificate operation now.
    #[serde(rename = "aal3")]
    Aal3,
}

impl Acr {
    /// All, weakest first.
    pub const ALL: [Self; 5] = [Self::Zero, Self::Aal1, Self::Aal2, Self::Aal2Face, Self::Aal3];

    /// The value in requests and tokens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::Aal1 => "aal1",
            Self::Aal2 => "aal2",
            Self::Aal2Face => "aal2-face",
            Self::Aal3 => "aal3",
        }
    }

    /// Reads a value of `acr_values`; unknown words are nothing.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.as_str() == value)
    }

    /// Whether a sign-in of this strength is enough where `wanted` is asked for.
    /// `aal2-face` satisfies `aal2`; only a face match satisfies `aal2-face`.
    pub fn satisfies(self, wanted: Self) -> bool {
        match (self, wanted) {
            (Self::Aal3, Self::Aal2Face) => false,
            (held, wanted) => held as u8 >= wanted as u8,
        }
    }
}

/// What a session's events are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Achieved {
    /// The strongest class they reach.
    pub acr: Acr,
    /// Methods that count for it (RFC 8176), sorted.
    pub amr: Vec<&'static str>,
    /// Time of the newest event that counts for it.
    pub auth_time: Time,
    /// Every value of `acr_values` that is satisfied, weakest first, then `phr`, `phrh`.
    pub holds: Vec<&'static str>,
}

/// What an account has to sign in with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts {
    /// A mail address.
    pub mail: bool,
    /// A passkey, or the demo's test authenticator.
    pub passkey: bool,
    /// A card whose 4-digit PIN signs in here.
    pub card_pin: bool,
    /// A card whose signature signs in here.
    pub card_signature: bool,
    /// A face template that has not ended, and a matcher that works.
    pub face: bool,
}

/// What the events of a session are worth now. With `max_age` older events do not count. None: nobody is signed in.
pub fn achieved(_events: &[AuthenticationEvent], _now: Time, _max_age: Option<u32>) -> Option<Achieved> {
    None
}

/// The classes an account can reach, weakest first.
pub fn reachable(_facts: AccountFacts) -> Vec<Acr> {
    Vec::new()
}
