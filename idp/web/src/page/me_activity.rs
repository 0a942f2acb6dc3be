//! `/me/activity`: when, where, what was handed over, and who looked.

use askama::Template;

use super::Page;
use super::happening::Happening;
use super::sample::shell;
use crate::kit::{Lang, Shell};

/// The history.
#[derive(Template)]
#[template(path = "page/me_activity.html")]
pub struct MeActivity {
    /// The frame.
    pub shell: Shell,
    /// What happened, the newest first.
    pub happenings: Vec<Happening>,
    /// The next page of it, if there is more.
    pub older: Option<String>,
}

impl Page for MeActivity {
    const NAME: &'static str = "me_activity";

    fn samples(lang: Lang) -> Vec<(&'static str, MeActivity)> {
        let of = |happenings, older| MeActivity { shell: shell(lang, "/me/activity"), happenings, older };
        vec![
            ("ordinary", of(Happening::samples(lang), Some("/me/activity?before=1".into()))),
            ("none", of(Vec::new(), None)),
        ]
    }
}
