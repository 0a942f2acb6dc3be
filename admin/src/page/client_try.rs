//! `/manager/clients/{client_id}/try`: test login, a request to check, and why a claim was not given.

use askama::Template;
use pass_core::oidc::authorize::RULES;
use pass_web::kit::words::Arg;
use pass_web::kit::{Lang, PageHeaders, Shell, Words};

use super::Page;
use super::clients::ClientLine;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;
use crate::{trouble, words};

/// The page to try things.
#[derive(Template)]
#[template(path = "manager/client_try.html")]
pub struct ClientTry {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// The program.
    pub client: ClientLine,
    /// Where the program lets others begin a sign-in.
    pub start: Option<String>,
    /// A right request, and the PKCE verifier that belongs to it.
    pub example: Option<(String, String)>,
    /// What was pasted as a request.
    pub pasted: String,
    /// What the checks say about it.
    pub walked: Option<Walked>,
    /// What is said of a token.
    pub why: Option<Why>,
}

/// What the checks say about a request.
#[derive(Clone)]
pub struct Walked {
    /// Every check.
    pub rules: Vec<RuleLine>,
    /// What comes of it.
    pub end: WalkEnd,
}

/// What comes of a request.
#[derive(Clone)]
pub enum WalkEnd {
    /// It goes on.
    Accepted {
        /// The scopes that are granted.
        scopes: String,
        /// What follows: keys of sentences.
        next: Vec<&'static str>,
    },
    /// The program is told.
    Told {
        /// The value of `error`.
        code: &'static str,
        /// The value of `error_description`.
        description: String,
        /// Key of what to do.
        advice: &'static str,
    },
    /// The resident sees an error page, and the program is told nothing.
    Page {
        /// Its word.
        code: &'static str,
        /// Key of what to do.
        advice: &'static str,
    },
}

/// One check.
#[derive(Clone, Copy)]
pub struct RuleLine {
    /// Its name.
    pub name: &'static str,
    /// Where it is written.
    pub clause: &'static str,
    /// How it went.
    pub state: RuleState,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleState {
    /// Passed.
    Passed,
    /// Refuses.
    Refused,
    /// Not reached.
    Later,
}

/// What is said of a token.
#[derive(Clone)]
pub enum Why {
    /// It is not a token of this program.
    NotHere,
    /// Every claim.
    Claims {
        /// Whether userinfo answers.
        alive: bool,
        /// Those given, and those asked for and not given.
        lines: Vec<WhyLine>,
        /// Those that were not asked for.
        idle: Vec<&'static str>,
    },
}

/// One claim.
#[derive(Clone)]
pub struct WhyLine {
    /// What people call it.
    pub label: Words,
    /// Its name.
    pub claim: &'static str,
    /// `proven` or `declared`, when given.
    pub source: Option<&'static str>,
    /// Why not, when not.
    pub reasons: Vec<Words>,
}

impl RuleLine {
    /// All checks, of which this one refuses.
    pub fn all(refused_by: Option<usize>) -> Vec<Self> {
        let state = |place: usize| match refused_by {
            Some(refusing) if place == refusing => RuleState::Refused,
            Some(refusing) if place > refusing => RuleState::Later,
            _ => RuleState::Passed,
        };
        let line = |(place, rule): (usize, &pass_core::oidc::authorize::Rule)| Self {
            name: rule.name,
            clause: rule.clause,
            state: state(place),
        };
        RULES.iter().enumerate().map(line).collect()
    }
}

impl RuleState {
    const fn key(self) -> &'static str {
        match self {
            Self::Passed => "mgr-try-passed",
            Self::Refused => "mgr-try-refused",
            Self::Later => "mgr-try-later",
        }
    }

    const fn tone(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Refused => "bad",
            Self::Later => "",
        }
    }
}

/// A reason in words.
pub fn reason(lang: Lang, word: &str) -> Words {
    let needed = word.strip_prefix("needs_acr:").and_then(pass_core::authn::acr::Acr::parse);
    match needed {
        Some(acr) => lang.t_args("mgr-why-needs_acr", &[("acr", lang.t(words::acr(acr)).text().value())]),
        None => lang.t(trouble::reason(word)),
    }
}

impl Page for ClientTry {
    const NAME: &'static str = "desk-client-try";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let url = "https://pass.kaga.example/authorize?response_type=code&client_id=kaga-library&redirect_uri=https%3A%2F%2Flibrary.kaga.example%2Fcb&scope=openid+residence+age&state=Zk1n8w0c3QvT&nonce=T1a5R7mB0tq4&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        let of = |start: Option<&str>, walked, why| Self {
            shell: sample::shell(lang, "/manager/clients/kaga-library/try"),
            desk: sample::desk(lang, Rank::Facility, Room::Clients),
            client: sample::clients(lang).remove(0),
            start: start.map(String::from),
            example: Some((url.into(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into())),
            pasted: url.into(),
            walked,
            why,
        };
        let place = |key: &str| RULES.iter().position(|rule| rule.key == key);
        let accept = |next| WalkEnd::Accepted { scopes: "age openid residence".into(), next };
        let accepted =
            accept(vec!["mgr-next-sign_in", "mgr-next-acr", "mgr-next-card", "mgr-next-consent", "mgr-next-code"]);
        let told = WalkEnd::Told {
            code: "invalid_request",
            description: "The parameter code_challenge is missing.".into(),
            advice: trouble::advice("pkce"),
        };
        let page = WalkEnd::Page { code: "redirect_uri_mismatch", advice: trouble::advice("redirect_uri") };
        let walked = |at: Option<usize>, end| Some(Walked { rules: RuleLine::all(at), end });
        let why = |claim: pass_core::claims::Claim, source, reasons: &[&str]| WhyLine {
            label: words::claim(lang, "加賀市", claim),
            claim: claim.as_str(),
            source,
            reasons: reasons.iter().map(|word| reason(lang, word)).collect(),
        };
        use pass_core::claims::Claim;
        let lines = vec![
            why(Claim::IsResident, Some("proven"), &[]),
            why(Claim::Email, Some("declared"), &[]),
            why(Claim::Name, None, &["above_ceiling", "needs_acr:aal2"]),
            why(Claim::Nickname, None, &["declined"]),
            why(Claim::Address, None, &["not_consented", "proofing_revoked"]),
            why(Claim::Birthdate, None, &["not_proofed", "value_unknown", "proofing_stale", "consent_withdrawn"]),
        ];
        let starts = Some("https://library.kaga.example/login?iss=https%3A%2F%2Fpass.kaga.example");
        vec![
            ("ordinary", of(None, None, None)),
            ("accepted", of(starts, walked(None, accepted), None)),
            ("refused", of(starts, walked(place("pkce"), told), None)),
            ("page", of(None, walked(place("redirect_uri"), page), None)),
            ("none", of(None, walked(None, accept(vec!["mgr-next-none"])), None)),
            ("why", of(None, None, Some(Why::Claims { alive: false, lines, idle: vec!["gender", "website"] }))),
            ("why-not-here", of(None, None, Some(Why::NotHere))),
        ]
    }
}
