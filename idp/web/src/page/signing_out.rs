//! The page between signing out and what follows: each facility that asked to be told is loaded in a frame nobody sees.
//!
//! Implements OpenID Connect Front-Channel Logout 1.0 section 2. A frame may run
//! its scripts and have its cookies, and cannot take the page elsewhere. Without scripts a button leads on.

use askama::Template;

use super::Page;
use super::sample::shell;
use crate::kit::{Lang, PageHeaders, Shell};

/// Frames, and the way on.
#[derive(Template)]
#[template(path = "page/signing_out.html")]
pub struct SigningOut {
    /// The frame of the page; `here` is empty, because it cannot be opened again.
    pub shell: Shell,
    /// Addresses of facilities.
    pub frames: Vec<String>,
    /// Where it goes on.
    pub target: String,
}

impl Page for SigningOut {
    const NAME: &'static str = "signing_out";

    fn headers(&self) -> PageHeaders {
        self.frames.iter().fold(PageHeaders::script(), |headers, address| headers.frame(address))
    }

    fn frozen_ids(&self) -> Vec<&'static str> {
        vec!["pass-signing-out", "pass-signing-out-go"]
    }

    fn samples(lang: Lang) -> Vec<(&'static str, SigningOut)> {
        let frames = vec!["https://library.example/out?iss=a&sid=b".into(), "https://gym.example/\"><script>".into()];
        vec![("ordinary", SigningOut { shell: shell(lang, ""), frames, target: "/session/ended".into() })]
    }
}
