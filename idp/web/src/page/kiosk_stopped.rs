//! A device that staff took out of service, and the way back into it: a new code.

use askama::Template;

use super::Page;
use super::kiosk::picture;
use super::sample::shell;
use crate::kit::{Lang, PageHeaders, Shell};

/// The notice.
#[derive(Template)]
#[template(path = "page/kiosk_stopped.html")]
pub struct KioskStopped {
    /// The frame.
    pub shell: Shell,
    /// The facility.
    pub name: String,
    /// Its drawing.
    pub logo: String,
}

impl KioskStopped {
    fn picture(&self) -> &'static str {
        picture(&self.logo)
    }
}

impl Page for KioskStopped {
    const NAME: &'static str = "kiosk_stopped";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn frozen_ids(&self) -> Vec<&'static str> {
        vec!["pass-kiosk-stopped", "pass-kiosk-code"]
    }

    fn samples(lang: Lang) -> Vec<(&'static str, KioskStopped)> {
        let page =
            KioskStopped {
                shell: shell(lang, "/kiosk/library"), name: "加賀市立図書館".into(), logo: "other".into()
            };
        vec![("ordinary", page)]
    }
}
