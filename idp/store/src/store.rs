//! The store and its two verbs.

use crate::config::Config;
use crate::migrate;
use crate::postgres::{Mode, Postgres};
use crate::sqlite::Sqlite;
use crate::stats::{Counters, Stats};
use crate::tx::{KeysTx, Tx};
use crate::watch::{Ear, Watch};
use pass_core::Fault;
use pass_core::fault::Outcome;
use std::sync::Arc;

/// The open store. Clones share it; dropping the last one commits what is queued and ends its threads.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    config: Config,
    engine: Engine,
    counters: Arc<Counters>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens both stores, the main one and that of the persons' keys. Blocks; call it at start.
    pub fn open(config: &Config) -> Outcome<Self> {
        let counters = Arc::default();
        let engine = match config {
            Config::Sqlite { path, keys_path } => Engine::Sqlite(Sqlite::open(path, keys_path, &counters)?),
            Config::Postgres { url, pool } => Engine::Postgres(Postgres::open(url, *pool, &counters)?),
        };
        Ok(Self(Arc::new(Inner { config: config.clone(), engine, counters })))
    }

    /// Brings the tables to the newest version. Blocks; call it at start.
    pub fn migrate(&self) -> Outcome<()> {
        migrate::migrate(&self.0.config)
    }

    /// Whether the tables are at the newest version, by one query. Blocks; call it at start.
    pub fn migrated(&self) -> Outcome<bool> {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.readers.with(&migrate::migrated),
            Engine::Postgres(postgres) => postgres.run_here(Mode::Read, &migrate::migrated),
        }
    }

    /// Reports and searches: one snapshot, read on a thread that may block.
    pub async fn read<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> Outcome<T> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(_) => {
                let store = self.clone();
                let run = move || store.read_here(&work);
                tokio::task::spawn_blocking(run).await.map_err(|error| Fault::because("run a store closure", error))?
            }
            Engine::Postgres(postgres) => postgres.run(Mode::Read, work).await,
        }
    }

    /// Look-ups by key: on SQLite they run right here, which costs half of a hand-over; on PostgreSQL like `read`.
    pub async fn read_now<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> Outcome<T> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.readers.with(&work),
            Engine::Postgres(postgres) => postgres.run(Mode::Read, work).await,
        }
    }

    /// Writes: when this returns `Ok`, the rows are on the disk. Only a `Fault` undoes what the closure did,
    /// so a refusal is an `Ok` value. The closure has no side effects: it may be run again.
    pub async fn write<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> Outcome<T> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.writer.write(work).await,
            Engine::Postgres(postgres) => postgres.run(Mode::Write, work).await,
        }
    }

    /// Writes to the second store. A person's key is inserted here before the person is written.
    pub async fn write_keys<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Fn(&mut KeysTx<'_>) -> Outcome<T> + Send + 'static,
    {
        let work = move |tx: &mut Tx| work(&mut KeysTx(tx));
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.keys.write(work).await,
            Engine::Postgres(postgres) => postgres.run(Mode::Write, work).await,
        }
    }

    /// Queues a row that may be lost in a power cut and returns at once.
    pub fn lazy<F>(&self, work: F)
    where
        F: Fn(&mut Tx) -> Outcome<()> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.writer.lazy(Box::new(work)),
            Engine::Postgres(postgres) => postgres.lazy(Box::new(work)),
        }
    }

    /// Tells when a copy in memory is out of date. On PostgreSQL it keeps a connection of its own that listens.
    pub fn watch(&self) -> Watch {
        let ear = match &self.0.config {
            Config::Postgres { url, .. } => Some(Ear::open(url.clone(), Arc::clone(&self.0.counters))),
            Config::Sqlite { .. } => None,
        };
        Watch::new(self.clone(), ear)
    }

    /// Rings when a change notice was committed here or heard of.
    pub(crate) fn changed(&self) -> &tokio::sync::Notify {
        &self.0.counters.changed
    }

    /// What it has done since it was opened.
    pub fn stats(&self) -> Stats {
        self.0.counters.stats()
    }

    /// Makes each commit slow, to count how many callers share one. Tests only.
    #[cfg(any(test, feature = "testing"))]
    pub fn danger_slow_commits(&self, by: std::time::Duration) {
        self.0.counters.slow_commits(by);
    }

    fn read_here<T>(&self, work: &dyn Fn(&mut Tx) -> Outcome<T>) -> Outcome<T> {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.readers.with(work),
            Engine::Postgres(postgres) => postgres.run_here(Mode::Read, work),
        }
    }
}
