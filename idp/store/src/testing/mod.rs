//! Fresh databases of both kinds, for the tests of this crate and of others (cargo feature `testing`).
#![expect(clippy::print_stderr)]

mod cluster;
mod entropy;

pub use cluster::Postgres;
pub use entropy::Seeded;

use crate::{Config, Store};
use tempfile::TempDir;

/// An empty, migrated database that goes away with this value.
pub struct TestDatabase {
    /// `sqlite` or `postgres`, for messages of tests.
    pub name: &'static str,
    /// How to open it once more.
    pub config: Config,
    /// The open store.
    pub store: Store,
    _keep: Keep,
}

enum Keep {
    Directory { _dir: TempDir },
    Database { server: &'static Postgres, name: String },
}

/// One of each kind. Where PostgreSQL cannot be started, SQLite alone, and a loud line says so.
pub fn databases() -> Vec<TestDatabase> {
    std::iter::once(sqlite()).chain(postgres()).collect()
}

/// A fresh SQLite database in a folder of its own.
pub fn sqlite() -> TestDatabase {
    let dir = tempfile::Builder::new().prefix("pass-store-").tempdir().expect("the temporary folder is writable");
    let config = Config::Sqlite { path: dir.path().join("pass.db"), keys_path: dir.path().join("keys.db") };
    TestDatabase { name: "sqlite", store: opened(&config), config, _keep: Keep::Directory { _dir: dir } }
}

/// A fresh PostgreSQL database on the server of this process.
pub fn postgres() -> Option<TestDatabase> {
    let server = Postgres::start()?;
    let name = server.create_database();
    let config = Config::Postgres { url: server.url(&name), pool: 8 };
    Some(TestDatabase { name: "postgres", store: opened(&config), config, _keep: Keep::Database { server, name } })
}

fn opened(config: &Config) -> Store {
    let store = Store::open(config).unwrap_or_else(|fault| panic!("open a fresh database: {fault}"));
    store.migrate().unwrap_or_else(|fault| panic!("migrate a fresh database: {fault}"));
    store
}

impl Drop for Keep {
    fn drop(&mut self) {
        if let Self::Database { server, name } = self {
            server.drop_database(name);
        }
    }
}

/// Says that a part of the tests did not run, and adds the line to the file named by `PASS_SKIPS`.
pub fn skipped(what: &str) {
    use std::io::Write;
    let line = format!("SKIPPED: {what}");
    eprintln!("{line}");
    if let Some(path) = std::env::var_os("PASS_SKIPS") {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        let written = file.and_then(|mut file| writeln!(file, "{line}"));
        written.unwrap_or_else(|error| panic!("note a skipped test: {error}"));
    }
}
