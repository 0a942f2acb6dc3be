//! Revocation answers from a file that the operator keeps fresh.

use pass_core::ports::Revocation;
use std::path::PathBuf;
use std::sync::Arc;

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
    fn sign_crl(&self) -> Option<Arc<Vec<u8>>> {
        let path = self.path.as_ref()?;
        match std::fs::read(path) {
            Ok(bytes) => Some(Arc::new(bytes)),
            Err(error) => {
                tracing::error!(%error, "the revocation list cannot be read");
                // An empty list does not verify: the proof is refused instead of passing unchecked.
                Some(Arc::new(Vec::new()))
            }
        }
    }
}
