//! The authorization endpoint: an ordered, visible list of checks (RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1,
//! 3.2.2.1, 3.3.2.1, 5.5, 6, 15; OAuth 2.0 Multiple Response Type Encoding Practices, Form Post Response Mode). A response type is data
//! that the checks ask, never another list.
//!
//! Request objects are merged before (`request_object`). Left out: `registration`, pushed requests.
//! `display`, `claims_locales` and unknown parameters are accepted and ignored (Core 3.1.2.1).
//!
//! A handler reads (`read`, `client_id`), loads the client, and asks `check`.

mod acr_values;
mod claims;
mod client;
mod hints;
mod id_token_hint;
mod max_age;
mod nonce;
mod pkce;
mod prompt;
mod purpose;
mod redirect_uri;
mod repeats;
mod response_mode;
mod response_type;
mod scope;
mod unsupported;
mod walk;

pub(super) use pkce::is_unreserved_43_to_128;
pub use walk::{RULES, Rule, Walk, walk};

#[cfg(test)]
mod tests;

use super::error::OAuthError;
use super::keys::KeyRing;
use super::oxide;
use super::params::Params;
use super::request::{AuthorizationRequest, Destination};
use crate::domain::client::Client;

/// What a handler loaded for a request.
#[derive(Clone, Copy)]
pub struct Loaded<'a> {
    /// The client that `client_id` names, if there is one.
    pub client: Option<&'a Client>,
    /// The issuer.
    pub issuer: &'a str,
    /// Its keys: `id_token_hint` must be a token of ours.
    pub keys: &'a KeyRing,
    /// Scopes that the issuer knows (`claims::scopes`).
    pub scopes: &'a [&'a str],
}

/// Why a request goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Client and redirect_uri are not proven: the browser stays here (status 400).
    Page(PageProblem),
    /// The client is told.
    Redirect(Box<Refused>),
}

/// An error and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is said.
    pub error: OAuthError,
    /// To whom.
    pub to: Destination,
}

/// Why an error page is shown (RFC 6749 4.1.2.1: "MUST NOT automatically redirect the user-agent").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageProblem {
    /// The request cannot be read or is too large.
    Malformed,
    /// `client_id` or `redirect_uri` came twice.
    Repeated,
    /// No `client_id`.
    ClientMissing,
    /// No such client.
    ClientUnknown,
    /// The client was switched off.
    ClientDisabled,
    /// No `redirect_uri`.
    RedirectUriMissing,
    /// A `redirect_uri` that the client did not register.
    RedirectUriMismatch,
}

impl PageProblem {
    /// All, for pages and their tests.
    pub const ALL: [Self; 7] = [
        Self::Malformed,
        Self::Repeated,
        Self::ClientMissing,
        Self::ClientUnknown,
        Self::ClientDisabled,
        Self::RedirectUriMissing,
        Self::RedirectUriMismatch,
    ];

    /// The word on the page (`pass-error-code`) and in locale keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "request_malformed",
            Self::Repeated => "request_repeated",
            Self::ClientMissing => "client_missing",
            Self::ClientUnknown => "client_unknown",
            Self::ClientDisabled => "client_disabled",
            Self::RedirectUriMissing => "redirect_uri_missing",
            Self::RedirectUriMismatch => "redirect_uri_mismatch",
        }
    }
}

/// One check: reads what was asked, writes what it found valid.
type Check = fn(&Asked<'_>, &mut AuthorizationRequest) -> Result<(), OAuthError>;

/// What checks look at.
struct Asked<'a> {
    params: &'a Params,
    client: &'a Client,
    loaded: &'a Loaded<'a>,
}

/// Before anything may be told to the client.
const IDENTITY: [&str; 3] = ["client_id and redirect_uri once", "client_id", "redirect_uri"];
/// What oxide-auth reads first and last.
const RESPONSE_TYPE: &str = "response_type";
const SCOPE: &str = "scope";

/// Before oxide-auth reads `response_type` and `scope`.
const FIRST: [(&str, Check); 4] = [
    ("response_mode", response_mode::check),
    ("repeated parameters", repeats::check),
    ("request, request_uri, registration", unsupported::check),
    ("client may ask for this response_type", response_type::may),
];

/// After it: the extension step of its machine.
const EXTENSION: [(&str, Check); 9] = [
    ("PKCE", pkce::check),
    ("state and nonce", nonce::check),
    ("prompt", prompt::check),
    ("max_age", max_age::check),
    ("acr_values", acr_values::check),
    ("claims", claims::check),
    ("id_token_hint", id_token_hint::check),
    ("login_hint, ui_locales", hints::check),
    ("purpose", purpose::check),
];

/// Reads the query of a GET or the form of a POST.
pub fn read(encoded: &str) -> Result<Params, Failure> {
    Params::parse(encoded).map_err(|_| Failure::Page(PageProblem::Malformed))
}

/// Which client asks, so that a handler can load it.
pub fn client_id(params: &Params) -> Result<&str, Failure> {
    repeats::of_identity(params).and_then(|()| client::named(params)).map_err(Failure::Page)
}

/// All checks in their order.
pub fn check(params: &Params, loaded: &Loaded<'_>) -> Result<AuthorizationRequest, Failure> {
    checked(params, loaded, &|_| ())
}

/// Tells `begun` the name of each check before it runs.
fn checked(
    params: &Params,
    loaded: &Loaded<'_>,
    begun: &dyn Fn(&'static str),
) -> Result<AuthorizationRequest, Failure> {
    begun(IDENTITY[0]);
    // Until client and redirect_uri are proven, a refusal is a page.
    repeats::of_identity(params).map_err(Failure::Page)?;
    begun(IDENTITY[1]);
    let client = client::check(params, loaded.client).map_err(Failure::Page)?;
    begun(IDENTITY[2]);
    let redirect_uri = redirect_uri::check(params, client).map_err(Failure::Page)?;

    // From here on the client is told.
    let mut request = AuthorizationRequest::to(redirect_uri, params.get("state"));
    let asked = Asked { params, client, loaded };
    match told(&asked, &mut request, begun) {
        Ok(()) => Ok(request),
        Err(error) => Err(Failure::Redirect(Box::new(Refused { error, to: request.destination() }))),
    }
}

/// A refusal before the checks, of a request whose object cannot be read: told to the client where client and redirect_uri
/// are proven, else a page.
pub fn refuse(params: &Params, loaded: &Loaded<'_>, error: OAuthError) -> Failure {
    let proven = || -> Result<AuthorizationRequest, PageProblem> {
        repeats::of_identity(params)?;
        let client = client::check(params, loaded.client)?;
        let redirect_uri = redirect_uri::check(params, client)?;
        let mut request = AuthorizationRequest::to(redirect_uri, params.get("state"));
        // A response mode that is not valid leaves the default.
        let _ = response_mode::check(&Asked { params, client, loaded }, &mut request);
        Ok(request)
    };
    match proven() {
        Ok(request) => Failure::Redirect(Box::new(Refused { error, to: request.destination() })),
        Err(problem) => Failure::Page(problem),
    }
}

fn told(asked: &Asked<'_>, request: &mut AuthorizationRequest, begun: &dyn Fn(&'static str)) -> Result<(), OAuthError> {
    run(&FIRST, asked, request, begun)?;
    let redirect_uri = request.redirect_uri.clone();
    begun(RESPONSE_TYPE);
    request.scopes = oxide::authorization::decide(
        asked.params,
        &redirect_uri,
        || run(&EXTENSION, asked, request, begun),
        |scopes| {
            begun(SCOPE);
            scope::negotiate(scopes, asked.client, asked.loaded.scopes)
        },
    )?;
    Ok(())
}

fn run(
    checks: &[(&'static str, Check)],
    asked: &Asked<'_>,
    request: &mut AuthorizationRequest,
    begun: &dyn Fn(&'static str),
) -> Result<(), OAuthError> {
    checks.iter().try_for_each(|(name, check)| {
        begun(name);
        check(asked, request).map_err(|error| error.or_detail(name))
    })
}
