//! The authorization request and its answer (OpenID Connect Core 3.1.2, RFC 7636, RFC 9207).

use super::state::Granted;
use super::{ATTRIBUTES, Counterpart};
use pass_core::secret::token;
use pass_core::{Entropy, Time};
use std::collections::BTreeMap;

/// A request that may be shown to somebody.
#[derive(Clone, Debug)]
pub struct Authorized {
    /// Scopes beside `openid`.
    pub scopes: Vec<String>,
    state: String,
    nonce: String,
    challenge: String,
    acr: String,
}

/// Why a request goes no further.
#[derive(Debug)]
pub enum Stopped {
    /// It is not known where the browser belongs: a page.
    Here(&'static str),
    /// Back with an error.
    Back(String),
}

/// What somebody did with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Back with this address.
    Back,
    /// The PIN is wrong.
    Wrong,
    /// The card is locked.
    Locked,
}

impl Counterpart {
    /// Every rule of the request.
    pub fn authorize(&self, query: &str) -> Result<Authorized, Stopped> {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).into_owned() {
            // RFC 6749 3.1: "Request and response parameters MUST NOT be included more than once."
            if fields.insert(name, value).is_some() {
                return Err(Stopped::Here("a parameter stands twice"));
            }
        }
        let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        if text("client_id") != self.client.client_id {
            return Err(Stopped::Here("the client is not registered"));
        }
        // Simple string comparison, OpenID Connect Core 3.1.2.1.
        if text("redirect_uri") != self.client.redirect_uri {
            return Err(Stopped::Here("redirect_uri is not registered"));
        }
        let stop = |error: &str, why: &str| {
            Err(Stopped::Back(self.back(&[("error", error), ("error_description", why), ("state", text("state"))])))
        };
        let scopes: Vec<&str> = text("scope").split_ascii_whitespace().collect();
        let unknown = |scope: &&str| *scope != "openid" && !ATTRIBUTES.contains(scope);
        if text("response_type") != "code" {
            return stop("unsupported_response_type", "only the code flow");
        }
        if !matches!(text("response_mode"), "" | "query") {
            return stop("invalid_request", "response_mode is not query");
        }
        if fields.contains_key("request") || fields.contains_key("request_uri") {
            return stop("request_not_supported", "no request objects");
        }
        if !scopes.contains(&"openid") || scopes.iter().any(unknown) {
            return stop("invalid_scope", "openid and the four attributes alone");
        }
        for required in ["state", "nonce", "code_challenge"] {
            if text(required).is_empty() {
                return stop("invalid_request", &format!("{required} is required"));
            }
        }
        if text("code_challenge_method") != "S256" || text("code_challenge").len() != 43 {
            return stop("invalid_request", "PKCE is by S256");
        }
        if text("prompt").split(' ').any(|prompt| prompt == "none") {
            return stop("login_required", "a card is asked for each time");
        }
        Ok(Authorized {
            scopes: scopes.into_iter().filter(|scope| *scope != "openid").map(str::to_owned).collect(),
            state: text("state").into(),
            nonce: text("nonce").into(),
            challenge: text("code_challenge").into(),
            acr: acr(text("acr_values")),
        })
    }

    /// The card with its PIN, and where the browser goes with the code.
    pub fn tell(
        &self,
        authorized: &Authorized,
        (card, pin): (&str, &str),
        now: Time,
        entropy: &dyn Entropy,
    ) -> (Answered, String) {
        let mut state = self.state();
        if state.is_locked(card) {
            return (Answered::Locked, String::new());
        }
        let good = self.card(card).is_some_and(|card| card.pin == pin);
        state.tried(card, good);
        if !good {
            let locked = state.is_locked(card);
            return (if locked { Answered::Locked } else { Answered::Wrong }, String::new());
        }
        let code = token(entropy);
        let granted = Granted {
            card: card.into(),
            scopes: authorized.scopes.clone(),
            acr: authorized.acr.clone(),
            nonce: authorized.nonce.clone(),
            challenge: authorized.challenge.clone(),
            redirect_uri: self.client.redirect_uri.clone(),
            at: now,
        };
        state.add_code(&code, granted);
        (Answered::Back, self.back(&[("code", &code), ("state", &authorized.state)]))
    }

    /// Where the browser goes when somebody says no.
    pub fn cancel(&self, authorized: &Authorized) -> String {
        self.back(&[("error", "access_denied"), ("state", &authorized.state)])
    }

    fn back(&self, fields: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
        query.append_pair("iss", &self.issuer());
        format!("{}?{}", self.client.redirect_uri, query.finish())
    }
}

/// The words that were asked for and that are known; the usual ones where none are.
fn acr(asked: &str) -> String {
    let known: Vec<&str> =
        asked.split_ascii_whitespace().filter(|word| matches!(*word, "aal2" | "aal3" | "crl" | "ocsp")).collect();
    if known.is_empty() { "aal3 crl".into() } else { known.join(" ") }
}
