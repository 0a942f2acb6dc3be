//! `/session/ended`: signed out.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Lang, Shell};

/// The page after signing out, or after deciding to stay.
#[derive(Template)]
#[template(path = "page/signed_out.html")]
pub struct SignedOut {
    /// The frame.
    pub shell: Shell,
    /// The facility one came from, if one did.
    pub asker: Option<Asker>,
    /// Where to sign in again.
    pub again: String,
}

impl Page for SignedOut {
    const NAME: &'static str = "signed_out";

    fn frozen_ids(&self) -> Vec<&'static str> {
        vec!["pass-signed-out"]
    }

    fn samples(lang: Lang) -> Vec<(&'static str, SignedOut)> {
        let of = |asker| SignedOut { shell: shell(lang, "/session/ended"), asker, again: "/me".into() };
        vec![("ordinary", of(Some(library(lang)))), ("own", of(None))]
    }
}
