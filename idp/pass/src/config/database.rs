//! `[database]`: the main store and the second store with the persons' keys.

use super::secret_file;
use pass_core::Fault;
use serde::Deserialize;
use std::path::PathBuf;

/// Where rows live.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSection {
    /// Which engine.
    pub kind: DatabaseKind,
    /// SQLite: the main file.
    pub path: Option<PathBuf>,
    /// SQLite: the second file, with the wrapped keys of persons. Keep it out of the main backup.
    pub keys_path: Option<PathBuf>,
    /// PostgreSQL: a file that holds the connection URL. The environment variable `PASS_DATABASE_URL` wins over it.
    pub url_file: Option<PathBuf>,
    /// PostgreSQL: connections, 8 to 16.
    #[serde(default = "twelve")]
    pub pool: u32,
}

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// Embedded: one process writes one file.
    Sqlite,
    /// Any number of nodes on one database.
    Postgres,
}

const fn twelve() -> u32 {
    12
}

impl DatabaseSection {
    /// The PostgreSQL connection URL.
    pub fn url(&self) -> Result<String, Fault> {
        if let Ok(url) = std::env::var("PASS_DATABASE_URL") {
            return Ok(url);
        }
        let file = self.url_file.as_deref().ok_or_else(|| Fault::new("database.url_file is missing"))?;
        secret_file(file)
    }
}
