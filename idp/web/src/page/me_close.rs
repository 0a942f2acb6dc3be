//! `/me/close`: give PASS up. `confirm` is the word that the page asks for.

use askama::Template;

use super::Page;
use super::sample::{library, longest, shell};
use crate::kit::{Asker, Lang, Shell, Words};

/// The question.
#[derive(Template)]
#[template(path = "page/me_close.html")]
pub struct MeClose {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Facilities that are told.
    pub facilities: Vec<String>,
    /// Whether a face is enrolled.
    pub face: bool,
    /// Whether the word was not the one asked for.
    pub wrong: bool,
}

/// The page after it.
#[derive(Template)]
#[template(path = "page/closed.html")]
pub struct Closed {
    /// The frame.
    pub shell: Shell,
    /// No facility: one came from one's own pages.
    pub asker: Option<Asker>,
}

impl MeClose {
    /// The word to type, in the language of the page.
    pub fn confirmation(lang: Lang) -> Words {
        lang.t("close-word")
    }

    fn word(&self) -> Words {
        Self::confirmation(self.shell.lang)
    }

    fn facilities(&self) -> String {
        self.facilities.join(self.shell.t("slip-and").text())
    }
}

impl Page for MeClose {
    const NAME: &'static str = "me_close";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |facilities: Vec<String>, face, wrong| Self {
            shell: shell(lang, "/me/close"),
            csrf: "token".into(),
            facilities,
            face,
            wrong,
        };
        vec![
            ("ordinary", of(vec![library(lang).name, longest(lang).name], true, false)),
            ("wrong", of(vec![library(lang).name], false, true)),
            ("nothing", of(Vec::new(), false, false)),
        ]
    }
}

impl Page for Closed {
    const NAME: &'static str = "closed";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        vec![("ordinary", Self { shell: shell(lang, "/me/close"), asker: None })]
    }
}
