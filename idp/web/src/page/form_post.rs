//! The answer to `response_mode=form_post`: a form that sends itself, and a visible button.
//!
//! Implements OAuth 2.0 Form Post Response Mode section 2. The script is an external classic one (ES5), because old
//! embedded browsers do not run modules and our policy forbids inline script.

use askama::Template;

use super::Page;
use super::sample::{library, longest, shell};
use crate::kit::{Lang, PageHeaders, Shell};

/// The self-sending form.
#[derive(Template)]
#[template(path = "page/form_post.html")]
pub struct FormPost {
    /// The frame; `here` is empty, because the page cannot be opened again.
    pub shell: Shell,
    /// The facility's name.
    pub facility: String,
    /// The proven redirect_uri.
    pub action: String,
    /// The response parameters, in order.
    pub fields: Vec<(String, String)>,
}

impl Page for FormPost {
    const NAME: &'static str = "form_post";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script().form_to(&self.action)
    }

    fn frozen_ids(&self) -> Vec<&'static str> {
        vec!["pass-form-post", "pass-form-post-submit"]
    }

    fn samples(lang: Lang) -> Vec<(&'static str, FormPost)> {
        let to = |facility| FormPost {
            shell: shell(lang, ""),
            facility,
            action: "https://library.example/cb".into(),
            fields: vec![
                ("code".into(), "Zk1n8w0c3QvT".into()),
                ("state".into(), "\"><script>x</script>".into()),
                ("iss".into(), "https://pass.kaga.example".into()),
            ],
        };
        vec![("ordinary", to(library(lang).name)), ("longest", to(longest(lang).name))]
    }
}
