//! Counters of the store, for measurements and `pass doctor`.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What the store has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Transactions committed durably by writes.
    pub commits: u64,
    /// Writes that succeeded.
    pub units: u64,
    /// Writes that ended in a fault.
    pub failed: u64,
    /// Rows of the lazy queue that were written.
    pub lazy: u64,
}

#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) units: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) lazy: AtomicU64,
    /// Rings when this node commits a change notice or hears of another's.
    pub(crate) changed: tokio::sync::Notify,
    #[cfg(any(test, feature = "testing"))]
    slow_commit_us: AtomicU64,
}

impl Counters {
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            commits: self.commits.load(Relaxed),
            units: self.units.load(Relaxed),
            failed: self.failed.load(Relaxed),
            lazy: self.lazy.load(Relaxed),
        }
    }

    pub(crate) fn add(counter: &AtomicU64, by: usize) {
        counter.fetch_add(by as u64, Relaxed);
    }

    /// Where a test makes each flush slow.
    pub(crate) fn before_commit(&self) {
        #[cfg(any(test, feature = "testing"))]
        match self.slow_commit_us.load(Relaxed) {
            0 => {}
            micros => std::thread::sleep(std::time::Duration::from_micros(micros)),
        }
    }

    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn slow_commits(&self, by: std::time::Duration) {
        self.slow_commit_us.store(u64::try_from(by.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }
}
