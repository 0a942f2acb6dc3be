//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): when to sign out at once, when to ask, when to refuse.
//!
//! Nobody is sent anywhere without a valid hint or a confirmation, and only to a registered address, compared as the raw string.
//! Left out: front- and back-channel logout, `logout_hint`, `ui_locales`.

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
