//! Make a passkey: during the first registration, or as one more. `do=passkey` with `credential`, or `do=later`.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Journey, Lang, PageHeaders, Shell};

/// The page that makes a passkey.
#[derive(Template)]
#[template(path = "page/make_passkey.html")]
pub struct MakePasskey {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// Address that answers a POST with the options of `navigator.credentials.create`.
    pub begin: String,
    /// Whether this is part of the first registration.
    pub sign_up: bool,
    /// Whether the card was asked for, and this stands in the way.
    pub for_card: bool,
    /// Whether the last try failed.
    pub failed: bool,
    /// Whether one may go on without.
    pub later: bool,
}

impl Page for MakePasskey {
    const NAME: &'static str = "make_passkey";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, MakePasskey)> {
        let of = |sign_up: bool| MakePasskey {
            shell: shell(lang, "/interaction/4b1d/passkey"),
            csrf: "token".into(),
            asker: sign_up.then(|| library(lang)),
            begin: "/interaction/4b1d/passkey/begin".into(),
            sign_up,
            for_card: !sign_up,
            failed: false,
            later: true,
        };
        vec![("ordinary", of(true)), ("failed", MakePasskey { failed: true, ..of(true) }), ("one-more", of(false))]
    }
}
