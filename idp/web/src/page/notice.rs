//! A page that only tells: one message, what it means, and where to go on.

use askama::Template;

use super::Page;
use super::sample::shell;
use crate::kit::{Lang, Shell, Way, WayKind};

/// The notice.
#[derive(Template)]
#[template(path = "page/notice.html")]
pub struct Notice {
    /// The frame.
    pub shell: Shell,
    /// What there is to tell.
    pub kind: NoticeKind,
    /// Where to go on.
    pub ways: Vec<Way>,
}

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Signed in still: sign-out was declined.
    Stayed,
    /// The step cannot be done by anybody now (no model, no agent): other ways.
    FaceUnavailable,
    /// Too many comparisons failed: the face is off until it is registered anew.
    FaceOff,
    /// The facility asks for a face and the person has none registered.
    NoFace,
    /// The card step was given up.
    CardLater,
}

impl NoticeKind {
    /// Keys of the title and of the explanation.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            NoticeKind::Stayed => ("notice-stayed-title", "notice-stayed"),
            NoticeKind::FaceUnavailable => ("notice-face-unavailable-title", "notice-face-unavailable"),
            NoticeKind::FaceOff => ("notice-face-off-title", "notice-face-off"),
            NoticeKind::NoFace => ("notice-no-face-title", "notice-no-face"),
            NoticeKind::CardLater => ("notice-card-later-title", "notice-card-later"),
        }
    }
}

impl Page for Notice {
    const NAME: &'static str = "notice";

    fn samples(lang: Lang) -> Vec<(&'static str, Notice)> {
        let of = |kind| Notice { shell: shell(lang, "/notice"), kind, ways: vec![Way::new(WayKind::Home, "/me")] };
        vec![
            ("stayed", of(NoticeKind::Stayed)),
            ("face-unavailable", of(NoticeKind::FaceUnavailable)),
            ("face-off", of(NoticeKind::FaceOff)),
            ("no-face", of(NoticeKind::NoFace)),
            ("card-later", of(NoticeKind::CardLater)),
        ]
    }
}
