//! A rendered piece of a page that another page takes in whole.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

/// HTML that came out of a template of ours.
#[derive(Clone)]
pub struct Part(String);

impl Part {
    /// Renders a template.
    pub fn of(template: &impl Template) -> Part {
        Part(template.render().expect("writing to a String does not fail"))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

// Only a template can make one, and templates escape.
impl HtmlSafe for Part {}
