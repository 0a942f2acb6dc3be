//! PostgreSQL: a pool of connections, closures in the blocking pool, READ COMMITTED. The server groups commits itself.

use crate::db::Db;
use crate::lazy::{Lazies, Lazy};
use crate::stats::Counters;
use crate::tx::Tx;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Connection, PgConnection, QueryResult};
use pass_core::Fault;
use pass_core::fault::Outcome;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A closure that lost against another transaction is run again so often.
const RETRIES: u32 = 8;

pub(crate) struct Postgres {
    connections: Connections,
    /// As many as connections, so that waiting callers hold no thread.
    permits: Arc<Semaphore>,
    lazies: LazyThread,
}

#[derive(Clone)]
struct Connections {
    pool: Pool<Manager>,
    counters: Arc<Counters>,
}

/// What a closure may do.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    Read,
    Write,
}

impl Postgres {
    pub(crate) fn open(url: &str, size: u32, counters: &Arc<Counters>) -> Outcome<Self> {
        let pool = Pool::builder()
            .max_size(size)
            // Connections are made for callers who wait, never ahead in the background: a process that ends while
            // a thread of the pool is inside libpq crashes in the clean-up of OpenSSL.
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(10))
            .build(Manager(url.into()))
            .map_err(|error| Fault::because("open the PostgreSQL database", error))?;
        drop(pool.get().map_err(|error| Fault::because("open the PostgreSQL database", error))?);
        let connections = Connections { pool, counters: Arc::clone(counters) };
        let lazies = LazyThread::start(connections.clone())?;
        Ok(Self { connections, permits: Arc::new(Semaphore::new(size as usize)), lazies })
    }

    pub(crate) async fn run<T, F>(&self, mode: Mode, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> Outcome<T> + Send + 'static,
    {
        let closed = |_| Fault::new("wait for a connection: the store is closed");
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(closed)?;
        let connections = self.connections.clone();
        let run = move || {
            let _permit = permit;
            connections.run(mode, &work)
        };
        tokio::task::spawn_blocking(run).await.map_err(|error| Fault::because("run a store closure", error))?
    }

    /// For the few calls at start and in commands.
    pub(crate) fn run_here<T>(&self, mode: Mode, work: &dyn Fn(&mut Tx) -> Outcome<T>) -> Outcome<T> {
        self.connections.run(mode, work)
    }

    pub(crate) fn lazy(&self, lazy: Lazy) {
        if let Some(queue) = &self.lazies.queue {
            // Lost when the thread is gone: that is what lazy means.
            let _ = queue.send(lazy);
        }
    }
}

impl Connections {
    fn run<T>(&self, mode: Mode, work: &dyn Fn(&mut Tx) -> Outcome<T>) -> Outcome<T> {
        let mut tries = 0;
        loop {
            let outcome = self.once(mode, work);
            match &outcome {
                Err(fault) if tries < RETRIES && lost_a_race(fault) => {
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(1 << tries));
                }
                _ => {
                    if matches!(mode, Mode::Write) {
                        let counter = if outcome.is_ok() { &self.counters.units } else { &self.counters.failed };
                        Counters::add(counter, 1);
                    }
                    return outcome;
                }
            }
        }
    }

    fn once<T>(&self, mode: Mode, work: &dyn Fn(&mut Tx) -> Outcome<T>) -> Outcome<T> {
        let mut tx = self.begin(match mode {
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
        })?;
        let outcome = tx.attempt(work);
        if outcome.is_err() || matches!(mode, Mode::Read) {
            let _ = tx.frame("ROLLBACK");
            return outcome;
        }
        self.counters.before_commit();
        // COMMIT of a transaction in which a statement failed rolls back and says nothing; the SELECT refuses first.
        if let Err(error) = tx.frame("SELECT 1; COMMIT") {
            let _ = tx.frame("ROLLBACK");
            return Err(Fault::because("commit", error));
        }
        Counters::add(&self.counters.commits, 1);
        if std::mem::take(&mut tx.after).changed {
            self.counters.changed.notify_waiters();
        }
        outcome
    }

    /// A connection with an open transaction. One that died in the pool (server restarted) is replaced.
    fn begin(&self, sql: &str) -> Outcome<PooledConnection<Manager>> {
        let mut left = self.pool.max_size();
        loop {
            let mut tx = self.pool.get().map_err(|error| Fault::because("get a connection", error))?;
            match tx.frame(sql) {
                Ok(()) => return Ok(tx),
                Err(error) if left == 0 => return Err(Fault::because("begin a transaction", error)),
                Err(_) => left -= 1,
            }
        }
    }

    fn flush(&self, lazies: &mut Lazies) -> Outcome<()> {
        let mut tx = self.begin("BEGIN; SET LOCAL synchronous_commit = off")?;
        let written = lazies.run(&mut tx).and_then(|written| tx.frame("COMMIT").map(|()| written));
        let written = written.map_err(|error| Fault::because("write the lazy queue", error))?;
        Counters::add(&self.counters.lazy, written);
        Ok(())
    }
}

fn lost_a_race(fault: &Fault) -> bool {
    match fault.cause().and_then(|cause| cause.downcast_ref::<Error>()) {
        Some(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        // diesel has no kind for SQLSTATE 40P01.
        Some(Error::DatabaseError(DatabaseErrorKind::Unknown, info)) => info.message() == "deadlock detected",
        _ => false,
    }
}

/// Collects rows that may be lost and writes them about once a second.
struct LazyThread {
    queue: Option<Sender<Lazy>>,
    thread: Option<JoinHandle<()>>,
}

impl LazyThread {
    fn start(connections: Connections) -> Outcome<Self> {
        let (queue, rows) = channel();
        let thread = std::thread::Builder::new()
            .name("pass-write-lazy".into())
            .spawn(move || serve_lazies(&connections, &rows))
            .map_err(|error| Fault::because("start the lazy thread", error))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }
}

impl Drop for LazyThread {
    fn drop(&mut self) {
        drop(self.queue.take());
        let Some(thread) = self.thread.take() else { return };
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("the lazy thread panicked");
        }
    }
}

fn serve_lazies(connections: &Connections, rows: &Receiver<Lazy>) {
    let mut lazies = Lazies::default();
    loop {
        let next = match lazies.patience() {
            None => rows.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(patience) => rows.recv_timeout(patience),
        };
        let ended = match next {
            Ok(lazy) => {
                lazies.push(lazy);
                continue;
            }
            Err(why) => why == RecvTimeoutError::Disconnected,
        };
        if !lazies.is_empty()
            && let Err(fault) = connections.flush(&mut lazies)
        {
            tracing::warn!(%fault, "rows of the lazy queue were lost");
            lazies.clear();
        }
        if ended {
            return;
        }
    }
}

struct Manager(String);

impl ManageConnection for Manager {
    type Connection = Tx;
    type Error = diesel::ConnectionError;

    fn connect(&self) -> Result<Tx, Self::Error> {
        PgConnection::establish(&self.0).map(Db::Postgres).map(Tx::new)
    }

    fn is_valid(&self, tx: &mut Tx) -> Result<(), Self::Error> {
        let _: QueryResult<()> = tx.frame("SELECT 1");
        Ok(())
    }

    fn has_broken(&self, tx: &mut Tx) -> bool {
        tx.broken
    }
}
