//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): when to sign out at once, when to ask, when to refuse.
//!
//! Nobody is sent anywhere without a valid hint or a confirmation, and only to a registered address, compared as the raw string.
//! Who else hears of it: `logout_token`. Left out: front-channel logout, `logout_hint`, `ui_locales`.

use super::hint::{self, Hint};
use super::keys::KeyRing;
use super::params::Params;
use super::respond::with_query;
use crate::domain::client::Client;

/// A logout request as far as it can be read without rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    hint: Option<Hint>,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    state: Option<String>,
}

/// Why an error page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutProblem {
    /// A parameter came twice.
    Repeated,
    /// The hint is not a token of this issuer.
    HintInvalid,
    /// `client_id` is unknown or not the hint's.
    ClientMismatch,
    /// There is an address and nothing that proves who asks.
    RedirectUriUnproven,
    /// The address is not registered.
    RedirectUriMismatch,
}

impl LogoutProblem {
    /// All, for pages and their tests.
    pub const ALL: [Self; 5] =
        [Self::Repeated, Self::HintInvalid, Self::ClientMismatch, Self::RedirectUriUnproven, Self::RedirectUriMismatch];

    /// The word on the page (`pass-error-code`) and in locale keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repeated => "request_repeated",
            Self::HintInvalid => "logout_hint_invalid",
            Self::ClientMismatch => "logout_client_mismatch",
            Self::RedirectUriUnproven => "logout_redirect_uri_unproven",
            Self::RedirectUriMismatch => "logout_redirect_uri_mismatch",
        }
    }
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// End the session, if there is one, and go there; without an address, show the signed-out page.
    End(Option<String>),
    /// Ask first; the answer "yes" leads to `End` with the same address.
    Confirm(Option<String>),
}

/// Reads a request (GET or POST).
pub fn read(params: &Params, issuer: &str, keys: &KeyRing) -> Result<Asked, LogoutProblem> {
    params.refuse_repeats().map_err(|_| LogoutProblem::Repeated)?;
    let hint = match params.get("id_token_hint") {
        None => None,
        Some(token) => Some(hint::read(token, issuer, keys).ok_or(LogoutProblem::HintInvalid)?),
    };
    let text = |name| params.get(name).map(str::to_owned);
    Ok(Asked {
        hint,
        client_id: text("client_id"),
        redirect_uri: text("post_logout_redirect_uri"),
        state: text("state"),
    })
}

impl Asked {
    /// Which client asks, so that a handler can load it.
    pub fn client_id(&self) -> Option<&str> {
        self.hint.as_ref().map(|hint| hint.client_id.as_str()).or(self.client_id.as_deref())
    }
}

/// Decides. `client` is the loaded client of `client_id`; `subject` is the `sub` of the signed-in person at that client.
pub fn decide(asked: &Asked, client: Option<&Client>, subject: Option<&str>) -> Result<Decision, LogoutProblem> {
    // RP-Initiated Logout 2: client_id MUST match the one the hint was issued to.
    let hinted = asked.hint.as_ref().map(|hint| &hint.client_id);
    if let (Some(named), Some(hinted)) = (&asked.client_id, hinted)
        && named != hinted
    {
        return Err(LogoutProblem::ClientMismatch);
    }
    let target = target(asked, client)?;
    let proven = match (&asked.hint, subject) {
        // RP-Initiated Logout 2: without a hint, or with one about somebody else, the person is asked.
        (None, _) => false,
        (Some(_), None) => true,
        (Some(hint), Some(subject)) => hint.sub == subject,
    };
    Ok(if proven { Decision::End(target) } else { Decision::Confirm(target) })
}

fn target(asked: &Asked, client: Option<&Client>) -> Result<Option<String>, LogoutProblem> {
    let Some(uri) = &asked.redirect_uri else { return Ok(None) };
    if asked.client_id().is_none() {
        return Err(LogoutProblem::RedirectUriUnproven);
    }
    let client = client.filter(|client| asked.client_id() == Some(&client.client_id));
    let client = client.ok_or(LogoutProblem::ClientMismatch)?;
    // RP-Initiated Logout 3: "MUST have been previously registered", compared as strings.
    if !client.metadata.post_logout_redirect_uris.contains(uri) {
        return Err(LogoutProblem::RedirectUriMismatch);
    }
    let state: Vec<_> = asked.state.iter().map(|state| ("state", state.clone())).collect();
    Ok(Some(with_query(uri, &state)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::fixture::{self, ISSUER, NOW, RING};
    use crate::oidc::id_token::{self, IdToken};

    type Expected = Result<Decision, LogoutProblem>;
    type Pair<'a> = (&'a str, &'a str);
    const BYE: &str = "https://rp.example/bye";

    fn hint(subject: &str, issuer: &str) -> String {
        let (client, grant, claims) = (fixture::client(), fixture::grant(), serde_json::Map::new());
        let token = IdToken {
            issuer,
            client: &client,
            subject,
            sid: "sid",
            grant: &grant,
            nonce: None,
            access_token: Some("at"),
            code: None,
            claims: &claims,
            now: NOW,
        };
        id_token::sign(&token, &RING).unwrap()
    }

    fn run(pairs: &[(&str, &str)], subject: Option<&str>) -> Result<Decision, LogoutProblem> {
        let asked = read(&fixture::params(pairs), ISSUER, &RING)?;
        let client = fixture::client();
        decide(&asked, Some(&client).filter(|client| asked.client_id() == Some(&client.client_id)), subject)
    }

    /// The modules of the suite's RP-initiated logout plan (conformance 3.2).
    #[test]
    fn cap_49_rp_initiated_logout_as_the_suite_asks() {
        let good = hint("me", ISSUER);
        let at = good.len() - 9;
        let other = if good[at..].starts_with('A') { "B" } else { "A" };
        let modified = format!("{}{other}{}", &good[..at], &good[at + 1..]);
        let end = |uri: &str| Ok(Decision::End(Some(uri.to_owned())));
        let me = Some("me");
        let hinted = ("id_token_hint", good.as_str());
        let to = ("post_logout_redirect_uri", BYE);
        let rows: Vec<(&str, Vec<Pair<'_>>, Option<&str>, Expected)> = vec![
            ("happy", vec![hinted, to, ("state", "a b")], me, end("https://rp.example/bye?state=a%20b")),
            ("no-state", vec![hinted, to], me, end(BYE)),
            ("already signed out", vec![hinted, to], None, end(BYE)),
            (
                "bad uri",
                vec![hinted, ("post_logout_redirect_uri", "https://evil.example/")],
                me,
                Err(LogoutProblem::RedirectUriMismatch),
            ),
            (
                "query added",
                vec![hinted, ("post_logout_redirect_uri", "https://rp.example/bye?x=1")],
                me,
                Err(LogoutProblem::RedirectUriMismatch),
            ),
            ("modified hint", vec![("id_token_hint", &modified), to], me, Err(LogoutProblem::HintInvalid)),
            ("bad hint", vec![("id_token_hint", "eyJhbGciOiJub25lIn0.e30."), to], me, Err(LogoutProblem::HintInvalid)),
            ("no hint", vec![to, ("state", "x")], me, Err(LogoutProblem::RedirectUriUnproven)),
            ("no params", vec![], me, Ok(Decision::Confirm(None))),
            ("only state", vec![("state", "x")], me, Ok(Decision::Confirm(None))),
            ("no uri", vec![hinted, ("state", "x")], me, Ok(Decision::End(None))),
        ];
        for (name, pairs, subject, expected) in rows {
            assert_eq!(run(&pairs, subject), expected, "{name}");
        }
    }

    #[test]
    fn cap_49_somebody_else_or_only_a_client_id_must_confirm() {
        let good = hint("me", ISSUER);
        let hinted = ("id_token_hint", good.as_str());
        let to = ("post_logout_redirect_uri", BYE);
        let confirm = Ok(Decision::Confirm(Some(BYE.to_owned())));
        assert_eq!(run(&[hinted, to], Some("somebody else")), confirm);
        assert_eq!(run(&[("client_id", "library"), to], Some("me")), confirm);
        assert_eq!(run(&[hinted, ("client_id", "kosodate"), to], Some("me")), Err(LogoutProblem::ClientMismatch));
        assert_eq!(run(&[("client_id", "unknown"), to], Some("me")), Err(LogoutProblem::ClientMismatch));
        let foreign = hint("me", "https://other.example");
        assert_eq!(run(&[("id_token_hint", &foreign)], Some("me")), Err(LogoutProblem::HintInvalid));
    }
}
