//! The line of steps above a task of several pages.

use askama::Template;
use askama::filters::HtmlSafe;

use super::ruby::Words;
use super::words::Lang;

/// A way of several steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journey {
    /// Mail, passkey, card, consent: the first registration.
    SignUp,
    /// Place, sign, confirm: the card.
    Card,
    /// Consent, pictures: the face.
    Face,
}

impl Journey {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Journey::SignUp => &["steps-mail", "steps-passkey", "steps-card", "steps-check"],
            Journey::Card => &["steps-place", "steps-password", "steps-check"],
            Journey::Face => &["steps-read", "steps-picture", "steps-done"],
        }
    }
}

/// The steps with the present one marked, counted from 1.
#[derive(Template)]
#[template(path = "part/steps.html")]
pub struct Steps {
    label: String,
    done: Words,
    steps: Vec<Step>,
}

struct Step {
    number: usize,
    name: Words,
    done: bool,
    now: bool,
}

impl Steps {
    /// The steps of a journey in a language.
    pub fn new(lang: Lang, journey: Journey, now: usize) -> Steps {
        let step = |(at, key): (usize, &&str)| Step {
            number: at + 1,
            name: lang.t(key),
            done: at + 1 < now,
            now: at + 1 == now,
        };
        Steps {
            label: lang.t("steps").plain(),
            done: lang.t("steps-past"),
            steps: journey.keys().iter().enumerate().map(step).collect(),
        }
    }
}

impl HtmlSafe for Steps {}
