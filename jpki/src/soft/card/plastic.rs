//! What lies in the plastic: files, keys, secrets, and counters that survive removal.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use openssl::pkey::{PKey, Private};

use crate::soft::{
    files::{Contents, Files, Key},
    reference::{Guard, References, Try},
};

pub(in crate::soft) struct Plastic {
    pub(in crate::soft) contents: Contents,
    pub(in crate::soft) auth_key: PKey<Private>,
    pub(in crate::soft) sign_key: Option<PKey<Private>>,
    pub(in crate::soft) references: Mutex<References>,
    pub(in crate::soft) trips: Mutex<Vec<&'static str>>,
    /// Written when the card is first put into a reader: the issuer's signatures take their time.
    pub(in crate::soft) files: OnceLock<Files>,
}

impl Plastic {
    pub(super) fn files(&self) -> &Files {
        self.files.get_or_init(|| Files::of(&self.contents).expect("our own keys sign"))
    }

    pub(super) fn key(&self, key: Key) -> Option<&PKey<Private>> {
        match key {
            Key::Auth => Some(&self.auth_key),
            Key::Sign => self.sign_key.as_ref(),
            Key::Card => Some(&self.contents.card_key),
        }
    }

    pub(super) fn tries_left(&self, guard: Guard) -> u8 {
        locked(&self.references).get(&guard).map_or(0, |reference| reference.left())
    }

    pub(super) fn attempt(&self, guard: Guard, given: &[u8]) -> Try {
        locked(&self.references).get_mut(&guard).map_or(Try::Blocked, |reference| reference.attempt(given))
    }

    pub(super) fn change(&self, guard: Guard, value: &[u8]) {
        if let Some(reference) = locked(&self.references).get_mut(&guard) {
            reference.change(value);
        }
    }

    pub(super) fn trip(&self, what: &'static str) {
        locked(&self.trips).push(what);
    }

    pub(super) fn trips(&self) -> Vec<&'static str> {
        locked(&self.trips).clone()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
