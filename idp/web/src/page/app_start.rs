//! `/federation/aas/start`: before the browser leaves for the national service (デジタル認証アプリ). `do=go` leaves.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Journey, Lang, PageHeaders, Shell, Way, WayKind};

/// The page before the app.
#[derive(Template)]
#[template(path = "page/app_start.html")]
pub struct AppStart {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// The service's address; the form's answer leads there.
    pub service: String,
    /// Sign in, instead of being proofed.
    pub sign_in: bool,
    /// Whether this is part of the first registration.
    pub sign_up: bool,
    /// The other ways.
    pub ways: Vec<Way>,
}

impl AppStart {
    /// The name that will stand in the address line.
    fn host(&self) -> String {
        url::Url::parse(&self.service).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl Page for AppStart {
    const NAME: &'static str = "app_start";

    fn headers(&self) -> PageHeaders {
        PageHeaders::plain().form_to(&self.service)
    }

    fn samples(lang: Lang) -> Vec<(&'static str, AppStart)> {
        let of = |sign_in: bool, sign_up: bool| AppStart {
            shell: shell(lang, "/federation/aas/start?interaction=4b1d"),
            csrf: "token".into(),
            asker: Some(library(lang)),
            service: "https://auth-and-sign.go.jp/api/realms/main".into(),
            sign_in,
            sign_up,
            ways: vec![Way::new(WayKind::Others, "/interaction/4b1d/proof")],
        };
        vec![
            ("ordinary", of(false, true)),
            ("own", AppStart { asker: None, ..of(false, false) }),
            ("sign-in", of(true, false)),
        ]
    }
}
