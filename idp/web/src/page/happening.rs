//! A line of a resident's history: the audit events that concern the person, in words.

use pass_core::domain::audit::Act;
use pass_core::domain::proofing::ProofingMethod;
use pass_core::domain::session::Method;
use pass_core::upstream::Refusal;

use super::sample::library;
use crate::kit::{Lang, Shell, Words, date};

/// Something that happened.
#[derive(Clone)]
pub struct Happening {
    /// What.
    pub act: Act,
    /// With which facility, if with one.
    pub facility: Option<String>,
    /// When, in words.
    pub at: String,
    /// More to know, in words; empty if there is no more.
    pub detail: String,
    /// Why the app of the national service confirmed nobody.
    pub refusal: Option<Refusal>,
}

impl Happening {
    /// The sentence.
    pub fn sentence(&self, shell: &Shell) -> Words {
        let facility = self.facility.clone().unwrap_or_else(|| "PASS".into());
        shell.t1(self.words().0, "facility", facility)
    }

    /// The word in the badge, and its tone.
    pub fn badge(&self) -> (&'static str, &'static str) {
        (self.words().1, self.words().2)
    }

    fn words(&self) -> (&'static str, &'static str, &'static str) {
        if self.refusal == Some(Refusal::Denied) {
            return ("did-app-denied", "did-tag-ended", "");
        }
        match self.act {
            Act::AccountOpen => ("did-open", "did-tag-account", ""),
            Act::AccountClose => ("did-close", "did-tag-ended", ""),
            Act::SignIn => ("did-sign-in", "did-tag-sign-in", ""),
            Act::SignInRefuse => ("did-sign-in-refused", "did-tag-refused", "warn"),
            Act::SignOut => ("did-sign-out", "did-tag-sign-out", ""),
            Act::StepUp => ("did-step-up", "did-tag-checked", "ok"),
            Act::PasskeyAdd => ("did-passkey-add", "did-tag-account", ""),
            Act::PasskeyRemove => ("did-passkey-remove", "did-tag-account", ""),
            Act::FamilyAdd => ("did-family-add", "did-tag-account", ""),
            Act::PersonRead => ("did-person-read", "did-tag-checked", "info"),
            Act::FamilyJoin => ("did-family-join", "did-tag-account", "warn"),
            Act::FamilyReread => ("did-family-reread", "did-tag-checked", "ok"),
            Act::FamilyRemove => ("did-family-remove", "did-tag-ended", ""),
            Act::CardBind => ("did-card-bind", "did-tag-account", ""),
            Act::CardRemove => ("did-card-remove", "did-tag-account", ""),
            Act::ProofingSucceed => ("did-card", "did-tag-checked", "ok"),
            Act::ProofingRefuse => ("did-card-refused", "did-tag-refused", "warn"),
            Act::ProofingDrop => ("did-card-dropped", "did-tag-refused", ""),
            Act::ProofingLapse => ("did-card-lapsed", "did-tag-ended", "warn"),
            Act::ProofingRevoke => ("did-card-revoked", "did-tag-ended", "warn"),
            Act::FaceConsent => ("did-face-consent", "did-tag-account", ""),
            Act::FaceEnrol => ("did-face-enrol", "did-tag-account", ""),
            Act::FaceDelete => ("did-face-delete", "did-tag-ended", ""),
            Act::FaceReceptionOn => ("did-face-reception-on", "did-tag-account", ""),
            Act::FaceReceptionOff => ("did-face-reception-off", "did-tag-ended", ""),
            Act::FaceDisable => ("did-face-disable", "did-tag-stopped", "warn"),
            Act::FaceCompare => ("did-face-compare", "did-tag-checked", ""),
            Act::ConsentGive => ("did-consent", "did-tag-shared", "info"),
            Act::ConsentRefuse => ("did-refuse", "did-tag-declined", ""),
            Act::ConsentWithdraw => ("did-withdraw", "did-tag-ended", ""),
            Act::ReuseDetected => ("did-reuse", "did-tag-stopped", "warn"),
            Act::Reception => ("did-reception", "did-tag-checked", "ok"),
            _ => ("did-other", "did-tag-other", ""),
        }
    }

    /// The refusal in the detail of an audit event.
    pub fn refusal(act: Act, detail: &str) -> Option<Refusal> {
        if act == Act::ProofingRefuse { Refusal::parse(detail) } else { None }
    }

    /// What the detail of an audit event says to the resident; codes and versions say nothing to people.
    pub fn detail(lang: Lang, act: Act, detail: &str) -> String {
        // What staff stated as their reason, in their own words.
        if act == Act::PersonRead {
            return detail.split_once(": ").map(|(_, words)| words.to_owned()).unwrap_or_default();
        }
        let key = match (act, detail.split([' ', ',']).next().unwrap_or_default()) {
            (Act::SignIn | Act::StepUp, method) => Method::parse(method).map(by_method),
            (Act::ProofingSucceed | Act::ProofingRefuse | Act::ProofingDrop, how) => {
                by_app(how).then_some("did-by-app")
            }
            (Act::Reception, "in") => Some("did-reception-in"),
            (Act::Reception, "out") => Some("did-reception-out"),
            (Act::FaceCompare, "match") => Some("did-face-match"),
            (Act::FaceCompare, "no_match") => Some("did-face-no-match"),
            (Act::FaceCompare, _) => Some("did-face-no-picture"),
            _ => None,
        };
        key.map(|key| lang.t(key).text().to_owned()).unwrap_or_default()
    }

    pub(super) fn samples(lang: Lang) -> Vec<Happening> {
        let at = |days: i64| date::moment(lang, 1_795_502_520_000 - days * 86_400_000).text().to_owned();
        let by = |act, facility: bool, days, detail: String| Happening {
            act,
            facility: facility.then(|| library(lang).name),
            at: at(days),
            detail,
            refusal: None,
        };
        let shared = lang.t("slip-residence").text().to_owned();
        vec![
            by(Act::ConsentGive, true, 0, shared),
            by(Act::StepUp, true, 0, String::new()),
            by(Act::FaceEnrol, false, 1, String::new()),
            by(Act::SignIn, true, 2, String::new()),
            by(Act::ProofingRefuse, false, 3, String::new()),
            Happening { refusal: Some(Refusal::Denied), ..by(Act::ProofingRefuse, false, 3, String::new()) },
            by(Act::ProofingSucceed, false, 3, String::new()),
            by(Act::ConsentRefuse, true, 4, String::new()),
            by(Act::ConsentWithdraw, true, 4, String::new()),
            by(Act::ReuseDetected, true, 5, String::new()),
            by(Act::AccountOpen, false, 6, String::new()),
        ]
    }
}

/// Whether a proofing, or its refusal, came by the app of the national service.
fn by_app(how: &str) -> bool {
    how.trim_end_matches(',') == ProofingMethod::DigitalAuthApp.as_str() || Refusal::parse(how).is_some()
}

/// How somebody signed in, in words.
pub const fn by_method(method: Method) -> &'static str {
    match method {
        Method::MailCode => "did-by-mail",
        Method::Passkey | Method::PasskeyPresence => "did-by-passkey",
        Method::CardPin | Method::CardSignature => "did-by-card",
        Method::DigitalAuthApp => "did-by-app",
        Method::Face => "did-by-face",
        Method::Test => "did-by-test",
    }
}
