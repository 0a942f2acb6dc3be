//! An authorization request after all its checks: plain data that an interaction keeps.

use super::claims_request::ClaimsRequest;
use serde::{Deserialize, Serialize};

/// A validated authorization request (RFC 6749 4.1.1, OpenID Connect Core 3.1.2.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// As registered, the raw string.
    pub redirect_uri: String,
    /// Where the answer goes.
    pub response_mode: ResponseMode,
    /// Asked for and allowed to this client, sorted.
    pub scopes: Vec<String>,
    /// Echoed untouched.
    pub state: Option<String>,
    /// Echoed into the ID token.
    pub nonce: Option<String>,
    /// PKCE S256 challenge.
    pub code_challenge: Option<String>,
    /// `prompt` values.
    pub prompt: Vec<Prompt>,
    /// `max_age` in seconds.
    pub max_age: Option<u32>,
    /// `acr_values` in the order of preference, unknown words kept.
    pub acr_values: Vec<String>,
    /// The `claims` parameter.
    pub claims: ClaimsRequest,
    /// Whom the client expects.
    pub login_hint: Option<String>,
    /// `sub` of a valid `id_token_hint`.
    pub id_token_hint_sub: Option<String>,
    /// Wanted languages, best first.
    pub ui_locales: Vec<String>,
}

/// Response modes of the code flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect.
    #[default]
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

/// `prompt` values (OpenID Connect Core 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// No page at all.
    None,
    /// Sign in again.
    Login,
    /// Ask for consent again.
    Consent,
    /// Choose who signs in.
    SelectAccount,
    /// Sign up (Initiating User Registration 1.0).
    Create,
}
