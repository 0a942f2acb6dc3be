//! A visit: one page opened for one ticket. What was shown is what is signed, so the statement is kept, not asked again.
//!
//! Memory only, few and short: a restart of the agent forgets them all.

use jpki::AnyStatement;
use pass_core::Time;
use pass_core::secret::Hash;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// As long as the issuer's ticket.
const LIFE: Duration = Duration::from_secs(15 * 60);
/// More pages than one person opens.
const MOST: usize = 32;

/// One page opened for one ticket.
#[derive(Clone)]
pub(super) struct Visit {
    /// The form's token; the browser that holds the cookie of `browser` alone may use it.
    pub(super) form: String,
    /// The cookie, hashed.
    pub(super) browser: Hash,
    /// Place of the issuer in the allow list.
    pub(super) issuer: usize,
    /// The issuer's ticket.
    pub(super) ticket: String,
    /// Where the browser goes afterwards.
    pub(super) back: Url,
    /// What was shown and will be signed.
    pub(super) statement: AnyStatement,
    /// Name of the card in the place of a reader (demo).
    pub(super) card: String,
    /// The issuer has the proof: nothing is signed again.
    pub(super) done: bool,
    /// What the issuer answered to it, for the way back.
    pub(super) completion: Zeroizing<String>,
    /// When the page was opened.
    pub(super) opened: Time,
}

impl Visit {
    /// The address to go back to, with the ticket, and once something was signed with the secret that says by whom.
    pub(super) fn way_back(&self) -> String {
        let mut back = self.back.clone();
        back.query_pairs_mut().append_pair("ticket", &self.ticket);
        if !self.completion.is_empty() {
            back.query_pairs_mut().append_pair("completion", &self.completion);
        }
        back.into()
    }
}

/// The open visits.
#[derive(Default)]
pub(super) struct Visits(Mutex<VecDeque<Visit>>);

impl Visits {
    /// Keeps a visit; the oldest gives way.
    pub(super) fn insert(&self, visit: Visit) {
        let mut open = self.open(visit.opened);
        if open.len() >= MOST {
            open.pop_front();
        }
        open.push_back(visit);
    }

    /// The visit of this form in this browser.
    pub(super) fn find(&self, form: &str, browser: &str, now: Time) -> Option<Visit> {
        let (form, browser) = (Hash::of(form), Hash::of(browser));
        let open = self.open(now);
        open.iter().find(|visit| Hash::of(&visit.form).matches(&form) && visit.browser.matches(&browser)).cloned()
    }

    /// Remembers which card lies in the place of a reader.
    pub(super) fn place(&self, visit: &Visit) {
        self.change(visit, |kept| kept.card.clone_from(&visit.card));
    }

    /// The issuer has the proof.
    pub(super) fn close(&self, visit: &Visit) {
        self.change(visit, |kept| {
            kept.done = true;
            kept.completion.clone_from(&visit.completion);
        });
    }

    /// Whether something may still be signed.
    pub(super) fn is_open(&self, visit: &Visit) -> bool {
        self.open(visit.opened).iter().any(|kept| kept.form == visit.form && !kept.done)
    }

    fn change(&self, visit: &Visit, change: impl FnOnce(&mut Visit)) {
        if let Some(kept) = self.open(visit.opened).iter_mut().find(|kept| kept.form == visit.form) {
            change(kept);
        }
    }

    fn open(&self, now: Time) -> MutexGuard<'_, VecDeque<Visit>> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|visit| now < visit.opened + LIFE);
        open
    }
}
