//! `/interaction/{id}/step-up`: the facility asks for more certainty; choose how.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Lang, Shell, Way, WayKind};

/// The choice of a stronger sign-in.
#[derive(Template)]
#[template(path = "page/step_up.html")]
pub struct StepUp {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// The ways this person can take, the best first.
    pub ways: Vec<Way>,
    /// Whether one may go on without (`do=skip`): the facility then decides.
    pub skip: bool,
}

impl Page for StepUp {
    const NAME: &'static str = "step_up";

    fn samples(lang: Lang) -> Vec<(&'static str, StepUp)> {
        let of = |ways| StepUp {
            shell: shell(lang, "/interaction/4b1d/step-up"),
            csrf: "token".into(),
            asker: Some(library(lang)),
            ways,
            skip: true,
        };
        let at = |kind| Way::new(kind, "/interaction/4b1d/x");
        vec![
            ("ordinary", of(vec![at(WayKind::Face), at(WayKind::Passkey), at(WayKind::Card)])),
            ("none", StepUp { asker: None, ..of(Vec::new()) }),
            ("must", StepUp { skip: false, ..of(vec![at(WayKind::Passkey)]) }),
        ]
    }
}
