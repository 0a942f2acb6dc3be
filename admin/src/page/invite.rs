//! `/manager/invite/{secret}`: a new staff member makes the first passkey.

use askama::Template;
use pass_web::kit::{Lang, PageHeaders, Shell};

use super::Page;
use super::sample;
use crate::access::Rank;

/// The page behind the one-time link.
#[derive(Template)]
#[template(path = "manager/invite.html")]
pub struct Invite {
    /// The frame.
    pub shell: Shell,
    /// What the link is worth.
    pub state: InviteState,
}

/// What the link is worth.
#[derive(Clone)]
pub enum InviteState {
    /// It works.
    Ready {
        /// Token of the form.
        csrf: String,
        /// Where the ceremony begins.
        begin: String,
        /// For whom.
        staff: String,
        /// As what.
        rank: Rank,
        /// The last try failed.
        failed: bool,
    },
    /// It was used, is too old or never was: one answer for all three.
    Gone,
}

impl Page for Invite {
    const NAME: &'static str = "manager-invite";

    fn headers(&self) -> PageHeaders {
        match self.state {
            InviteState::Ready { .. } => PageHeaders::script(),
            InviteState::Gone => PageHeaders::plain(),
        }
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |state| Self { shell: sample::shell(lang, ""), state };
        let ready = |failed| InviteState::Ready {
            csrf: "token".into(),
            begin: "/manager/invite/x/passkey".into(),
            staff: "佐々木 恵".into(),
            rank: Rank::Facility,
            failed,
        };
        vec![("ready", of(ready(false))), ("failed", of(ready(true))), ("gone", of(InviteState::Gone))]
    }
}
