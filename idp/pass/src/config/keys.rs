//! `[keys]`: the key provider.

use serde::Deserialize;
use std::path::PathBuf;

/// Where the installation's wrapping secret comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysSection {
    /// A file of 64 hexadecimal digits, mode 0600, not beside the data. `%d` at its start is the systemd credentials folder.
    pub wrapping_secret_file: PathBuf,
}
