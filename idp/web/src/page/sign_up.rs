//! The first registration: an account by mail address. It never tells whether an address has an account.
//!
//! Field: `login`.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Journey, Lang, Shell, Way, WayKind};

/// The sign-up page.
#[derive(Template)]
#[template(path = "page/sign_up.html")]
pub struct SignUp {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// The address to begin with.
    pub email: String,
    /// Whether the text is no address.
    pub wrong: bool,
    /// The other ways.
    pub ways: Vec<Way>,
}

impl Page for SignUp {
    const NAME: &'static str = "sign_up";

    fn samples(lang: Lang) -> Vec<(&'static str, SignUp)> {
        let of = |asker| SignUp {
            shell: shell(lang, "/sign-up"),
            csrf: "token".into(),
            asker,
            email: String::new(),
            wrong: false,
            ways: vec![
                Way::new(WayKind::SignIn, "/sign-in"),
                Way::new(WayKind::Counter, "https://city.example/counter"),
            ],
        };
        vec![
            ("ordinary", of(Some(library(lang)))),
            ("own", of(None)),
            ("wrong", SignUp { wrong: true, email: "hanako".into(), ..of(None) }),
        ]
    }
}
