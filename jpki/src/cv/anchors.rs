//! The roots of card-verifiable certificates, by key identifier.

use std::{fmt, sync::Arc};

use super::{CardKey, KeyId};
use crate::Refusal;

/// Whom we believe about the text and surface applications.
///
/// J-LIS publishes no such keys. Copies circulate without a source that could be checked, so none is built in: until a
/// city has them from J-LIS, [`TextAnchors::production`] is empty and every reading is refused as `anchor_unverified`.
#[derive(Clone)]
pub struct TextAnchors {
    roots: Vec<(KeyId, Arc<CardKey>)>,
    test: bool,
}

impl fmt::Debug for TextAnchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextAnchors({} roots{})", self.roots.len(), if self.test { ", test" } else { "" })
    }
}

impl TextAnchors {
    /// Production: still without a root.
    #[must_use]
    pub fn production() -> Self {
        Self { roots: Vec::new(), test: false }
    }

    /// Roots of the soft cards: key identifier, and the key as cards write it. Never in a release build.
    ///
    /// # Errors
    /// A key that is none.
    #[cfg(feature = "soft-card")]
    pub fn test(roots: &[(KeyId, Vec<u8>)]) -> Result<Self, Refusal> {
        let read = |(id, key): &(KeyId, Vec<u8>)| Ok((*id, Arc::new(CardKey::read(key)?)));
        Ok(Self { roots: roots.iter().map(read).collect::<Result<_, Refusal>>()?, test: true })
    }

    /// Whether these are roots of soft cards.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.test
    }

    /// Whether there is any root to believe.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    pub(super) fn root(&self, id: &KeyId) -> Result<&CardKey, Refusal> {
        if self.roots.is_empty() {
            return Err(Refusal::AnchorUnverified);
        }
        self.roots.iter().find(|(of, _)| of == id).map(|(_, key)| &**key).ok_or(Refusal::ForeignCa)
    }
}
