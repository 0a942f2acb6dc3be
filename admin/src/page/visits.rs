//! `/manager/visits`: who came and left on a day, and who waits for staff. Of a person only what was consented to for this facility, and
//! never an address or a birth date.

use askama::Template;
use pass_core::domain::reception::{CallReason, Direction, FeeClass, Way};
use pass_web::kit::{Lang, PageHeaders, Shell};

use super::Page;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;

/// A day at the reception.
#[derive(Template)]
#[template(path = "manager/visits.html")]
pub struct Visits {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// The day, `2026-11-27`.
    pub day: String,
    /// Calls that nobody took on yet.
    pub calls: Vec<CallLine>,
    /// Counted from the lines below.
    pub counts: Vec<Count>,
    /// Newest first.
    pub visits: Vec<VisitLine>,
}

/// A call for staff.
#[derive(Clone)]
pub struct CallLine {
    /// Its row, for the form.
    pub id: String,
    /// When, in Japan; with the day where it is not of today.
    pub at: String,
    /// At which device.
    pub terminal: String,
    /// Why.
    pub reason: CallReason,
}

impl CallLine {
    fn words(&self) -> &'static str {
        match self.reason {
            CallReason::Button => "visits-call-button",
            CallReason::Failures => "visits-call-failures",
            CallReason::Unavailable => "visits-call-unavailable",
        }
    }
}

/// A figure with its formula.
#[derive(Clone, Copy)]
pub struct Count {
    /// Key of what is counted.
    pub label: &'static str,
    /// How many.
    pub count: usize,
    /// Key of the formula.
    pub formula: &'static str,
}

/// Somebody who came or left.
#[derive(Clone)]
pub struct VisitLine {
    /// When, in Japan.
    pub at: String,
    /// The masked name, where the facility may have it and the person agreed.
    pub name: Option<String>,
    /// Which way.
    pub direction: Direction,
    /// Recognised how.
    pub by: Way,
    /// 市内, 市外 or not known.
    pub class: FeeClass,
    /// From the first touch to the answer.
    pub seconds: String,
    /// At which device.
    pub terminal: String,
}

impl VisitLine {
    fn direction(&self) -> (&'static str, &'static str) {
        match self.direction {
            Direction::In => ("visits-in", "info"),
            Direction::Out => ("visits-out", ""),
        }
    }

    fn how(&self) -> &'static str {
        match self.by {
            Way::Face => "visits-by-face",
        }
    }

    fn class(&self) -> (&'static str, &'static str) {
        match self.class {
            FeeClass::Resident => ("kiosk-resident", "ok"),
            FeeClass::NonResident => ("kiosk-non-resident", "warn"),
            FeeClass::Unknown => ("kiosk-unknown", ""),
        }
    }
}

impl Page for Visits {
    const NAME: &'static str = "desk-visits";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let line = |at: &str, name: Option<&str>, direction, class| VisitLine {
            at: at.into(),
            name: name.map(Into::into),
            direction,
            by: Way::Face,
            class,
            seconds: "2.4".into(),
            terminal: "正面玄関".into(),
        };
        let of = |calls: Vec<CallLine>, visits: Vec<VisitLine>| Self {
            shell: sample::shell(lang, "/manager/visits"),
            desk: sample::desk(lang, Rank::Reception, Room::Visits),
            day: "2026-11-27".into(),
            calls,
            counts: counts(&visits),
            visits,
        };
        let call = |reason| CallLine { id: "AA".into(), at: "15:43".into(), terminal: "正面玄関".into(), reason };
        let three = || {
            vec![
                line("15:42:10", Some("山田 花○"), Direction::Out, FeeClass::Resident),
                line("15:01:44", None, Direction::In, FeeClass::NonResident),
                line("14:20:05", Some("山田 花○"), Direction::In, FeeClass::Unknown),
            ]
        };
        vec![
            ("ordinary", of(Vec::new(), three())),
            ("calls", of(vec![call(CallReason::Failures), call(CallReason::Button)], three())),
            ("empty", of(Vec::new(), Vec::new())),
        ]
    }
}

/// The figures of a day: each a count over the lines of the page.
pub fn counts(visits: &[VisitLine]) -> Vec<Count> {
    let of = |label, formula, which: &dyn Fn(&&VisitLine) -> bool| Count {
        label,
        count: visits.iter().filter(which).count(),
        formula,
    };
    vec![
        of("visits-count-in", "visits-count-in-how", &|one| one.direction == Direction::In),
        of("visits-count-out", "visits-count-out-how", &|one| one.direction == Direction::Out),
        of("visits-count-outside", "visits-count-outside-how", &|one| {
            one.direction == Direction::In && one.class == FeeClass::NonResident
        }),
    ]
}
