//! `/session/end`: leave, or stay. The answer is in the field `decision`: `yes` or `no`.

use askama::Template;

use super::Page;
use super::sample::{library, longest, shell};
use crate::kit::{Asker, Lang, Shell};

/// The question whether to sign out.
#[derive(Template)]
#[template(path = "page/logout.html")]
pub struct Logout {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// The facility that asks for it, if one does.
    pub asker: Option<Asker>,
    /// The validated parameters of the request, which the form carries on.
    pub fields: Vec<(String, String)>,
}

impl Page for Logout {
    const NAME: &'static str = "logout";

    fn frozen_ids(&self) -> Vec<&'static str> {
        vec!["pass-logout-form", "pass-logout-confirm", "pass-logout-cancel"]
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Logout)> {
        let of = |asker| Logout {
            shell: shell(lang, "/session/end?state=a"),
            csrf: "token".into(),
            asker,
            fields: vec![("state".into(), "af0ifjsldkj".into())],
        };
        vec![("ordinary", of(Some(library(lang)))), ("own", of(None)), ("longest", of(Some(longest(lang))))]
    }
}
