//! What the stand-in remembers.

use pass_core::Time;
use pass_core::secret::Hash;
use std::collections::HashMap;
use std::time::Duration;

/// A code lives so long.
const CODE: Duration = Duration::from_secs(60);
/// An access token lives so long.
const TOKEN: Duration = Duration::from_secs(300);
/// A page lives so long.
const PAGE: Duration = Duration::from_secs(600);
/// Wrong PINs in a row after which a card is locked.
const TRIES: u8 = 3;

/// What somebody agreed to tell.
#[derive(Clone)]
pub(super) struct Granted {
    pub(super) card: String,
    pub(super) scopes: Vec<String>,
    pub(super) acr: String,
    pub(super) nonce: String,
    pub(super) challenge: String,
    pub(super) redirect_uri: String,
    pub(super) at: Time,
}

/// What became of a code.
pub(super) enum Taken {
    Good(Granted),
    Used,
    Late,
    Unknown,
}

#[derive(Default)]
pub(super) struct State {
    pages: HashMap<Hash, Time>,
    codes: HashMap<Hash, (Granted, bool)>,
    tokens: HashMap<Hash, (Granted, Hash, Time)>,
    jtis: HashMap<String, Time>,
    misses: HashMap<String, u8>,
}

impl State {
    pub(super) fn open_page(&mut self, token: &str, now: Time) {
        self.pages.retain(|_, until| *until > now);
        self.pages.insert(Hash::of(token), now + PAGE);
    }

    /// The form of a page works once.
    pub(super) fn close_page(&mut self, token: &str, now: Time) -> bool {
        self.pages.remove(&Hash::of(token)).is_some_and(|until| until > now)
    }

    pub(super) fn add_code(&mut self, code: &str, granted: Granted) {
        let now = granted.at;
        // A used or late code is remembered for a while, to be told from an unknown one.
        self.codes.retain(|_, (granted, _)| granted.at + TOKEN > now);
        self.codes.insert(Hash::of(code), (granted, false));
    }

    /// RFC 6749 4.1.2: once, and soon. A second use ends what the first one gave.
    pub(super) fn take_code(&mut self, code: &str, now: Time) -> Taken {
        let hash = Hash::of(code);
        match self.codes.get_mut(&hash) {
            None => Taken::Unknown,
            Some((_, true)) => {
                self.tokens.retain(|_, (_, from, _)| *from != hash);
                Taken::Used
            }
            Some((granted, _)) if granted.at + CODE <= now => Taken::Late,
            Some((granted, used)) => {
                *used = true;
                Taken::Good(granted.clone())
            }
        }
    }

    pub(super) fn add_token(&mut self, token: &str, code: &str, granted: Granted, now: Time) {
        self.tokens.retain(|_, (_, _, until)| *until > now);
        self.tokens.insert(Hash::of(token), (granted, Hash::of(code), now + TOKEN));
    }

    pub(super) fn token(&self, token: &str, now: Time) -> Option<&Granted> {
        self.tokens.get(&Hash::of(token)).filter(|(_, _, until)| *until > now).map(|(granted, ..)| granted)
    }

    /// RFC 7523 3, point 7: whether this one is new.
    pub(super) fn is_new(&mut self, jti: &str, until: Time, now: Time) -> bool {
        self.jtis.retain(|_, until| *until > now);
        self.jtis.insert(jti.to_owned(), until).is_none()
    }

    pub(super) fn is_locked(&self, card: &str) -> bool {
        self.misses.get(card).is_some_and(|misses| *misses >= TRIES)
    }

    /// Counts a try with a PIN.
    pub(super) fn tried(&mut self, card: &str, good: bool) {
        let misses = self.misses.entry(card.to_owned()).or_default();
        *misses = if good { 0 } else { *misses + 1 };
    }
}
