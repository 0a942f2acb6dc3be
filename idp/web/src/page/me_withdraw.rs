//! `/me/facilities/{id}/withdraw`: stop handing over, or keep on. `decision` is `stop` or `keep`.

use askama::Template;

use super::Page;
use super::sample::{library, longest, shell};
use crate::kit::{Lang, Shell};

/// The question, and after it the result.
#[derive(Template)]
#[template(path = "page/me_withdraw.html")]
pub struct MeWithdraw {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// The facility.
    pub facility: String,
    /// Whether it is done.
    pub done: bool,
}

impl Page for MeWithdraw {
    const NAME: &'static str = "me_withdraw";

    fn samples(lang: Lang) -> Vec<(&'static str, MeWithdraw)> {
        let of = |facility, done| MeWithdraw {
            shell: shell(lang, "/me/facilities/1/withdraw"),
            csrf: "token".into(),
            facility,
            done,
        };
        vec![
            ("ordinary", of(library(lang).name, false)),
            ("done", of(library(lang).name, true)),
            ("longest", of(longest(lang).name, false)),
        ]
    }
}
