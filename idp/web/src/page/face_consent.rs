//! `/me/face/consent`: decide about the face, before any camera is on. `decision` is `allow` or `deny`.

use askama::Template;

use super::Page;
use super::sample::{by, shell};
use crate::kit::{Journey, Lang, Shell};

/// The consent before a face is registered.
#[derive(Template)]
#[template(path = "page/face_consent.html")]
pub struct FaceConsent {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Whose face: the name as the card says it.
    pub person: String,
    /// Until when it would be kept, in words.
    pub until: String,
    /// It is the face of a child, and a guardian decides.
    pub child: bool,
}

impl Page for FaceConsent {
    const NAME: &'static str = "face_consent";

    fn samples(lang: Lang) -> Vec<(&'static str, FaceConsent)> {
        let of = |person: &str| FaceConsent {
            shell: shell(lang, "/me/face/consent"),
            csrf: "token".into(),
            person: person.into(),
            until: by(lang, "2029年11月24日", "2029年11月24日", "24 November 2029"),
            child: false,
        };
        vec![
            ("child", FaceConsent { child: true, ..of("山田　葵") }),
            ("ordinary", of("山田　花子")),
            ("longest", of("長曽我部　エリザベスアレクサンドラ花子")),
        ]
    }
}
