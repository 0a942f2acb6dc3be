//! What a staff member may not do, or what is not there. Inside the desk, so that the way on is in sight.

use askama::Template;
use pass_web::kit::{Lang, Shell};

use super::Page;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;

/// The page.
#[derive(Template)]
#[template(path = "manager/refused.html")]
pub struct Refused {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// Why.
    pub why: Refusal,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This role may not.
    Role,
    /// This facility has no such thing. Another facility's is "not there" as well.
    NotHere,
    /// The form was not ours, or too old.
    Form,
    /// The city has no facility yet.
    NoFacility,
}

impl Refusal {
    /// Keys of what happened and what to do.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Role => ("mgr-refused-role", "mgr-refused-role-do"),
            Self::NotHere => ("mgr-refused-not-here", "mgr-refused-not-here-do"),
            Self::Form => ("mgr-refused-form", "mgr-refused-form-do"),
            Self::NoFacility => ("mgr-no-facility", "mgr-no-facility-do"),
        }
    }
}

impl Page for Refused {
    const NAME: &'static str = "desk-refused";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |why, rank| Self { shell: sample::shell(lang, ""), desk: sample::desk(lang, rank, Room::Home), why };
        vec![
            ("role", of(Refusal::Role, Rank::Reception)),
            ("not-here", of(Refusal::NotHere, Rank::Facility)),
            ("form", of(Refusal::Form, Rank::Facility)),
            ("no-facility", of(Refusal::NoFacility, Rank::City)),
        ]
    }
}
