//! What happened lately, counted exactly for each network: "thirty an hour" is never sixty, as it may be with a bucket that refills.

use super::network;
use pass_core::Time;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

type Seen = HashMap<IpAddr, VecDeque<Time>>;

pub(super) struct Window {
    span: Duration,
    seen: Mutex<Seen>,
}

impl Window {
    pub(super) fn new(span: Duration) -> Self {
        Self { span, seen: Mutex::default() }
    }

    /// Asks `may` with the number of the span that ends now, and counts one more if it says yes.
    pub(super) fn admit(&self, from: IpAddr, now: Time, may: impl FnOnce(usize) -> bool) -> bool {
        let mut seen = self.lock();
        let times = seen.entry(network(from)).or_default();
        forget(times, now, self.span);
        let admitted = may(times.len());
        if admitted {
            times.push_back(now);
        }
        admitted
    }

    /// Forgets networks that have been quiet.
    pub(super) fn sweep(&self, now: Time) {
        let mut seen = self.lock();
        seen.retain(|_, times| {
            forget(times, now, self.span);
            !times.is_empty()
        });
        seen.shrink_to_fit();
    }

    // A counter is whole after every line: a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget(times: &mut VecDeque<Time>, now: Time, span: Duration) {
    while times.front().is_some_and(|first| now.since(*first) >= span) {
        times.pop_front();
    }
}
