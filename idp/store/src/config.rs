//! Where the store lives.

use std::fmt;
use std::path::PathBuf;

/// Which database, and where.
#[derive(Clone)]
pub enum Config {
    /// Embedded: one process, two files.
    Sqlite {
        /// The main store.
        path: PathBuf,
        /// The second store: wrapped keys of persons, left out of the backups of the first.
        keys_path: PathBuf,
    },
    /// A server, for any number of nodes. The wrapped keys of persons are in its schema `pass_keys`,
    /// left out of the main backup by `pg_dump --exclude-schema=pass_keys`.
    Postgres {
        /// `postgres://user@host/database`.
        url: String,
        /// Connections of this node, 8 to 16: the server groups the commits that arrive together.
        pool: u32,
    },
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path, keys_path } => {
                f.debug_struct("Sqlite").field("path", path).field("keys_path", keys_path).finish()
            }
            // The address may hold a password.
            Self::Postgres { pool, .. } => f.debug_struct("Postgres").field("pool", pool).finish_non_exhaustive(),
        }
    }
}
