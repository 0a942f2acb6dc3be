//! Revocation answers from files that the operator keeps fresh.

use jpki::RevocationData;
use pass_core::ports::Revocation;
use std::path::{Path, PathBuf};

/// A revocation list of each authority in a file, read at each proof: proofs by card are rare, and a stale copy in memory would
/// be a trap.
pub struct CrlFile {
    sign: Option<PathBuf>,
    login: Option<PathBuf>,
}

impl CrlFile {
    /// Without a path every proof records "not checked".
    pub const fn new(sign: Option<PathBuf>, login: Option<PathBuf>) -> Self {
        Self { sign, login }
    }
}

impl Revocation for CrlFile {
    fn of_sign_certificates(&self) -> RevocationData {
        of(self.sign.as_deref())
    }

    fn of_login_certificates(&self) -> RevocationData {
        of(self.login.as_deref())
    }
}

fn of(path: Option<&Path>) -> RevocationData {
    let Some(path) = path else {
        return RevocationData::none("no revocation list is configured");
    };
    let read = std::fs::read(path).map_err(|error| error.to_string());
    read.and_then(|list| RevocationData::from_der(&[list]).map_err(|error| error.to_string())).unwrap_or_else(|error| {
        tracing::error!(%error, "the revocation list cannot be used");
        // No list at all, though one is configured: proofs are refused instead of passing unchecked.
        RevocationData::from_der(&[]).expect("no list is no malformed list")
    })
}
