//! `/me/facilities`: who gets what, and whom one has stopped.

use askama::Template;

use super::Page;
use super::me_home::{FacilityLine, sample_facilities};
use super::sample::{longest, shell};
use crate::kit::{Lang, Shell};

/// The list of facilities.
#[derive(Template)]
#[template(path = "page/me_facilities.html")]
pub struct MeFacilities {
    /// The frame.
    pub shell: Shell,
    /// Those that get something.
    pub active: Vec<FacilityLine>,
    /// Those that do not any more.
    pub ended: Vec<FacilityLine>,
}

impl Page for MeFacilities {
    const NAME: &'static str = "me_facilities";

    fn samples(lang: Lang) -> Vec<(&'static str, MeFacilities)> {
        let lines = || sample_facilities(lang);
        let of = |active, ended| MeFacilities { shell: shell(lang, "/me/facilities"), active, ended };
        let long = longest(lang);
        let named = lines().into_iter().map(|one| FacilityLine { name: long.name.clone(), ..one }).collect();
        let ended =
            lines().into_iter().take(1).map(|one| FacilityLine { ended: Some(one.since.clone()), ..one }).collect();
        vec![("ordinary", of(lines(), ended)), ("none", of(Vec::new(), Vec::new())), ("longest", of(named, Vec::new()))]
    }
}
