//! `/manager/audit`: what happened, who did it, and that nothing is missing in between.

use askama::Template;
use pass_web::kit::{Lang, Shell, Words};

use super::Page;
use super::desk::{Desk, Room};
use super::events::EventLine;
use super::sample;
use crate::access::Rank;
use crate::words;

/// The audit log.
#[derive(Template)]
#[template(path = "manager/audit.html")]
pub struct Audit {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// Whether the whole city is shown; none where this role sees one facility only.
    pub city: Option<bool>,
    /// The whole log's state.
    pub chain: Chain,
    /// Acts to choose from: word, name, chosen.
    pub acts: Vec<(&'static str, Words, bool)>,
    /// First day of the filter, `2026-11-24` or empty.
    pub from: String,
    /// Last day of the filter.
    pub until: String,
    /// The lines, newest first.
    pub events: Vec<EventLine>,
    /// Where in the log.
    pub pages: Pages,
}

/// The state of the chain over all facilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Rows that are linked.
    pub linked: i64,
    /// Rows that wait for the chainer.
    pub waiting: i64,
}

/// The way through the log.
#[derive(Clone)]
pub struct Pages {
    /// Address of the newest lines, from an older page.
    pub newest: Option<String>,
    /// Address of the older lines.
    pub older: Option<String>,
}

impl Audit {
    fn linked(&self) -> String {
        words::grouped(self.chain.linked)
    }

    fn waiting(&self) -> String {
        words::grouped(self.chain.waiting)
    }
}

impl Page for Audit {
    const NAME: &'static str = "desk-audit";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let acts = || words::acts(lang).into_iter().map(|(word, name)| (word, name, word == "client.read")).collect();
        let of = |events: Vec<EventLine>, waiting| Self {
            shell: sample::shell(lang, "/manager/audit?act=client.read"),
            desk: sample::desk(lang, Rank::City, Room::Audit),
            city: Some(false),
            chain: Chain { linked: 48_213, waiting },
            acts: acts(),
            from: "2026-11-24".into(),
            until: String::new(),
            events,
            pages: Pages { newest: None, older: Some("/manager/audit?act=client.read&before=AZ".into()) },
        };
        vec![
            ("ordinary", of(sample::events(lang), 0)),
            ("waiting", of(sample::events(lang), 3)),
            (
                "empty",
                Self {
                    pages: Pages { newest: Some("/manager/audit?act=client.read".into()), older: None },
                    ..of(Vec::new(), 0)
                },
            ),
        ]
    }
}
