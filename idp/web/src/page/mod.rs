//! The pages: a Rust file with the context as a plain value, and a template of the same name in `templates/page/`.
//!
//! A context holds what the page shows and nothing else, already in the language of the page; askama escapes it.
//! Contexts hold personal values and therefore have no `Debug`.

pub mod agent_problem;
pub mod agent_sign;
pub mod app_refused;
pub mod app_start;
pub mod card_confirm;
pub mod card_refused;
pub mod card_sign_in;
pub mod card_start;
pub mod code;
pub mod consent;
#[cfg(feature = "demo")]
pub mod counterpart;
pub mod error_page;
pub mod face_capture;
pub mod face_consent;
pub mod family_confirm;
pub mod form_post;
pub mod happening;
pub mod kiosk;
pub mod kiosk_pair;
pub mod kiosk_stopped;
pub mod logout;
pub mod make_passkey;
pub mod me_activity;
pub mod me_close;
pub mod me_face;
pub mod me_facilities;
pub mod me_facility;
pub mod me_family;
pub mod me_home;
pub mod me_passkeys;
pub mod me_withdraw;
pub mod notice;
#[cfg(feature = "demo")]
pub mod outbox;
mod sample;
pub mod sign_in;
pub mod sign_up;
pub mod signed_out;
pub mod signing_out;
pub mod slip;
pub mod step_up;
#[cfg(feature = "demo")]
pub mod test_form;

pub use agent_problem::AgentProblem;
pub use agent_sign::{AgentConsent, AgentSign, PasswordFault, SampleCard, SignKind};
pub use app_refused::AppRefused;
pub use app_start::AppStart;
pub use card_confirm::CardConfirm;
pub use card_refused::CardRefused;
pub use card_sign_in::CardSignIn;
pub use card_start::CardStart;
pub use code::Code;
pub use consent::Consent;
#[cfg(feature = "demo")]
pub use counterpart::{Counterpart, CounterpartRefused};
pub use error_page::ErrorPage;
pub use face_capture::FaceCapture;
pub use face_consent::FaceConsent;
pub use family_confirm::FamilyConfirm;
pub use form_post::FormPost;
pub use happening::Happening;
pub use kiosk::Kiosk;
pub use kiosk_pair::KioskPair;
pub use kiosk_stopped::KioskStopped;
pub use logout::Logout;
pub use make_passkey::MakePasskey;
pub use me_activity::MeActivity;
pub use me_close::{Closed, MeClose};
pub use me_face::MeFace;
pub use me_facilities::MeFacilities;
pub use me_facility::MeFacility;
pub use me_family::MeFamily;
pub use me_home::MeHome;
pub use me_passkeys::MePasskeys;
pub use me_withdraw::MeWithdraw;
pub use notice::Notice;
#[cfg(feature = "demo")]
pub use outbox::Outbox;
pub use sample::{Sample, gallery};
pub use sign_in::SignIn;
pub use sign_up::SignUp;
pub use signed_out::SignedOut;
pub use signing_out::SigningOut;
pub use step_up::StepUp;
#[cfg(feature = "demo")]
pub use test_form::TestForm;

use crate::kit::{Lang, PageHeaders};

/// What every page can do.
pub trait Page: askama::Template + Sized {
    /// Its name, which is that of its file and template.
    const NAME: &'static str;

    /// What the page needs beyond text.
    fn headers(&self) -> PageHeaders {
        PageHeaders::plain()
    }

    /// The page as HTML.
    fn html(&self) -> String {
        self.render().expect("writing to a String does not fail")
    }

    /// Ids that automated relying parties look for and that this context must show exactly once.
    fn frozen_ids(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// The page as people may meet it: an ordinary case first, then the longest names, errors and other branches.
    fn samples(lang: Lang) -> Vec<(&'static str, Self)>;
}
