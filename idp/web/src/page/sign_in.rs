//! `/interaction/{id}/login` and `/sign-in`: be recognised. Passkey, a code by mail, and the other ways.
//!
//! Forms say which one they are in the hidden field `do`: `passkey` (with `credential`), `mail` (with `login`), `test`
//! (with `login` and `secret`), `cancel`.

use askama::Template;

use super::Page;
use super::sample::{library, longest, shell};
use crate::kit::{Asker, Lang, PageHeaders, Part, Shell, Way, WayKind};

/// The sign-in page.
#[derive(Template)]
#[template(path = "page/sign_in.html")]
pub struct SignIn {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// Who asks; none at the resident's own sign-in.
    pub asker: Option<Asker>,
    /// Says that the facility wants a sign-in now, although there is a session.
    pub reauth: bool,
    /// What went wrong with the last try.
    pub fault: Option<SignInFault>,
    /// Address that answers a POST with the options of `navigator.credentials.get`; none leaves the passkey out.
    pub passkey: Option<String>,
    /// The mail form with the address to begin with (login_hint or the last entry); none leaves it out.
    pub mail: Option<String>,
    /// The form of the test authenticator ([`super::TestForm`]), in demo mode only.
    pub test: Option<Part>,
    /// The other ways.
    pub ways: Vec<Way>,
    /// Whether one can go back to the facility.
    pub cancel: bool,
}

/// What went wrong with a try to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInFault {
    /// The text is no mail address.
    NoAddress,
    /// The passkey is not one of ours, or the device refused.
    Passkey,
    /// The test id and secret do not fit; its own form says so.
    Test,
}

impl SignIn {
    fn mail_wrong(&self) -> bool {
        self.fault == Some(SignInFault::NoAddress)
    }
}

impl Page for SignIn {
    const NAME: &'static str = "sign_in";

    fn headers(&self) -> PageHeaders {
        if self.passkey.is_some() { PageHeaders::script() } else { PageHeaders::plain() }
    }

    fn frozen_ids(&self) -> Vec<&'static str> {
        let mut ids = vec!["pass-login-title"];
        if self.cancel {
            ids.push("pass-login-cancel");
        }
        if self.reauth {
            ids.push("pass-reauth-notice");
        }
        if let Some(asker) = &self.asker {
            ids.extend(["pass-client-block", "pass-client-name", "pass-client-logo"]);
            ids.extend(asker.policy.as_ref().map(|_| "pass-client-policy"));
            ids.extend(asker.tos.as_ref().map(|_| "pass-client-tos"));
        }
        if self.mail.is_some() {
            ids.extend(["pass-mail-form", "pass-mail-id", "pass-mail-submit"]);
        }
        if self.test.is_some() {
            ids.extend(["pass-login-form", "pass-login-id", "pass-login-secret", "pass-login-submit"]);
        }
        ids
    }

    fn samples(lang: Lang) -> Vec<(&'static str, SignIn)> {
        let ordinary = || SignIn {
            shell: shell(lang, "/interaction/4b1d/login"),
            csrf: "token".into(),
            asker: Some(library(lang)),
            reauth: false,
            fault: None,
            passkey: Some("/interaction/4b1d/login/passkey".into()),
            mail: Some(String::new()),
            test: None,
            ways: vec![Way::new(WayKind::SignUp, "/interaction/4b1d/sign-up")],
            cancel: true,
        };
        let typed = || Some("hanako＠example.jp".into());
        let mut all = vec![
            ("ordinary", ordinary()),
            ("reauth", SignIn { reauth: true, ..ordinary() }),
            ("longest", SignIn { asker: Some(longest(lang)), ..ordinary() }),
            ("no-address", SignIn { fault: Some(SignInFault::NoAddress), mail: typed(), ..ordinary() }),
            ("passkey-failed", SignIn { fault: Some(SignInFault::Passkey), ..ordinary() }),
            ("own", SignIn { asker: None, cancel: false, shell: shell(lang, "/sign-in"), ..ordinary() }),
        ];
        all.extend(demo_samples(lang, ordinary));
        all
    }
}

#[cfg(feature = "demo")]
fn demo_samples(lang: Lang, ordinary: impl Fn() -> SignIn) -> Vec<(&'static str, SignIn)> {
    use super::TestForm;
    let demo = || Shell { demo: true, ..shell(lang, "/interaction/4b1d/login") };
    let form =
        |alone, wrong| Part::of(&TestForm { shell: demo(), csrf: "token".into(), login: String::new(), alone, wrong });
    let alone = |wrong: bool| SignIn {
        shell: demo(),
        passkey: None,
        mail: None,
        ways: Vec::new(),
        fault: wrong.then_some(SignInFault::Test),
        test: Some(form(true, wrong)),
        ..ordinary()
    };
    vec![
        ("demo", SignIn { shell: demo(), test: Some(form(false, false)), ..ordinary() }),
        ("plain", alone(false)),
        ("plain-reauth", SignIn { reauth: true, ..alone(false) }),
        ("plain-wrong", alone(true)),
    ]
}

#[cfg(not(feature = "demo"))]
fn demo_samples(_: Lang, _: impl Fn() -> SignIn) -> Vec<(&'static str, SignIn)> {
    Vec::new()
}
