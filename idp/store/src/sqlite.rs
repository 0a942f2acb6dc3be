//! SQLite, embedded: a writer thread for each of the two files, and readers of their own that never stand behind it.

use crate::db::Db;
use crate::stats::Counters;
use crate::tx::Tx;
use crate::writer::Writer;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use pass_core::Fault;
use pass_core::fault::Outcome;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Readers kept open; more are opened under load and closed again.
const IDLE_READERS: usize = 16;

const COMMON: &str = "PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;";

pub(crate) struct Sqlite {
    pub(crate) writer: Writer,
    pub(crate) keys: Writer,
    pub(crate) readers: Readers,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, keys_path: &Path, counters: &Arc<Counters>) -> Outcome<Self> {
        // The key file first: every other connection attaches it.
        let keys = Writer::start("pass-write-keys", open_keys_writer(keys_path)?, Arc::clone(counters))?;
        let writer = Writer::start("pass-write", open_writer(path, keys_path)?, Arc::clone(counters))?;
        let readers = Readers { path: path.into(), keys_path: keys_path.into(), idle: Mutex::default() };
        Ok(Self { writer, keys, readers })
    }
}

pub(crate) struct Readers {
    path: PathBuf,
    keys_path: PathBuf,
    idle: Mutex<Vec<Tx>>,
}

impl Readers {
    /// Runs a closure over one snapshot, on the calling thread.
    pub(crate) fn with<T>(&self, work: &dyn Fn(&mut Tx) -> Outcome<T>) -> Outcome<T> {
        let idle = self.idle().pop();
        let mut tx = idle.map_or_else(|| open_reader(&self.path, &self.keys_path), Ok)?;
        tx.frame("BEGIN").map_err(|error| Fault::because("begin to read", error))?;
        let outcome = tx.attempt(work);
        let ended = tx.frame("ROLLBACK");
        let mut idle = self.idle();
        if ended.is_ok() && idle.len() < IDLE_READERS {
            idle.push(tx);
        }
        outcome
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Tx>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The main file alone, for migrations.
pub(crate) fn open_plain(path: &Path) -> Outcome<SqliteConnection> {
    create_private(path)?;
    connect(&path.to_string_lossy(), "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
}

pub(crate) fn open_writer(path: &Path, keys_path: &Path) -> Outcome<Tx> {
    create_private(path)?;
    let setup = format!(
        "{COMMON} PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; {}",
        attach(keys_path, "?mode=ro")
    );
    connect(&path.to_string_lossy(), &setup).map(Db::Sqlite).map(Tx::new)
}

/// The key file is attached to nothing, so that `pass_keys.person_keys` names it here as everywhere.
/// What is erased is overwritten at once (`secure_delete`), and the writer empties the log after it.
fn open_keys_writer(keys_path: &Path) -> Outcome<Tx> {
    create_private(keys_path)?;
    let setup = format!(
        "{COMMON} {} PRAGMA pass_keys.journal_mode=WAL; PRAGMA pass_keys.synchronous=FULL; PRAGMA pass_keys.secure_delete=ON;",
        attach(keys_path, "")
    );
    connect(":memory:", &setup).map(Db::Sqlite).map(Tx::new)
}

fn open_reader(path: &Path, keys_path: &Path) -> Outcome<Tx> {
    let setup = format!("{COMMON} PRAGMA cache_size=-1024; {} PRAGMA query_only=ON;", attach(keys_path, "?mode=ro"));
    connect(&path.to_string_lossy(), &setup).map(Db::Sqlite).map(Tx::new)
}

fn connect(path: &str, setup: &str) -> Outcome<SqliteConnection> {
    let doing = |error| Fault::because(format!("open the database file {path}"), error);
    let mut conn = SqliteConnection::establish(path).map_err(|error| doing(error.to_string()))?;
    conn.batch_execute(setup).map_err(|error| doing(error.to_string()))?;
    Ok(conn)
}

fn attach(path: &Path, mode: &str) -> String {
    // https://www.sqlite.org/uri.html: these three end the path of a URI.
    let uri = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("ATTACH 'file:{}{mode}' AS pass_keys;", uri.replace('\'', "''"))
}

/// Readable by the owner alone, from the first moment.
fn create_private(path: &Path) -> Outcome<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    file.map(drop).map_err(|error| Fault::because(format!("open the database file {}", path.display()), error))
}
