//! `/manager/sign-in`: staff are recognised by their passkey.
//!
//! Forms say which one they are in the hidden field `do`: `passkey` (with `credential`), in the demo `demo` (with `staff`).

use askama::Template;
use pass_web::kit::{Lang, PageHeaders, Part, Shell};

use super::Page;
use super::sample;

/// The sign-in page of staff.
#[derive(Template)]
#[template(path = "manager/sign_in.html")]
pub struct StaffSignIn {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// What went wrong with the last try.
    pub fault: Option<StaffFault>,
    /// Whether somebody just signed out.
    pub left: bool,
    /// One button for each staff member of the demo.
    pub demo: Option<Part>,
}

/// What went wrong with a try to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffFault {
    /// No passkey of staff, or the device refused.
    Passkey,
    /// Too many tries from here.
    TooMany,
}

impl StaffFault {
    /// Keys of what happened and what to do.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Passkey => ("mgr-sign-in-failed", "mgr-sign-in-failed-do"),
            Self::TooMany => ("mgr-sign-in-many", "mgr-sign-in-many-do"),
        }
    }
}

impl Page for StaffSignIn {
    const NAME: &'static str = "manager-sign-in";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |fault| Self {
            shell: sample::shell(lang, "/manager/sign-in"),
            csrf: "token".into(),
            fault,
            left: false,
            demo: None,
        };
        vec![
            ("ordinary", of(None)),
            ("failed", of(Some(StaffFault::Passkey))),
            ("too-many", of(Some(StaffFault::TooMany))),
            ("left", Self { left: true, ..of(None) }),
            ("demo", Self { demo: sample::demo_staff(lang), ..of(None) }),
        ]
    }
}
