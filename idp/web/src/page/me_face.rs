//! `/me/face`: the state of the face, registering it, deleting it (`do=delete`); reception by face at a facility
//! (`do=reception-on` or `reception-off` with `facility`).

use askama::Template;

use super::Page;
use super::me_home::FaceState;
use super::sample::{library, longest, shell};
use crate::kit::{Lang, Shell, date};

/// The resident's face page.
#[derive(Template)]
#[template(path = "page/me_face.html")]
pub struct MeFace {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Whether there is a face.
    pub state: FaceState,
    /// Why it cannot be registered now.
    pub barrier: Option<FaceBarrier>,
    /// What was just done.
    pub done: Option<FaceDone>,
    /// Where reception by face is on, or could be.
    pub receptions: Vec<ReceptionLine>,
    /// The name of the child whose face it is; none: one's own.
    pub child: Option<String>,
    /// Where the pages of this face are.
    pub base: String,
}

/// A facility with whether reception by face is on there.
#[derive(Clone)]
pub struct ReceptionLine {
    /// What the form sends.
    pub id: String,
    /// The facility.
    pub name: String,
    /// Since when it is on, in words; none: it is off.
    pub since: Option<String>,
}

/// Why a face cannot be registered now.
#[derive(Clone)]
pub enum FaceBarrier {
    /// The person is not proofed: the card comes first.
    NotProofed,
    /// The sign-in is too weak or too old.
    Stronger {
        /// Where a stronger one can be made.
        href: String,
    },
}

/// What was just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaceDone {
    /// Registered.
    Registered,
    /// Deleted.
    Deleted,
    /// Reception by face was turned on somewhere.
    ReceptionOn,
    /// Reception by face was turned off somewhere.
    ReceptionOff,
}

impl Page for MeFace {
    const NAME: &'static str = "me_face";

    fn samples(lang: Lang) -> Vec<(&'static str, MeFace)> {
        let day = || date::Day { year: 2029, month: 11, day: 24 }.words(lang).text().to_owned();
        let of = |state| MeFace {
            shell: shell(lang, "/me/face"),
            csrf: "token".into(),
            state,
            barrier: None,
            done: None,
            receptions: Vec::new(),
            child: None,
            base: "/me/face".into(),
        };
        let receptions = || {
            let line = |asker: crate::kit::Asker, on: bool| ReceptionLine {
                id: asker.name.clone(),
                name: asker.name,
                since: on.then(|| date::Day { year: 2026, month: 11, day: 24 }.words(lang).text().to_owned()),
            };
            vec![line(library(lang), true), line(longest(lang), false)]
        };
        vec![
            ("ordinary", of(FaceState::None)),
            ("registered", MeFace { done: Some(FaceDone::Registered), ..of(FaceState::Registered { until: day() }) }),
            (
                "receptions",
                MeFace {
                    done: Some(FaceDone::ReceptionOn),
                    receptions: receptions(),
                    ..of(FaceState::Registered { until: day() })
                },
            ),
            ("deleted", MeFace { done: Some(FaceDone::Deleted), ..of(FaceState::None) }),
            (
                "child",
                MeFace {
                    child: Some("山田　葵".into()), base: "/me/family/4b1d/face".into(), ..of(FaceState::None)
                },
            ),
            (
                "child-registered",
                MeFace {
                    child: Some("山田　葵".into()),
                    base: "/me/family/4b1d/face".into(),
                    receptions: receptions(),
                    ..of(FaceState::Registered { until: day() })
                },
            ),
            ("ending", of(FaceState::Ending { until: day() })),
            ("off", of(FaceState::Off)),
            ("expired", of(FaceState::Expired { since: day() })),
            ("unavailable", of(FaceState::Unavailable)),
            ("not-proofed", MeFace { barrier: Some(FaceBarrier::NotProofed), ..of(FaceState::None) }),
            (
                "stronger",
                MeFace { barrier: Some(FaceBarrier::Stronger { href: "/me/stronger".into() }), ..of(FaceState::None) },
            ),
        ]
    }
}
