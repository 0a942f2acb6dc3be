//! The form of the test authenticator: id and secret, in demo mode only. A part of the sign-in page.

use askama::Template;

use crate::kit::Shell;

/// The test form.
#[derive(Template)]
#[template(path = "page/test_form.html")]
pub struct TestForm {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// The id to begin with (login_hint or the last entry).
    pub login: String,
    /// Whether nothing else stands on the page.
    pub alone: bool,
    /// Whether the last try did not fit.
    pub wrong: bool,
}
