//! Rows that may be lost in a power cut (last used, counters): written with the next commit, or after a second without one.

use crate::tx::Tx;
use diesel::QueryResult;
use pass_core::fault::Outcome;
use std::time::{Duration, Instant};

/// A closure that nobody waits for.
pub(crate) type Lazy = Box<dyn Fn(&mut Tx) -> Outcome<()> + Send>;

/// How long a row waits for a commit to travel with.
const PATIENCE: Duration = Duration::from_secs(1);
/// Rows that wait at most; more are dropped.
const LIMIT: usize = 10_000;

#[derive(Default)]
pub(crate) struct Lazies {
    waiting: Vec<Lazy>,
    since: Option<Instant>,
}

impl Lazies {
    pub(crate) fn push(&mut self, lazy: Lazy) {
        if self.waiting.len() < LIMIT {
            self.waiting.push(lazy);
            self.since.get_or_insert_with(Instant::now);
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How long they can still wait; nothing when none waits.
    pub(crate) fn patience(&self) -> Option<Duration> {
        self.since.map(|since| PATIENCE.saturating_sub(since.elapsed()))
    }

    /// Runs all, each apart, in the transaction that is open; a failing one is logged and dropped.
    pub(crate) fn run(&mut self, tx: &mut Tx) -> QueryResult<usize> {
        let mut written = 0;
        self.since = None;
        for lazy in self.waiting.drain(..) {
            match tx.apart(&lazy)? {
                Ok(()) => written += 1,
                Err(fault) => tracing::warn!(%fault, "a row of the lazy queue was dropped"),
            }
        }
        Ok(written)
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
