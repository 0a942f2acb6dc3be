//! The pages: a Rust file with the context as a plain value, and a template of the same name in `templates/page/`.
//!
//! A context holds what the page shows and nothing else, already in the language of the page; askama escapes it.
//! Contexts hold personal values and therefore have no `Debug`.

pub mod consent;
pub mod error_page;
pub mod form_post;
pub mod logout;
pub mod notice;
mod sample;
pub mod sign_in;
pub mod signed_out;
pub mod slip;
#[cfg(feature = "demo")]
pub mod test_form;

pub use consent::Consent;
pub use error_page::ErrorPage;
pub use form_post::FormPost;
pub use logout::Logout;
pub use notice::Notice;
pub use sample::{Sample, gallery};
pub use sign_in::SignIn;
pub use signed_out::SignedOut;
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
