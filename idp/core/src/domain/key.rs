//! Signing keys and their states. Every node signs with the same keys: they are rows, sealed under the wrapping key.

use super::client::SigningAlg;
use crate::Time;
use crate::id::KeyId;
use serde::{Deserialize, Serialize};

/// A signing key as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Row.
    pub id: KeyId,
    /// `kid`: the RFC 7638 thumbprint.
    pub kid: String,
    /// Its one algorithm.
    pub alg: SigningAlg,
    /// Where it stands.
    pub state: KeyState,
    /// The public JWK, as JSON.
    pub public_jwk: String,
    /// The private key (PKCS#8 DER), sealed.
    pub sealed_private: Vec<u8>,
    /// When it was made.
    pub created_at: Time,
    /// When it left service.
    pub retired_at: Option<Time>,
}

/// Where a key stands. All three are published; only `Current` signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published ahead, so that caches know it before it signs.
    Next,
    /// Signs.
    Current,
    /// Still verifies what it signed.
    Retired,
}

impl KeyState {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }

    /// Reads the word of the table.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Next, Self::Current, Self::Retired].into_iter().find(|state| state.as_str() == word)
    }
}
