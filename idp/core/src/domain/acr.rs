//! Authentication context class: the words for how strong a sign-in is. What earns one is `authn::acr`.

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

    /// Of two demands the one that satisfies both. A face and a signature are not comparable: the face is asked for first.
    pub fn or_stronger(self, other: Self) -> Self {
        match (self.satisfies(other), other.satisfies(self)) {
            (true, _) => self,
            (_, true) => other,
            (false, false) => Self::Aal2Face,
        }
    }
}
