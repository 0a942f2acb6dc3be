//! `/manager/terminals`: the devices at the reception of this facility.

use askama::Template;
use pass_web::kit::{Lang, Shell, Words};

use super::Page;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;

/// The devices.
#[derive(Template)]
#[template(path = "manager/terminals.html")]
pub struct Terminals {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// A code that was just made; shown this once.
    pub code: Option<NewCode>,
    /// The name of a new one was missing or too long.
    pub unnamed: bool,
    /// The device about to be taken out of service.
    pub revoking: Option<TerminalLine>,
    /// All, newest first.
    pub terminals: Vec<TerminalLine>,
}

/// A code to pair a device.
#[derive(Clone)]
pub struct NewCode {
    /// As it is typed.
    pub code: String,
    /// For which name.
    pub name: String,
    /// The address that the device opens.
    pub address: String,
    /// Until when.
    pub until: String,
}

/// A device.
#[derive(Clone)]
pub struct TerminalLine {
    /// Its row, for forms.
    pub id: String,
    /// What staff call it.
    pub name: String,
    /// Since when.
    pub paired: Words,
    /// When it was last heard of.
    pub seen: Option<Words>,
    /// When it was taken out of service.
    pub stopped: Option<Words>,
    /// Its new name was missing or too long.
    pub unnamed: bool,
}

impl Terminals {
    /// The id of the field in which a name is missing.
    fn faulty(&self) -> Option<String> {
        let of = |one: &TerminalLine| format!("name-{}", one.id);
        if self.unnamed { Some("name".into()) } else { self.terminals.iter().find(|one| one.unnamed).map(of) }
    }
}

impl Page for Terminals {
    const NAME: &'static str = "desk-terminals";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let at = |minutes: i64| pass_web::kit::date::moment(lang, sample::NOW.0 - minutes * 60_000);
        let line = |id: &str, name: &str| TerminalLine {
            id: id.into(),
            name: name.into(),
            paired: at(60 * 24 * 40),
            seen: Some(at(2)),
            stopped: None,
            unnamed: false,
        };
        let of = |code, revoking, terminals| Self {
            shell: sample::shell(lang, "/manager/terminals"),
            desk: sample::desk(lang, Rank::Facility, Room::Terminals),
            code,
            unnamed: false,
            revoking,
            terminals,
        };
        let both = || {
            vec![
                line("AA", "正面玄関"),
                TerminalLine {
                    stopped: Some(at(60 * 24)), ..line("BB", "職員用の入口にある予備のタブレット")
                },
            ]
        };
        let code = NewCode {
            code: "7KQ2-M9XD".into(),
            name: "正面玄関".into(),
            address: "https://pass.kaga.example/kiosk/library".into(),
            until: "15:52".into(),
        };
        vec![
            ("ordinary", of(None, None, both())),
            ("code", of(Some(code), None, both())),
            ("revoking", of(None, Some(line("AA", "正面玄関")), both())),
            ("no-name", Self { unnamed: true, ..of(None, None, both()) }),
            ("no-new-name", of(None, None, vec![TerminalLine { unnamed: true, ..line("AA", "正面玄関") }])),
            ("empty", of(None, None, Vec::new())),
        ]
    }
}
