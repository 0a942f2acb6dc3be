//! Group commit for SQLite: one thread for each file drains its queue into one transaction, a savepoint for each closure,
//! one COMMIT with synchronous=FULL, then every caller is answered. There is no timer: what is queued is committed.

use crate::lazy::{Lazies, Lazy};
use crate::stats::Counters;
use crate::tx::{After, Tx};
use diesel::QueryResult;
use pass_core::Fault;
use pass_core::fault::Outcome;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Closures in one commit at most, so that no caller waits behind an endless transaction.
const BATCH: usize = 256;
/// Closures that may wait; the callers of more wait before they queue.
const QUEUE: usize = 4096;

/// The door to a writer thread. Dropping it drains the queue and joins the thread.
pub(crate) struct Writer {
    queue: Option<Sender<Message>>,
    permits: Arc<Semaphore>,
    thread: Option<JoinHandle<()>>,
}

enum Message {
    Unit(Box<dyn Unit>),
    Lazy(Lazy),
}

/// A queued closure whose type of answer only its caller knows.
trait Unit: Send {
    fn run(&mut self, tx: &mut Tx, alone: bool) -> QueryResult<bool>;
    fn answer(self: Box<Self>, lost: Option<&str>);
}

struct Pending<T, F> {
    work: F,
    outcome: Option<Outcome<T>>,
    caller: oneshot::Sender<Outcome<T>>,
    _permit: OwnedSemaphorePermit,
}

impl Writer {
    pub(crate) fn start(name: &str, tx: Tx, counters: Arc<Counters>) -> Outcome<Self> {
        let (queue, messages) = channel();
        let thread = std::thread::Builder::new()
            .name(name.into())
            .spawn(move || Thread { tx, counters, lazies: Lazies::default() }.serve(&messages))
            .map_err(|error| Fault::because("start the writer thread", error))?;
        Ok(Self { queue: Some(queue), permits: Arc::new(Semaphore::new(QUEUE)), thread: Some(thread) })
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> Outcome<T> + Send + 'static,
    {
        let gone = || Fault::new("write: the writer thread is gone");
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| gone())?;
        let (caller, answer) = oneshot::channel();
        self.send(Message::Unit(Box::new(Pending { work, outcome: None, caller, _permit: permit })))?;
        answer.await.map_err(|_| gone())?
    }

    pub(crate) fn lazy(&self, lazy: Lazy) {
        // Lost when the thread is gone: that is what lazy means.
        let _ = self.send(Message::Lazy(lazy));
    }

    fn send(&self, message: Message) -> Outcome<()> {
        let queue = self.queue.as_ref().expect("the queue is taken only by drop");
        queue.send(message).map_err(|_| Fault::new("write: the writer thread is gone"))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        let Some(thread) = self.thread.take() else { return };
        // The last handle may be dropped by a closure on the thread itself, which cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("the writer thread panicked");
        }
    }
}

struct Thread {
    tx: Tx,
    counters: Arc<Counters>,
    lazies: Lazies,
}

impl Thread {
    fn serve(&mut self, messages: &Receiver<Message>) {
        loop {
            let first = match self.lazies.patience() {
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(patience) => messages.recv_timeout(patience),
            };
            match first {
                Ok(Message::Unit(unit)) => {
                    let units = self.drain(unit, messages);
                    self.commit(units);
                }
                Ok(Message::Lazy(lazy)) => self.lazies.push(lazy),
                Err(RecvTimeoutError::Timeout) => self.flush_lazies(),
                Err(RecvTimeoutError::Disconnected) => return self.flush_lazies(),
            }
        }
    }

    /// Takes what is queued before the transaction begins: a key that a caller saw committed is then visible to its closure.
    fn drain(&mut self, first: Box<dyn Unit>, messages: &Receiver<Message>) -> Vec<Box<dyn Unit>> {
        let mut units = vec![first];
        while units.len() < BATCH {
            match messages.try_recv() {
                Ok(Message::Unit(unit)) => units.push(unit),
                Ok(Message::Lazy(lazy)) => self.lazies.push(lazy),
                Err(_) => break,
            }
        }
        units
    }

    fn commit(&mut self, mut units: Vec<Box<dyn Unit>>) {
        let done = self.transact(&mut units);
        if let Err(error) = &done {
            tracing::error!(%error, "a commit failed");
            let _ = self.tx.frame("ROLLBACK");
        }
        let lost = done.err().map(|error| error.to_string());
        units.into_iter().for_each(|unit| unit.answer(lost.as_deref()));
    }

    fn transact(&mut self, units: &mut [Box<dyn Unit>]) -> QueryResult<()> {
        self.tx.frame("BEGIN IMMEDIATE")?;
        let alone = units.len() == 1 && self.lazies.is_empty();
        let mut succeeded = 0;
        for unit in units.iter_mut() {
            succeeded += usize::from(unit.run(&mut self.tx, alone)?);
        }
        Counters::add(&self.counters.failed, units.len() - succeeded);
        if succeeded == 0 {
            return self.tx.frame("ROLLBACK");
        }
        let lazy = self.lazies.run(&mut self.tx)?;
        self.counters.before_commit();
        self.tx.frame("COMMIT")?;
        Counters::add(&self.counters.commits, 1);
        Counters::add(&self.counters.units, succeeded);
        Counters::add(&self.counters.lazy, lazy);
        self.follow();
        Ok(())
    }

    /// What closures asked for after the commit; it is kept whatever becomes of this.
    fn follow(&mut self) {
        let After { changed, erased } = std::mem::take(&mut self.tx.after);
        if changed {
            self.counters.changed.notify_waiters();
        }
        if erased && let Err(error) = self.tx.frame("PRAGMA pass_keys.wal_checkpoint(TRUNCATE)") {
            tracing::error!(%error, "an erased key may still be in the write-ahead log");
        }
    }

    /// Nobody waits for these rows, so their commit need not reach the disk by itself.
    fn flush_lazies(&mut self) {
        if self.lazies.is_empty() {
            return;
        }
        let done = self.tx.frame("PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE").and_then(|()| {
            let lazy = self.lazies.run(&mut self.tx)?;
            self.tx.frame("COMMIT")?;
            Ok(lazy)
        });
        match done {
            Ok(lazy) => Counters::add(&self.counters.lazy, lazy),
            Err(error) => {
                tracing::warn!(%error, "rows of the lazy queue were lost");
                self.lazies.clear();
                let _ = self.tx.frame("ROLLBACK");
            }
        }
        if let Err(error) = self.tx.frame("PRAGMA synchronous=FULL") {
            tracing::error!(%error, "the writer cannot return to synchronous=FULL");
        }
    }
}

impl<T, F> Unit for Pending<T, F>
where
    T: Send,
    F: Fn(&mut Tx) -> Outcome<T> + Send,
{
    fn run(&mut self, tx: &mut Tx, alone: bool) -> QueryResult<bool> {
        // A closure alone in its transaction is undone by ROLLBACK and needs no savepoint.
        let outcome = if alone { tx.attempt(&self.work) } else { tx.apart(&self.work)? };
        let succeeded = outcome.is_ok();
        self.outcome = Some(outcome);
        Ok(succeeded)
    }

    fn answer(self: Box<Self>, lost: Option<&str>) {
        let answer = match (lost, self.outcome) {
            (None, Some(outcome)) | (Some(_), Some(outcome @ Err(_))) => outcome,
            (Some(why), _) => Err(Fault::new(format!("write: the commit failed, nothing of it was kept: {why}"))),
            (None, None) => Err(Fault::new("write: the closure was not run")),
        };
        // A caller that went away does not undo what was committed.
        let _ = self.caller.send(answer);
    }
}
