//! Where the repository lies.

use std::path::{Path, PathBuf};

/// The root of the repository.
///
/// # Panics
/// The package lies at the root of the file system.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in a folder of the repository").to_owned()
}
