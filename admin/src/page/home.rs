//! `/manager`: the facility today.

use askama::Template;
use pass_web::kit::{Lang, Shell, Words};

use super::Page;
use super::clients::ClientLine;
use super::desk::{Desk, Room};
use super::events::EventLine;
use super::sample;
use crate::access::Rank;
use crate::words;

/// The home page.
#[derive(Template)]
#[template(path = "manager/home.html")]
pub struct Home {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// When the figures were counted.
    pub at: Words,
    /// How many wait for staff at the reception.
    pub calls: usize,
    /// Today's figures.
    pub figures: Vec<Figure>,
    /// The programs of the facility; none where this role does not see them.
    pub clients: Option<Vec<ClientLine>>,
    /// The newest events; none where this role does not see them.
    pub events: Option<Vec<EventLine>>,
}

/// A figure with its formula.
#[derive(Clone, Copy)]
pub struct Figure {
    /// Key of what is counted.
    pub label: &'static str,
    /// How many.
    pub count: i64,
    /// Key of the formula.
    pub formula: &'static str,
}

impl Figure {
    fn shown(&self) -> String {
        words::grouped(self.count)
    }
}

impl Page for Home {
    const NAME: &'static str = "desk-home";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |rank| Self {
            shell: sample::shell(lang, "/manager"),
            desk: sample::desk(lang, rank, Room::Home),
            at: pass_web::kit::date::moment(lang, sample::NOW.0),
            calls: 0,
            figures: figures([128, 34, 6, 2]),
            clients: Some(sample::clients(lang)),
            events: Some(sample::events(lang)),
        };
        vec![
            ("ordinary", of(Rank::Facility)),
            ("city", of(Rank::City)),
            ("calls", Self { calls: 2, ..of(Rank::Facility) }),
            (
                "empty",
                Self {
                    clients: Some(Vec::new()),
                    events: Some(Vec::new()),
                    figures: figures([0; 4]),
                    ..of(Rank::Facility)
                },
            ),
            ("reception", Self { clients: None, events: None, ..of(Rank::Reception) }),
        ]
    }
}

/// The figures of the home page: sign-ins, consents, refusals, withdrawals.
pub fn figures(counts: [i64; 4]) -> Vec<Figure> {
    let words = [
        ("mgr-figure-sign-ins", "mgr-figure-sign-ins-how"),
        ("mgr-figure-consents", "mgr-figure-consents-how"),
        ("mgr-figure-refusals", "mgr-figure-refusals-how"),
        ("mgr-figure-withdrawals", "mgr-figure-withdrawals-how"),
    ];
    words.into_iter().zip(counts).map(|((label, formula), count)| Figure { label, count, formula }).collect()
}
