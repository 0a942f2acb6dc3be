//! The line drawings: 24 by 24, one stroke, always beside a word that says the same.

use std::fmt;

use askama::filters::HtmlSafe;

/// A drawing by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon(pub &'static str);

impl Icon {
    fn path(self) -> &'static str {
        match self.0 {
            "key" => r#"<circle cx="8" cy="12" r="4.5"/><path d="M12.5 12H22m-4 0v4m3-4v3"/>"#,
            "card" => {
                r#"<rect x="2" y="5" width="20" height="14" rx="2"/><path d="M5.5 9.5h4v4h-4zM13 10h6M13 14h4"/>"#
            }
            "mail" => r#"<rect x="2.5" y="5" width="19" height="14" rx="2"/><path d="m3 7 9 6.5L21 7"/>"#,
            "face" => {
                r#"<circle cx="12" cy="12" r="9"/><path d="M8.5 10v.5M15.5 10v.5M8.5 15c1 1.2 2.200 1.800 3.500 1.800s2.500-.6 3.500-1.800"/>"#
            }
            "people" => {
                r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 5a3.500 3.500 0 0 1 0 6.500M17.500 14.500c2.500.6 4 2.500 4 5.500"/>"#
            }
            "person" => r#"<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.500 3.500-7 8-7s8 2.500 8 7"/>"#,
            "leave" => r#"<path d="M11 3H4v18h7M10 12h11m-4-4 4 4-4 4"/>"#,
            "bell" => r#"<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21.500h4"/>"#,
            "back" => r#"<path d="M10 5 3 12l7 7M3 12h18"/>"#,
            "later" => r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5.500l3.500 2"/>"#,
            "phone" => r#"<rect x="6.500" y="2" width="11" height="20" rx="2"/><path d="M10.500 19h3"/>"#,
            "camera" => r#"<path d="M3 8h4l2-3h6l2 3h4v12H3z"/><circle cx="12" cy="13.500" r="3.500"/>"#,
            "picture" => {
                r#"<rect x="3" y="4" width="18" height="16" rx="2"/><path d="m4 17 5-5 4 4 3-3 4 4"/><circle cx="9" cy="8.500" r="1.500"/>"#
            }
            "out" => r#"<path d="M14 4h6v16h-6M4 12h11m-4-4 4 4-4 4"/>"#,
            "retry" => r#"<path d="M20 12a8 8 0 1 1-2.500-5.800M20 3v5h-5"/>"#,
            "go" => r#"<path d="m8 4 8 8-8 8"/>"#,
            other => unreachable!("no drawing is called {other}"),
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = if self.0 == "go" { r#" class="go""# } else { "" };
        write!(
            out,
            r#"<svg{class} viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>"#,
            self.path()
        )
    }
}

// Only the constants above are written.
impl HtmlSafe for Icon {}
