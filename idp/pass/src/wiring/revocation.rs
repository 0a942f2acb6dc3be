//! Revocation answers from a file that the operator keeps fresh.

use jpki::RevocationData;
use pass_core::ports::Revocation;
use std::path::PathBuf;

/// A revocation list in a file, read at each proofing: proofings are rare, and a stale copy in memory would be a trap.
pub struct CrlFile {
    path: Option<PathBuf>,
}

impl CrlFile {
    /// Without a path every proof records "not checked".
    pub const fn new(path: Option<PathBuf>) -> Self {
        Self { path }
    }
}

impl Revocation for CrlFile {
    fn of_sign_certificates(&self) -> RevocationData {
        let Some(path) = &self.path else {
            return RevocationData::none("no revocation list is configured");
        };
        let read = std::fs::read(path).map_err(|error| error.to_string());
        read.and_then(|list| RevocationData::from_der(&[list]).map_err(|error| error.to_string())).unwrap_or_else(
            |error| {
                tracing::error!(%error, "the revocation list cannot be used");
                // No list at all, though one is configured: proofs are refused instead of passing unchecked.
                RevocationData::from_der(&[]).expect("no list is no malformed list")
            },
        )
    }
}
