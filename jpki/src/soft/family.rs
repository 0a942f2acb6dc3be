//! The named soft cards of the demo and of the tests.

use std::path::Path;

use super::SoftCard;
use crate::{Anchors, RevocationData};

/// The family could not be made or read.
#[derive(Debug, thiserror::Error)]
#[error("soft cards: {0}")]
pub struct FamilyError(pub String);

/// The soft cards of one folder, with the PKI that issued them. The same folder gives the same keys.
pub struct Family {
    cards: Vec<NamedCard>,
}

/// One card of the family.
pub struct NamedCard {
    /// Its name for `pass card`.
    pub name: String,
    /// 利用者証明用 PIN.
    pub pin: String,
    /// 署名用 password.
    pub signature_password: String,
    /// One line about it, for lists.
    pub what: String,
}

impl NamedCard {
    /// Puts the card into a reader: powered, nothing verified, its own counters.
    #[must_use]
    pub fn insert(&self) -> SoftCard {
        SoftCard
    }
}

impl Family {
    /// Opens the family kept in `dir`, or makes it as of `now` (epoch seconds).
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn open_or_create(_dir: &Path, _now: i64) -> Result<Self, FamilyError> {
        Ok(Self { cards: Vec::new() })
    }

    /// All cards, in a fixed order.
    #[must_use]
    pub fn cards(&self) -> &[NamedCard] {
        &self.cards
    }

    /// The card of that name: `hanako`, `ken`, `aoi`, `user0`, `expired`, `revoked`, `foreign-ca`, `blocked`.
    #[must_use]
    pub fn card(&self, name: &str) -> Option<&NamedCard> {
        self.cards.iter().find(|card| card.name == name)
    }

    /// The roots this family's certificates chain to (without the foreign one).
    #[must_use]
    pub fn anchors(&self) -> Anchors {
        Anchors::production()
    }

    /// A fresh revocation list of the family's CA, naming the card `revoked`.
    #[must_use]
    pub fn revocation(&self) -> RevocationData {
        RevocationData::none("not built yet")
    }
}
