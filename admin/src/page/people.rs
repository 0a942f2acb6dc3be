//! `/manager/people`: how a person was proofed, looked up by the exact mail address, for a reason that the person reads as well.
//! Neither name nor address nor birth date is on this page.

use askama::Template;
use pass_core::domain::proofing::{ProofingMethod, ProofingStatus};
use pass_web::kit::{Lang, Shell, Words};

use super::Page;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;

/// The question, and what came of it.
#[derive(Template)]
#[template(path = "manager/people.html")]
pub struct People {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// What was asked for.
    pub mail: String,
    /// The purpose chosen.
    pub reason: Option<Reason>,
    /// The reason in the staff member's own words.
    pub memo: String,
    /// What came of it.
    pub looked: Looked,
}

/// What somebody may be looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The person asked.
    Asked,
    /// A card does not work as it should.
    Card,
    /// Somebody may use what is not theirs.
    Misuse,
}

impl Reason {
    /// All of them, as the page lists them.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Card, Self::Misuse];

    /// The word in the form and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Card => "card",
            Self::Misuse => "misuse",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Asked => "mgr-people-asked",
            Self::Card => "mgr-people-card",
            Self::Misuse => "mgr-people-misuse",
        }
    }
}

/// What came of a look-up.
#[derive(Clone)]
pub enum Looked {
    /// Nobody was asked for yet.
    NotYet,
    /// No purpose, or too few words.
    NoReason,
    /// No account has this address.
    Nobody,
    /// This one.
    Found(Box<Found>),
}

/// What is shown of a person.
#[derive(Clone)]
pub struct Found {
    /// The day the account was opened.
    pub since: Words,
    /// How many passkeys it has.
    pub passkeys: usize,
    /// Whether a card signs in.
    pub card: bool,
    /// How the person was proofed, the newest first.
    pub proofings: Vec<ProofingLine>,
}

/// One proofing.
#[derive(Clone)]
pub struct ProofingLine {
    /// How.
    pub method: ProofingMethod,
    /// The day.
    pub at: Words,
    /// Until when it counts.
    pub until: Words,
    /// The day of the answer about revocation; none: that was not checked.
    pub revocation: Option<Words>,
    /// Where it stands.
    pub status: ProofingStatus,
}

impl ProofingLine {
    const fn method_key(&self) -> &'static str {
        match self.method {
            ProofingMethod::SignCertificate => "mgr-people-signed",
            ProofingMethod::TextApplication => "mgr-people-read",
            ProofingMethod::DigitalAuthApp => "mgr-people-app",
        }
    }

    const fn status(&self) -> (&'static str, &'static str) {
        match self.status {
            ProofingStatus::Valid => ("mgr-people-valid", "ok"),
            ProofingStatus::Stale => ("mgr-people-stale", "warn"),
            ProofingStatus::Revoked => ("mgr-people-revoked", "bad"),
            ProofingStatus::Superseded => ("mgr-people-superseded", ""),
        }
    }
}

impl People {
    fn no_reason(&self) -> bool {
        matches!(self.looked, Looked::NoReason)
    }

    fn reasons(&self) -> [Reason; 3] {
        Reason::ALL
    }

    fn chosen(&self, reason: &Reason) -> bool {
        self.reason == Some(*reason)
    }
}

impl Page for People {
    const NAME: &'static str = "desk-people";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let day = |year| pass_web::kit::date::Day { year, month: 10, day: 5 }.words(lang);
        let line = |method, status, checked: bool| ProofingLine {
            method,
            at: day(2026),
            until: day(2031),
            revocation: checked.then(|| day(2026)),
            status,
        };
        let of = |looked| Self {
            shell: sample::shell(lang, "/manager/people"),
            desk: sample::desk(lang, Rank::City, Room::People),
            mail: "hanako@example.jp".into(),
            reason: Some(Reason::Asked),
            memo: lang.t("mgr-people-memo-hint").text().to_owned(),
            looked,
        };
        let signed = ProofingMethod::SignCertificate;
        let found = Found {
            since: day(2026),
            passkeys: 1,
            card: true,
            proofings: vec![
                line(signed, ProofingStatus::Valid, true),
                line(signed, ProofingStatus::Superseded, false),
                line(signed, ProofingStatus::Revoked, true),
                line(ProofingMethod::TextApplication, ProofingStatus::Stale, false),
            ],
        };
        let bare = Found { passkeys: 0, card: false, proofings: Vec::new(), ..found.clone() };
        vec![
            ("ordinary", Self { mail: String::new(), reason: None, memo: String::new(), ..of(Looked::NotYet) }),
            ("no-reason", Self { reason: None, ..of(Looked::NoReason) }),
            ("nobody", of(Looked::Nobody)),
            ("found", of(Looked::Found(Box::new(found)))),
            ("bare", of(Looked::Found(Box::new(bare)))),
        ]
    }
}
