//! `/manager/keys`: the keys that sign tokens, and their rotation.

use askama::Template;
use pass_core::domain::client::SigningAlg;
use pass_core::domain::key::KeyState;
use pass_web::kit::{Lang, Shell, Words};

use super::Page;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;

/// The keys.
#[derive(Template)]
#[template(path = "manager/keys.html")]
pub struct KeysPage {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// All keys, by algorithm, newest state first.
    pub keys: Vec<KeyLine>,
    /// What came of a rotation, if one was asked for.
    pub rotation: Option<Rotation>,
}

/// One key.
#[derive(Clone)]
pub struct KeyLine {
    /// Its algorithm.
    pub alg: &'static str,
    /// Its `kid`.
    pub kid: String,
    /// Where it stands.
    pub state: KeyState,
    /// The day it was made.
    pub since: Words,
}

/// What came of a rotation.
#[derive(Clone)]
pub enum Rotation {
    /// Done, for this algorithm.
    Done(&'static str),
    /// Somebody was faster.
    Stale,
}

impl KeyLine {
    const fn state_key(&self) -> &'static str {
        match self.state {
            KeyState::Current => "mgr-keys-current",
            KeyState::Next => "mgr-keys-next",
            KeyState::Retired => "mgr-keys-retired",
        }
    }

    const fn tone(&self) -> &'static str {
        match self.state {
            KeyState::Current => "ok",
            KeyState::Next => "",
            KeyState::Retired => "warn",
        }
    }
}

impl KeysPage {
    /// The keys that sign now: each is the one that a rotation retires.
    fn current(&self) -> impl Iterator<Item = &KeyLine> {
        self.keys.iter().filter(|key| key.state == KeyState::Current)
    }
}

impl Page for KeysPage {
    const NAME: &'static str = "desk-keys";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let since = pass_web::kit::date::Day { year: 2026, month: 10, day: 5 }.words(lang);
        let states = [KeyState::Current, KeyState::Next, KeyState::Retired];
        let keys = || {
            let of = |alg: SigningAlg| states.map(|state| (alg, state));
            let lines = SigningAlg::ALL.into_iter().flat_map(of).map(|(alg, state)| KeyLine {
                alg: alg.as_str(),
                kid: "Vx3kQ9mB0tq4yZk1n8w0c3QvT1a5R7mB0tq4yZk1n8w".into(),
                state,
                since: since.clone(),
            });
            lines.collect()
        };
        let of = |rotation| Self {
            shell: sample::shell(lang, "/manager/keys"),
            desk: sample::desk(lang, Rank::City, Room::Keys),
            keys: keys(),
            rotation,
        };
        vec![
            ("ordinary", of(None)),
            ("rotated", of(Some(Rotation::Done("ES256")))),
            ("stale", of(Some(Rotation::Stale))),
        ]
    }
}
