//! Visitors' sessions, in memory: a facility's web page, not a database.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use openidconnect::{AccessToken, CsrfToken, Nonce, PkceCodeVerifier, RefreshToken, core::CoreIdToken};
use serde_json::{Map, Value};

use super::{api::Challenge, trouble::Trouble};

/// Why the visitor was sent to the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To sign in.
    Login,
    /// To have the loan limit raised: with what the API asked for.
    RaiseLimit(Challenge),
}

/// A request that is out at the issuer, found again by its `state`.
pub(super) struct Pending {
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
    pub(super) purpose: Purpose,
}

/// What a finished login left here.
#[derive(Clone)]
pub(super) struct SignedIn {
    pub(super) access: AccessToken,
    pub(super) refresh: Option<RefreshToken>,
    pub(super) id_token: CoreIdToken,
    /// The validated ID token's payload.
    pub(super) claims: Map<String, Value>,
    pub(super) userinfo: Result<Map<String, Value>, Trouble>,
    pub(super) loan_limit: u32,
    /// What the last button did, for the page's status line.
    pub(super) news: Option<&'static str>,
}

impl SignedIn {
    /// The API raised the loan limit.
    pub(super) fn raised_to(&mut self, limit: u32) {
        self.loan_limit = limit;
        self.news = Some("貸出限度を30冊にしました。");
    }
}

/// Tokens and claims are nobody's to print.
impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("refused", &self.userinfo.as_ref().err()).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Session {
    pending: HashMap<String, Pending>,
    signed_in: Option<SignedIn>,
    used: Option<Instant>,
}

/// All sessions of this page.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

const IDLE: Duration = Duration::from_secs(3600);
const MOST: usize = 4096;
const MOST_PENDING: usize = 8;

impl Sessions {
    /// Notes a request on its way to the issuer; answers the session's id, a new one if `id` is unknown.
    pub(super) fn begin(&self, id: Option<String>, state: &CsrfToken, pending: Pending) -> String {
        let mut all = self.all();
        make_room(&mut all);
        let id = id.filter(|id| all.contains_key(id)).unwrap_or_else(fresh_id);
        let session = all.entry(id.clone()).or_default();
        if session.pending.len() >= MOST_PENDING {
            session.pending.clear();
        }
        session.pending.insert(state.secret().clone(), pending);
        session.used = Some(Instant::now());
        id
    }

    /// Takes the request that `state` belongs to, once.
    pub(super) fn take(&self, id: &str, state: &str) -> Option<Pending> {
        self.all().get_mut(id)?.pending.remove(state)
    }

    /// Signs the visitor in under a new id, so that an id known before the login is worth nothing after it.
    pub(super) fn sign_in(&self, id: &str, signed_in: SignedIn) -> String {
        let mut all = self.all();
        let mut session = all.remove(id).unwrap_or_default();
        session.signed_in = Some(signed_in);
        session.used = Some(Instant::now());
        let fresh = fresh_id();
        all.insert(fresh.clone(), session);
        fresh
    }

    pub(super) fn find(&self, id: &str) -> Option<SignedIn> {
        self.all().get(id)?.signed_in.clone()
    }

    pub(super) fn replace(&self, id: &str, signed_in: SignedIn) {
        if let Some(session) = self.all().get_mut(id) {
            session.signed_in = Some(signed_in);
            session.used = Some(Instant::now());
        }
    }

    pub(super) fn close(&self, id: &str) -> Option<SignedIn> {
        self.all().remove(id)?.signed_in
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fresh_id() -> String {
    CsrfToken::new_random_len(32).into_secret()
}

fn make_room(all: &mut HashMap<String, Session>) {
    all.retain(|_, session| session.used.is_some_and(|used| used.elapsed() < IDLE));
    if all.len() >= MOST {
        all.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending() -> Pending {
        let (_, verifier) = openidconnect::PkceCodeChallenge::new_random_sha256();
        Pending { nonce: Nonce::new_random(), verifier, purpose: Purpose::Login }
    }

    #[test]
    fn a_state_is_taken_once_and_only_in_its_own_session() {
        let sessions = Sessions::default();
        let (mine, other) = (CsrfToken::new_random(), CsrfToken::new_random());
        let id = sessions.begin(None, &mine, pending());
        let stranger = sessions.begin(None, &other, pending());
        assert!(sessions.take(&stranger, mine.secret()).is_none());
        assert!(sessions.take(&id, mine.secret()).is_some());
        assert!(sessions.take(&id, mine.secret()).is_none());
    }

    #[test]
    fn an_unknown_session_id_is_not_adopted() {
        let sessions = Sessions::default();
        let id = sessions.begin(Some("chosen-by-somebody".to_owned()), &CsrfToken::new_random(), pending());
        assert_ne!(id, "chosen-by-somebody");
    }
}
