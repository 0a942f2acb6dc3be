//! `/me/passkeys`: ways to sign in and devices. `do=remove` or `do=sign-out` with `id`; `sure=1` after the question.

use askama::Template;

use super::Page;
use super::sample::{by, shell};
use crate::kit::{Lang, Shell, date};

/// Passkeys, sessions and the mail address.
#[derive(Template)]
#[template(path = "page/me_passkeys.html")]
pub struct MePasskeys {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// The passkeys.
    pub passkeys: Vec<PasskeyLine>,
    /// The page that makes one more.
    pub add: String,
    /// The card that signs in.
    pub card: Option<CardLine>,
    /// The devices signed in.
    pub devices: Vec<DeviceLine>,
    /// The mail address, masked where the sign-in is weak; empty without one.
    pub email: String,
    /// Whether this session was opened with nothing but the card: greet, and say what to remove.
    pub recovered: bool,
    /// What was just done.
    pub done: Option<PasskeysDone>,
    /// The last passkey of a proofed person, asked about before it is removed: what the form sends.
    pub last: Option<String>,
}

/// What was just done on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeysDone {
    /// A passkey was added.
    Added,
    /// A passkey was removed.
    Removed,
    /// The card was removed.
    CardRemoved,
    /// A device was signed out.
    SignedOut,
}

/// A passkey in the list.
#[derive(Clone)]
pub struct PasskeyLine {
    /// What the forms send.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made, in words.
    pub made: String,
    /// When it was last used, in words.
    pub used: Option<String>,
}

/// The My Number Card as a way to sign in.
#[derive(Clone)]
pub struct CardLine {
    /// What the forms send.
    pub id: String,
    /// Until when its certificate signs in, in words.
    pub until: String,
    /// When it was last used, in words.
    pub used: Option<String>,
}

/// A session in the list.
#[derive(Clone)]
pub struct DeviceLine {
    /// What the forms send.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Since when, in words.
    pub since: String,
    /// Whether it is this one.
    pub here: bool,
}

impl Page for MePasskeys {
    const NAME: &'static str = "me_passkeys";

    fn samples(lang: Lang) -> Vec<(&'static str, MePasskeys)> {
        let at = |days: i64| date::moment(lang, 1_795_502_520_000 - days * 86_400_000).text().to_owned();
        let key = |name: &str| PasskeyLine { id: "1".into(), name: name.into(), made: at(30), used: Some(at(0)) };
        let device = |here| DeviceLine {
            id: "2".into(),
            name: by(lang, "Chromium（Linux）", "Chromium（Linux）", "Chromium on Linux"),
            since: at(1),
            here,
        };
        let of = |passkeys| MePasskeys {
            shell: shell(lang, "/me/passkeys"),
            csrf: "token".into(),
            passkeys,
            add: "/me/passkeys/add".into(),
            card: Some(CardLine {
                id: "3".into(),
                until: date::Day::of(1_900_000_000_000).words(lang).text().to_owned(),
                used: Some(at(2)),
            }),
            devices: vec![device(true), device(false)],
            email: "hanako@example.jp".into(),
            recovered: false,
            done: None,
            last: None,
        };
        let second = PasskeyLine { used: None, ..key("YubiKey 5 NFC") };
        vec![
            (
                "ordinary",
                of(vec![
                    key(&by(lang, "花子のスマートフォン", "花子（はなこ）の スマートフォン", "Hanako's phone")),
                    second,
                ]),
            ),
            ("recovered", MePasskeys { recovered: true, ..of(vec![key("iPhone")]) }),
            ("last", MePasskeys { last: Some("1".into()), ..of(vec![key("iPhone")]) }),
            ("one", MePasskeys { done: Some(PasskeysDone::Added), ..of(vec![key("iPhone")]) }),
            (
                "none",
                MePasskeys {
                    card: None,
                    devices: vec![device(true)],
                    email: String::new(),
                    done: Some(PasskeysDone::Removed),
                    ..of(Vec::new())
                },
            ),
        ]
    }
}
