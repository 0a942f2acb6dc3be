//! `/interaction/{id}/card`: sign in with the card. `do=pin` for the login key and its four digits, `do=signature` for the
//! signature key and its password; both send the browser to the card agent.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Lang, PageHeaders, Shell, Way, WayKind};

/// The page before a card signs somebody in.
#[derive(Template)]
#[template(path = "page/card_sign_in.html")]
pub struct CardSignIn {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// Whether there is a card agent to go to.
    pub agent: bool,
    /// The facility asks for a signature: the four digits are not enough.
    pub signature_only: bool,
    /// The other ways.
    pub ways: Vec<Way>,
}

impl Page for CardSignIn {
    const NAME: &'static str = "card_sign_in";

    fn headers(&self) -> PageHeaders {
        PageHeaders::plain()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, CardSignIn)> {
        let of = |signature_only| CardSignIn {
            shell: shell(lang, "/interaction/4b1d/card"),
            csrf: "token".into(),
            asker: Some(library(lang)),
            agent: true,
            signature_only,
            ways: vec![Way::new(WayKind::Others, "/interaction/4b1d/login")],
        };
        vec![
            ("ordinary", of(false)),
            ("own", CardSignIn { asker: None, ..of(false) }),
            ("signature", of(true)),
            ("no-agent", CardSignIn { agent: false, ..of(false) }),
        ]
    }
}
