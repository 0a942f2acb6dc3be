//! What stands around every page: whose PASS it is, in which language, who asks, and the other ways on.

use super::assets;
use super::icon::Icon;
use super::ruby::Words;
use super::steps::{Journey, Steps};
use super::words::{Arg, Lang};

/// The frame of a page. Every page context has one, and its templates ask it for their words.
#[derive(Clone)]
pub struct Shell {
    /// The language of the page.
    pub lang: Lang,
    /// The city, as it is called in that language.
    pub city: String,
    /// Path and query of this page, for the language links; empty where the page cannot be opened again by GET.
    pub here: String,
    /// The host people should see in the address line.
    pub host: String,
    /// Whether the banner says that this is a demonstration.
    pub demo: bool,
}

impl Shell {
    /// A text of the locale files.
    pub fn t(&self, key: &str) -> Words {
        self.lang.t(key)
    }

    /// A text with one placeholder.
    pub fn t1<A: Arg>(&self, key: &str, name: &'static str, value: A) -> Words {
        self.lang.t_args(key, &[(name, value.value())])
    }

    /// A text for a title or an attribute, where furigana cannot stand.
    pub fn plain(&self, key: &str) -> String {
        self.lang.t(key).plain()
    }

    /// The same with one placeholder.
    pub fn plain1<A: Arg>(&self, key: &str, name: &'static str, value: A) -> String {
        self.t1(key, name, value).plain()
    }

    /// Words that came with the request or the configuration; their readings become furigana too.
    pub fn say(&self, words: &str) -> Words {
        Words::new(self.lang, words)
    }

    /// The same for attributes.
    pub fn say_plain(&self, words: &str) -> String {
        self.say(words).plain()
    }

    /// The address of a static file.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// A drawing.
    pub fn icon(&self, name: &'static str) -> Icon {
        Icon(name)
    }

    /// The line of steps, the present one counted from 1.
    pub fn steps(&self, journey: Journey, now: usize) -> Steps {
        Steps::new(self.lang, journey, now)
    }

    /// Whether furigana needs the taller lines.
    pub fn easy(&self) -> bool {
        self.lang == Lang::Easy
    }

    /// Every language with the address of this page in it.
    pub fn languages(&self) -> Vec<(Lang, String)> {
        if self.here.is_empty() {
            return Vec::new();
        }
        Lang::ALL.into_iter().map(|lang| (lang, self.here_in(lang))).collect()
    }

    fn here_in(&self, lang: Lang) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let mut kept: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=") && *pair != "lang").collect();
        let wanted = format!("lang={}", lang.code());
        kept.push(&wanted);
        format!("{path}?{}", kept.join("&"))
    }
}

/// The facility that asks, as the left side of a flow shows it. All texts in the language of the page.
#[derive(Clone)]
pub struct Asker {
    /// Registered name.
    pub name: String,
    /// Address of the logo on this origin; without one a plain sign stands there.
    pub logo: Option<String>,
    /// Who runs the facility.
    pub operator: String,
    /// What it wants to know people for.
    pub purpose: String,
    /// Address of its privacy notice.
    pub policy: Option<String>,
    /// Address of its terms.
    pub tos: Option<String>,
}

impl Asker {
    /// The logo, or the plain sign.
    pub fn picture(&self) -> String {
        self.logo.clone().unwrap_or_else(|| assets::url("facility.svg"))
    }
}

/// Another road, always in sight.
#[derive(Clone)]
pub struct Way {
    /// Which road.
    pub kind: WayKind,
    /// Where it starts.
    pub href: String,
}

impl Way {
    /// A road and where it starts.
    pub fn new(kind: WayKind, href: impl Into<String>) -> Way {
        Way { kind, href: href.into() }
    }

    /// Its drawing.
    pub fn icon(&self) -> Icon {
        Icon(self.kind.words().0)
    }

    /// Key of its name.
    pub fn title(&self) -> &'static str {
        self.kind.words().1
    }

    /// Key of what it needs.
    pub fn needs(&self) -> &'static str {
        self.kind.words().2
    }
}

/// The roads people can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayKind {
    /// Sign in with a passkey.
    Passkey,
    /// Sign in with a code by mail.
    Mail,
    /// Use the My Number Card.
    Card,
    /// Use the app of the national service on a phone.
    App,
    /// Sign in with the My Number Card.
    CardSignIn,
    /// Sign with the My Number Card.
    CardSignature,
    /// Let the face be compared.
    Face,
    /// Register for the first time.
    SignUp,
    /// Sign in with an account one has.
    SignIn,
    /// Do it at the counter of the city.
    Counter,
    /// Do it another time.
    Later,
    /// Go back to the choice of ways.
    Others,
    /// Sign in to another account.
    OtherAccount,
    /// Go back to one's own pages.
    Home,
    /// Go back to the page of the facility.
    Facility,
    /// Try the same again.
    Again,
}

impl WayKind {
    /// Drawing, key of the name, key of what it needs.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            WayKind::Passkey => ("key", "way-passkey", "way-passkey-needs"),
            WayKind::Mail => ("mail", "way-mail", "way-mail-needs"),
            WayKind::Card => ("card", "way-card", "way-card-needs"),
            WayKind::App => ("phone", "way-app", "way-app-needs"),
            WayKind::CardSignature => ("card", "way-card-signature", "way-card-signature-needs"),
            WayKind::CardSignIn => ("card", "way-card-sign-in", "way-card-sign-in-needs"),
            WayKind::Face => ("face", "way-face", "way-face-needs"),
            WayKind::SignUp => ("people", "way-sign-up", "way-sign-up-needs"),
            WayKind::SignIn => ("key", "way-sign-in", "way-sign-in-needs"),
            WayKind::Counter => ("person", "way-counter", "way-counter-needs"),
            WayKind::Later => ("later", "way-later", "way-later-needs"),
            WayKind::Others => ("back", "way-others", "way-others-needs"),
            WayKind::OtherAccount => ("key", "way-other-account", "way-other-account-needs"),
            WayKind::Home => ("back", "way-home", "way-home-needs"),
            WayKind::Facility => ("back", "way-facility", "way-facility-needs"),
            WayKind::Again => ("retry", "way-again", "way-again-needs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_links_keep_the_address() {
        let shell = |here: &str| Shell {
            lang: Lang::Ja,
            city: String::new(),
            here: here.into(),
            host: String::new(),
            demo: false,
        };
        let cases = [
            ("/me", "/me?lang=en"),
            ("/a?b=1&lang=ja&c=%26", "/a?b=1&c=%26&lang=en"),
            ("/a?language=x", "/a?language=x&lang=en"),
        ];
        for (here, want) in cases {
            assert_eq!(shell(here).here_in(Lang::En), want);
        }
        assert!(shell("").languages().is_empty());
    }
}
