//! A visit to the national service: somebody left for it and is awaited back, in the same browser, once.

use crate::Time;
use crate::id::AccountId;
use crate::secret::Hash;

/// A visit to the national service.
#[derive(Clone)]
pub struct UpstreamVisit {
    /// Hash of its `state`.
    pub hash: Hash,
    /// Hash of the secret of the browser that left; only that browser may come back.
    pub browser: Hash,
    /// Hash of the handle of the interaction it left from.
    pub interaction: Hash,
    /// The handle itself, sealed: the way back.
    pub sealed_handle: Vec<u8>,
    /// Whose proofing; none for a sign-in.
    pub account: Option<AccountId>,
    /// What for.
    pub purpose: Purpose,
    /// When it stops working.
    pub expires_at: Time,
    /// When it came back.
    pub used_at: Option<Time>,
    /// What the service said, sealed under the person's own key until the person says keep or not.
    pub sealed_told: Option<Vec<u8>>,
}

/// What a visit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Be proofed: the four attributes are asked for.
    Proofing,
    /// Sign in with an account that was proofed so: nothing but the subject.
    SignIn,
}

impl Purpose {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proofing => "proofing",
            Self::SignIn => "sign_in",
        }
    }

    /// Reads the word of the table.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Proofing, Self::SignIn].into_iter().find(|purpose| purpose.as_str() == word)
    }
}
