//! `/me`: the state at a glance. No street address, no full date of birth.

use askama::Template;

use super::Page;
use super::happening::Happening;
use super::sample::{by, shell};
use crate::kit::{Lang, Shell, Words};

/// The resident's first page.
#[derive(Template)]
#[template(path = "page/me_home.html")]
pub struct MeHome {
    /// The frame.
    pub shell: Shell,
    /// The name as the card says it; empty while nothing is proven or the sign-in is too weak to show it.
    pub name: String,
    /// Where a stronger sign-in can be made, when sealed values are hidden from this one.
    pub stronger: Option<String>,
    /// What the card has proven.
    pub card: CardState,
    /// Whether there is a face.
    pub face: FaceState,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// Whether the My Number Card and its four digits sign in.
    pub card_signs_in: bool,
    /// Whether this session was opened with nothing but the card: greet, and lead to the lost device.
    pub recovered: bool,
    /// The facilities that get something, the newest first; a few of them.
    pub facilities: Vec<FacilityLine>,
    /// How many there are in all.
    pub facilities_total: usize,
    /// What happened lately.
    pub recent: Vec<Happening>,
}

/// What the card has proven. Days are in words.
#[derive(Clone)]
pub enum CardState {
    /// Nothing yet.
    None,
    /// It holds.
    Valid {
        /// When it was checked.
        checked: String,
        /// Until when the certificate lasts, or what the app said is taken for true.
        until: String,
        /// It was the app of the national service that said it.
        app: bool,
        /// Of which day it was known that the certificate is not revoked; none: that was not checked.
        revocation: Option<String>,
    },
    /// The certificate has ended.
    Stale {
        /// When it ended.
        since: String,
    },
    /// The certificate was revoked.
    Revoked,
}

/// Whether there is a face. Days are in words.
#[derive(Clone)]
pub enum FaceState {
    /// None.
    None,
    /// There is one.
    Registered {
        /// Until when.
        until: String,
    },
    /// There is one, and it ends within a month.
    Ending {
        /// Until when.
        until: String,
    },
    /// There is one, switched off by failed comparisons until it is registered anew.
    Off,
    /// There was one.
    Expired {
        /// When it ended.
        since: String,
    },
    /// The machine cannot compare faces here.
    Unavailable,
}

/// A facility in a list.
#[derive(Clone)]
pub struct FacilityLine {
    /// Its name.
    pub name: String,
    /// Address of its logo.
    pub logo: String,
    /// Its page under `/me/facilities`.
    pub href: String,
    /// The labels of what it gets (of the rows of its slip).
    pub what: Vec<Words>,
    /// Since when, in words.
    pub since: String,
    /// When sharing ended, in words, if it did.
    pub ended: Option<String>,
}

impl FacilityLine {
    /// The labels as one sentence.
    pub fn sentence(&self, shell: &Shell) -> Words {
        let list: Vec<&str> = self.what.iter().map(Words::text).collect();
        Words::new(shell.lang, list.join(shell.t("slip-and").text()))
    }
}

pub(super) fn sample_facilities(lang: Lang) -> Vec<FacilityLine> {
    let labels = |keys: &[&str]| keys.iter().map(|key| lang.t(key)).collect();
    let day = crate::kit::date::Day { year: 2026, month: 10, day: 5 }.words(lang).text().to_owned();
    vec![
        FacilityLine {
            name: super::sample::library(lang).name,
            logo: crate::kit::assets::url("library.svg"),
            href: "/me/facilities/1".into(),
            what: labels(&["slip-residence", "slip-age", "slip-sub"]),
            since: day.clone(),
            ended: None,
        },
        FacilityLine {
            name: by(
                lang,
                "子育て支援センター",
                "子育（こそだ）て 支援（しえん）センター",
                "Child-care Support Centre",
            ),
            logo: crate::kit::assets::url("kosodate.svg"),
            href: "/me/facilities/2".into(),
            what: labels(&["slip-name", "slip-address", "slip-birthdate", "slip-gender", "slip-age", "slip-sub"]),
            since: day,
            ended: None,
        },
    ]
}

impl MeHome {
    /// The key of the sentence that names the ways to sign in.
    fn ways(&self) -> &'static str {
        match (self.passkeys, self.card_signs_in) {
            (0, false) => "me-passkeys-none",
            (0, true) => "me-card-and-mail",
            (_, false) => "me-passkeys-some",
            (_, true) => "me-passkeys-and-card",
        }
    }
}

impl Page for MeHome {
    const NAME: &'static str = "me_home";

    fn samples(lang: Lang) -> Vec<(&'static str, MeHome)> {
        let until = crate::kit::date::Day { year: 2029, month: 5, day: 12 }.words(lang).text().to_owned();
        let checked = crate::kit::date::Day { year: 2026, month: 10, day: 5 }.words(lang).text().to_owned();
        let full = || MeHome {
            shell: shell(lang, "/me"),
            name: "山田　花子".into(),
            stronger: None,
            card: CardState::Valid {
                checked: checked.clone(),
                until: until.clone(),
                app: false,
                revocation: Some(checked.clone()),
            },
            face: FaceState::Registered { until: until.clone() },
            passkeys: 1,
            card_signs_in: true,
            recovered: false,
            facilities: sample_facilities(lang),
            facilities_total: 3,
            recent: Happening::samples(lang).into_iter().take(3).collect(),
        };
        let new = MeHome {
            name: String::new(),
            card: CardState::None,
            face: FaceState::None,
            passkeys: 0,
            card_signs_in: false,
            facilities: Vec::new(),
            facilities_total: 0,
            recent: Vec::new(),
            ..full()
        };
        vec![
            ("ordinary", full()),
            ("new", new),
            (
                "by-app",
                MeHome {
                    card: CardState::Valid {
                        checked: checked.clone(),
                        until: until.clone(),
                        app: true,
                        revocation: None,
                    },
                    ..full()
                },
            ),
            (
                "ended",
                MeHome {
                    name: "長曽我部　エリザベスアレクサンドラ花子".into(),
                    card: CardState::Stale { since: checked.clone() },
                    face: FaceState::Expired { since: checked.clone() },
                    stronger: Some("/me/stronger".into()),
                    ..full()
                },
            ),
            ("recovered", MeHome { recovered: true, passkeys: 0, ..full() }),
            (
                "not_checked",
                MeHome {
                    card: CardState::Valid {
                        checked: checked.clone(),
                        until: until.clone(),
                        app: false,
                        revocation: None,
                    },
                    ..full()
                },
            ),
            ("face-ending", MeHome { face: FaceState::Ending { until: until.clone() }, ..full() }),
            ("face-off", MeHome { face: FaceState::Off, ..full() }),
            ("revoked", MeHome { card: CardState::Revoked, face: FaceState::Unavailable, ..full() }),
        ]
    }
}
