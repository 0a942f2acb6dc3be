//! The second half of a sign-in or sign-up by mail: the six digits that came.
//!
//! Fields: `do=code` with `code`, or `do=again` for a new one.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Journey, Lang, Shell, Way, WayKind};

/// The code page.
#[derive(Template)]
#[template(path = "page/code.html")]
pub struct Code {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// Whether this is the first registration.
    pub sign_up: bool,
    /// Where the code went, as the person typed it.
    pub email: String,
    /// Tries left with this code.
    pub left: u32,
    /// What went wrong with the last try, or with the wish for a new code.
    pub fault: Option<CodeFault>,
    /// Whether a new code has just been sent.
    pub sent_again: bool,
    /// Address of the outbox page, in demo mode only.
    pub outbox: Option<String>,
    /// The other ways.
    pub ways: Vec<Way>,
}

/// What went wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// Another code.
    Wrong,
    /// Too old, or used.
    Old,
    /// Tried too often: only a new one helps.
    Spent,
    /// Too many tries or mails from one network address.
    TooMany,
    /// The address has had as many mails as it may have for now.
    TooSoon,
}

impl Code {
    fn wrong(&self) -> bool {
        self.fault == Some(CodeFault::Wrong)
    }
}

impl Page for Code {
    const NAME: &'static str = "code";

    fn samples(lang: Lang) -> Vec<(&'static str, Code)> {
        let of = |sign_up| Code {
            shell: shell(lang, "/interaction/4b1d/code"),
            csrf: "token".into(),
            asker: Some(library(lang)),
            sign_up,
            email: "hanako@example.jp".into(),
            left: 5,
            fault: None,
            sent_again: false,
            outbox: None,
            ways: vec![Way::new(WayKind::Others, "/interaction/4b1d/login")],
        };
        let long = "a.very.long.address.of.a.person.with.many.names@department.of.many.words.example.co.jp";
        vec![
            ("ordinary", of(false)),
            ("sign-up", Code { asker: None, outbox: Some("/dev/mail".into()), ..of(true) }),
            ("wrong", Code { fault: Some(CodeFault::Wrong), left: 4, ..of(false) }),
            ("old", Code { fault: Some(CodeFault::Old), left: 0, ..of(false) }),
            ("spent", Code { fault: Some(CodeFault::Spent), left: 0, ..of(true) }),
            ("too-many", Code { fault: Some(CodeFault::TooMany), ..of(false) }),
            ("too-soon", Code { fault: Some(CodeFault::TooSoon), ..of(false) }),
            ("longest", Code { email: long.into(), sent_again: true, ..of(false) }),
        ]
    }
}
