//! Change notices arriving: at once from this process, by LISTEN from other nodes of PostgreSQL, by polling where neither reaches
//! (a command of the operator on the same SQLite file, a lost connection).

use crate::changes::{self, CHANNEL};
use crate::stats::Counters;
use crate::store::Store;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryResult};
use pass_core::fault::Outcome;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// The fallback.
const POLL: Duration = Duration::from_secs(1);
/// How often the listening connection is looked at; no question goes to the server.
const LISTEN: Duration = Duration::from_millis(100);
/// A lost listening connection is tried again after so long; polling goes on meanwhile.
const RECONNECT: Duration = Duration::from_secs(5);

/// Waits for changes of the read-mostly tables.
pub struct Watch {
    store: Store,
    seen: BTreeMap<String, i64>,
    _ear: Option<Ear>,
}

impl Watch {
    pub(crate) const fn new(store: Store, ear: Option<Ear>) -> Self {
        Self { store, seen: BTreeMap::new(), _ear: ear }
    }

    /// Returns when something changed since the last call, with the topics (`changes::Topic`). The first call tells all
    /// that ever changed: call it, then load the copies.
    pub async fn next(&mut self) -> Outcome<Vec<String>> {
        loop {
            let store = self.store.clone();
            let rung = store.changed().notified();
            let now = self.store.read_now(changes::versions).await?;
            let changed: Vec<_> =
                now.iter().filter(|(topic, version)| self.seen.get(*topic) != Some(version)).collect();
            if !changed.is_empty() {
                let topics = changed.into_iter().map(|(topic, _)| topic.clone()).collect();
                self.seen = now;
                return Ok(topics);
            }
            // The ring only shortens the wait, so one that was missed costs a poll.
            let _ = tokio::time::timeout(POLL, rung).await;
        }
    }
}

/// A connection that listens, on a thread of its own that ends with this value.
pub(crate) struct Ear(Arc<AtomicBool>);

impl Ear {
    pub(crate) fn open(url: String, counters: Arc<Counters>) -> Self {
        let alive = Arc::new(AtomicBool::new(true));
        let (watched, counters) = (Arc::downgrade(&alive), Arc::downgrade(&counters));
        let started = std::thread::Builder::new().name("pass-listen".into()).spawn(move || {
            while is_open(&watched) {
                if let Err(error) = listen(&url, &watched, &counters) {
                    tracing::warn!(%error, "change notices are polled: the listening connection is gone");
                    std::thread::sleep(RECONNECT);
                }
            }
        });
        if let Err(error) = started {
            tracing::warn!(%error, "change notices are polled: no thread to listen");
        }
        Self(alive)
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

fn is_open(watched: &Weak<AtomicBool>) -> bool {
    watched.upgrade().is_some_and(|alive| alive.load(Relaxed))
}

fn listen(url: &str, watched: &Weak<AtomicBool>, counters: &Weak<Counters>) -> QueryResult<()> {
    let gone = |error: diesel::ConnectionError| diesel::result::Error::QueryBuilderError(Box::new(error));
    let mut conn = PgConnection::establish(url).map_err(gone)?;
    conn.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    while is_open(watched) {
        let heard = conn.notifications_iter().collect::<QueryResult<Vec<_>>>()?;
        match counters.upgrade() {
            Some(counters) if !heard.is_empty() => counters.changed.notify_waiters(),
            Some(_) => {}
            None => return Ok(()),
        }
        std::thread::sleep(LISTEN);
    }
    Ok(())
}
