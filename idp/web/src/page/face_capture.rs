//! One good picture: the face step-up (`/interaction/{id}/face`) and the pictures of the enrolment.
//!
//! `do=frames` with `frame1` to `frame3` (JPEG in base64url), or, without a camera, `do=photo` with the file `photo` as
//! multipart/form-data; `capture` with either, another at each view. No score and no similarity is ever shown, and one hint at a time.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Journey, Lang, PageHeaders, Shell, Way, WayKind};

/// The camera page.
#[derive(Template)]
#[template(path = "page/face_capture.html")]
pub struct FaceCapture {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// Token of this view of the page: its pictures are taken once.
    pub capture: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// Whether the face is being registered, not compared.
    pub enrol: bool,
    /// What can be done better: the key of a `face::Rejection`, or `face.no-match`.
    pub hint: Option<String>,
    /// Tries left before other ways are asked for, where that is near.
    pub left: Option<u32>,
    /// Ways without the face.
    pub ways: Vec<Way>,
}

/// The keys of hints with their texts.
pub const HINTS: &[(&str, &str)] = &[
    ("face.empty", "face-hint-empty"),
    ("face.unreadable", "face-hint-unreadable"),
    ("face.too-big", "face-hint-too-big"),
    ("face.none", "face-hint-none"),
    ("face.several", "face-hint-several"),
    ("face.small", "face-hint-small"),
    ("face.edge", "face-hint-edge"),
    ("face.turned", "face-hint-turned"),
    ("face.light", "face-hint-light"),
    ("face.blurred", "face-hint-blurred"),
    ("face.covered", "face-hint-covered"),
    ("face.unmoved", "face-hint-unmoved"),
    ("face.different", "face-hint-different"),
    ("face.no-match", "face-hint-no-match"),
    ("face.stale", "face-hint-stale"),
    ("face.wait", "face-hint-wait"),
];

impl FaceCapture {
    fn hint_words(&self) -> Option<&'static str> {
        let key = self.hint.as_deref()?;
        Some(HINTS.iter().find(|(hint, _)| *hint == key).map_or("face-hint-any", |(_, words)| words))
    }
}

impl Page for FaceCapture {
    const NAME: &'static str = "face_capture";

    fn headers(&self) -> PageHeaders {
        PageHeaders::camera()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, FaceCapture)> {
        let of = |enrol: bool, hint: Option<&str>| FaceCapture {
            shell: shell(lang, "/interaction/4b1d/face"),
            csrf: "token".into(),
            capture: "view".into(),
            asker: (!enrol).then(|| library(lang)),
            enrol,
            hint: hint.map(Into::into),
            left: None,
            ways: vec![
                Way::new(WayKind::Passkey, "/interaction/4b1d/login"),
                Way::new(WayKind::Card, "/interaction/4b1d/proof"),
                Way::new(WayKind::Counter, "https://city.example/counter"),
            ],
        };
        vec![
            ("ordinary", of(false, None)),
            ("no-match", FaceCapture { left: Some(1), ..of(false, Some("face.no-match")) }),
            ("stale", of(false, Some("face.stale"))),
            ("wait", of(false, Some("face.wait"))),
            ("enrol", of(true, None)),
            ("enrol-dark", of(true, Some("face.light"))),
            ("unknown-hint", of(true, Some("face.new"))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_a_picture_is_refused_for_has_words() {
        for reason in pass_core::face::Rejection::ALL {
            assert!(HINTS.iter().any(|(key, _)| *key == reason.key()), "{} has no words", reason.key());
        }
    }
}
