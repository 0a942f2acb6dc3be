//! A device that is not paired yet: the code from Manager.

use askama::Template;

use super::Page;
use super::kiosk::picture;
use super::sample::shell;
use crate::kit::{Lang, PageHeaders, Shell};

/// The question for the code.
#[derive(Template)]
#[template(path = "page/kiosk_pair.html")]
pub struct KioskPair {
    /// The frame.
    pub shell: Shell,
    /// The facility.
    pub name: String,
    /// Its drawing.
    pub logo: String,
}

impl KioskPair {
    fn picture(&self) -> &'static str {
        picture(&self.logo)
    }
}

impl Page for KioskPair {
    const NAME: &'static str = "kiosk_pair";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn frozen_ids(&self) -> Vec<&'static str> {
        vec!["pass-kiosk-pair", "pass-kiosk-code", "pass-kiosk-pair-go"]
    }

    fn samples(lang: Lang) -> Vec<(&'static str, KioskPair)> {
        let page =
            KioskPair {
                shell: shell(lang, "/kiosk/library"), name: "加賀市立図書館".into(), logo: "library".into()
            };
        vec![("ordinary", page)]
    }
}
