//! `/interaction/{id}/proof` and `/me/card`: put the card down. `do=card` sends the browser to the card agent;
//! `do=later` goes on without.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Journey, Lang, PageHeaders, Shell, Way, WayKind};

/// The page before the card.
#[derive(Template)]
#[template(path = "page/card_start.html")]
pub struct CardStart {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// Address of the card agent on this computer; the form's answer leads there. Without one there is no button.
    pub agent: Option<String>,
    /// Whether this is part of the first registration.
    pub sign_up: bool,
    /// Whether the facility needs the card before it gets anything.
    pub needed: bool,
    /// Whether one may go on without.
    pub later: bool,
    /// The other ways.
    pub ways: Vec<Way>,
}

impl Page for CardStart {
    const NAME: &'static str = "card_start";

    fn headers(&self) -> PageHeaders {
        let headers = PageHeaders::plain();
        match &self.agent {
            Some(agent) => headers.form_to(agent),
            None => headers,
        }
    }

    fn samples(lang: Lang) -> Vec<(&'static str, CardStart)> {
        let of = |sign_up| CardStart {
            shell: shell(lang, "/interaction/4b1d/proof"),
            csrf: "token".into(),
            asker: Some(library(lang)),
            agent: Some("http://127.0.0.1:8084".into()),
            sign_up,
            needed: true,
            later: sign_up,
            ways: vec![Way::new(WayKind::Counter, "https://city.example/counter")],
        };
        vec![
            ("ordinary", of(true)),
            ("own", CardStart { asker: None, needed: false, later: true, ..of(false) }),
            ("no-agent", CardStart { agent: None, ..of(true) }),
        ]
    }
}
