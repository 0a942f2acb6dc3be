//! The demo's stand-in for the national service, at an address of its own: choose a sample card, type its PIN. It says on every
//! page that it is a sample. Fields: `card` and `pin`; or `do=cancel`.

use askama::Template;

use super::Page;
use super::agent_sign::{SampleCard, sample_cards};
use super::sample::shell;
use crate::kit::{Lang, PageHeaders, Shell};

/// The page that asks for a sample card.
#[derive(Template)]
#[template(path = "page/counterpart.html")]
pub struct Counterpart {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Where the answer leads: the registered address of who asks.
    pub back: String,
    /// The scopes of the request beside `openid`.
    pub scopes: Vec<String>,
    /// The sample cards.
    pub cards: Vec<SampleCard>,
    /// What went wrong with the last try.
    pub fault: Option<PinFault>,
}

/// What went wrong with a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinFault {
    /// It is not the card's.
    Wrong,
    /// It was not the card's too often.
    Locked,
}

impl Counterpart {
    fn labels(&self) -> Vec<&'static str> {
        let label = |scope: &String| match scope.as_str() {
            "name" => Some("card-reads-name"),
            "address" => Some("card-reads-address"),
            "birthdate" => Some("card-reads-birthdate"),
            "gender" => Some("card-reads-gender"),
            _ => None,
        };
        self.scopes.iter().filter_map(label).collect()
    }

    fn who(&self) -> String {
        crate::form::origin_of(&self.back)
    }
}

impl Page for Counterpart {
    const NAME: &'static str = "counterpart";

    fn headers(&self) -> PageHeaders {
        PageHeaders::plain().form_to(&self.back)
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Counterpart)> {
        let of = |scopes: &[&str], fault| Counterpart {
            shell: Shell { demo: true, ..shell(lang, "") },
            csrf: "token".into(),
            back: "http://localhost:8080/federation/aas/callback".into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            cards: sample_cards(),
            fault,
        };
        let all = ["name", "address", "birthdate", "gender"];
        vec![
            ("ordinary", of(&all, None)),
            ("sign-in", of(&[], None)),
            ("wrong", of(&all, Some(PinFault::Wrong))),
            ("locked", of(&all, Some(PinFault::Locked))),
        ]
    }
}

/// A request that the stand-in refuses before it knows where to send the browser.
#[derive(Template)]
#[template(path = "page/counterpart_refused.html")]
pub struct CounterpartRefused {
    /// The frame.
    pub shell: Shell,
    /// What is wrong, for technicians.
    pub why: String,
}

impl Page for CounterpartRefused {
    const NAME: &'static str = "counterpart_refused";

    fn samples(lang: Lang) -> Vec<(&'static str, CounterpartRefused)> {
        let shell = Shell { demo: true, ..shell(lang, "") };
        vec![("ordinary", CounterpartRefused { shell, why: "redirect_uri is not registered".into() })]
    }
}
