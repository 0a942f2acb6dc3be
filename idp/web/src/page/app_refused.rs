//! The national service answered, or did not, and nothing came of it: what happened, and what to do, for each refusal.

use askama::Template;
use pass_core::upstream::Refusal;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Lang, Shell, Way, WayKind};

/// The page of a visit that came to nothing.
#[derive(Template)]
#[template(path = "page/app_refused.html")]
pub struct AppRefused {
    /// The frame.
    pub shell: Shell,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// Why.
    pub refusal: Refusal,
    /// The number people tell the operator.
    pub reference: String,
    /// What can be done now.
    pub ways: Vec<Way>,
}

/// Refusals where people would do the same share words.
const fn words_of(refusal: Refusal) -> [&'static str; 3] {
    match refusal {
        Refusal::Denied => ["app-refused-denied", "app-refused-denied-why", "app-refused-denied-do"],
        Refusal::UnknownState | Refusal::UsedState | Refusal::ExpiredState => {
            ["app-refused-late", "app-refused-late-why", "app-refused-late-do"]
        }
        Refusal::OtherBrowser => ["app-refused-browser", "app-refused-browser-why", "app-refused-browser-do"],
        Refusal::Unreachable | Refusal::ClientRefused => {
            ["app-refused-down", "app-refused-down-why", "app-refused-down-do"]
        }
        Refusal::OtherIssuer
        | Refusal::CodeRefused
        | Refusal::NoIdToken
        | Refusal::Algorithm
        | Refusal::UnknownKey
        | Refusal::Signature
        | Refusal::Issuer
        | Refusal::Audience
        | Refusal::AuthorizedParty
        | Refusal::Expired
        | Refusal::IssuedAt
        | Refusal::Nonce
        | Refusal::AccessToken
        | Refusal::Subject => ["app-refused-untrusted", "app-refused-untrusted-why", "app-refused-untrusted-do"],
        Refusal::Weak => ["app-refused-weak", "app-refused-weak-why", "app-refused-weak-do"],
        Refusal::Incomplete => ["app-refused-incomplete", "app-refused-incomplete-why", "app-refused-incomplete-do"],
        Refusal::OtherAccount => ["app-refused-other", "app-refused-other-why", "app-refused-other-do"],
        Refusal::OtherPerson => ["app-refused-person", "app-refused-person-why", "app-refused-person-do"],
        Refusal::NotBound => ["app-refused-not-bound", "app-refused-not-bound-why", "app-refused-not-bound-do"],
        Refusal::Failed => ["app-refused-any", "app-refused-any-why", "app-refused-any-do"],
    }
}

/// The ways out: what helps, then back. `start` is the page before the app, `others` where the other ways are.
pub fn ways(refusal: Refusal, start: &str, others: &str) -> Vec<Way> {
    let again = Way::new(WayKind::Again, start);
    let others = Way::new(WayKind::Others, others);
    match refusal {
        Refusal::OtherAccount => vec![Way::new(WayKind::OtherAccount, "/session/end"), others],
        Refusal::NotBound => vec![others, again],
        _ => vec![again, others],
    }
}

impl AppRefused {
    /// Keys of what happened, its explanation, and what to do.
    fn words(&self) -> [&'static str; 3] {
        words_of(self.refusal)
    }
}

impl Page for AppRefused {
    const NAME: &'static str = "app_refused";

    fn samples(lang: Lang) -> Vec<(&'static str, AppRefused)> {
        let of = |refusal: Refusal| {
            let page = AppRefused {
                shell: shell(lang, ""),
                asker: Some(library(lang)),
                refusal,
                reference: "R3H8-P1KT".into(),
                ways: ways(refusal, "/federation/aas/start?interaction=4b1d", "/interaction/4b1d/proof"),
            };
            (if refusal == Refusal::Denied { "ordinary" } else { refusal.code() }, page)
        };
        let mut shown = Vec::new();
        let one_each = Refusal::ALL.iter().filter(|refusal| {
            let words = words_of(**refusal);
            let new = !shown.contains(&words);
            shown.push(words);
            new
        });
        one_each.map(|refusal| of(*refusal)).collect()
    }
}
