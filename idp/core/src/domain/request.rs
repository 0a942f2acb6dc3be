//! An authorization request after all its checks: plain data that an interaction and its grant keep. The checks are `oidc::authorize`.

pub use super::response_type::ResponseType;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A validated authorization request (RFC 6749 4.1.1, OpenID Connect Core 3.1.2.1).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// As registered, the raw string.
    pub redirect_uri: String,
    /// What was asked for.
    #[serde(default)]
    pub response_type: ResponseType,
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

/// Where an authorization response goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// As registered, the raw string.
    pub redirect_uri: String,
    /// How it travels.
    pub response_mode: ResponseMode,
    /// Echoed untouched.
    pub state: Option<String>,
}

impl AuthorizationRequest {
    /// A request that asks for nothing yet, from a proven redirect_uri.
    pub fn to(redirect_uri: &str, state: Option<&str>) -> Self {
        Self {
            redirect_uri: redirect_uri.to_owned(),
            response_type: ResponseType::Code,
            response_mode: ResponseMode::Query,
            scopes: Vec::new(),
            state: state.map(str::to_owned),
            nonce: None,
            code_challenge: None,
            prompt: Vec::new(),
            max_age: None,
            acr_values: Vec::new(),
            claims: ClaimsRequest::default(),
            login_hint: None,
            id_token_hint_sub: None,
            ui_locales: Vec::new(),
        }
    }

    /// Where its answer goes.
    pub fn destination(&self) -> Destination {
        Destination {
            redirect_uri: self.redirect_uri.clone(),
            response_mode: self.response_mode,
            state: self.state.clone(),
        }
    }

    /// Whether a `prompt` value was sent.
    pub fn prompts(&self, prompt: Prompt) -> bool {
        self.prompt.contains(&prompt)
    }
}

// `login_hint` and `state` may hold a mail address.
impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .field("prompt", &self.prompt)
            .field("max_age", &self.max_age)
            .field("acr_values", &self.acr_values)
            .finish_non_exhaustive()
    }
}

/// Response modes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect.
    #[default]
    Query,
    /// In the fragment of the redirect, where no server sees it.
    Fragment,
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

impl Prompt {
    /// Reads one value.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "none" => Some(Self::None),
            "login" => Some(Self::Login),
            "consent" => Some(Self::Consent),
            "select_account" => Some(Self::SelectAccount),
            "create" => Some(Self::Create),
            _ => None,
        }
    }
}

/// A parsed `claims` parameter. Unknown claims stay in it and are ignored where claims are given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// Wanted from userinfo.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, Option<ClaimAsked>>,
    /// Wanted in the ID token.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, Option<ClaimAsked>>,
    /// `verified_claims` wanted from userinfo.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verified_userinfo: Vec<VerifiedAsked>,
    /// `verified_claims` wanted in the ID token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verified_id_token: Vec<VerifiedAsked>,
}

/// One element of a request for `verified_claims` (OpenID Connect for Identity Assurance 1.0, 6).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VerifiedAsked {
    /// What is asked about how the claims were verified, as sent.
    pub verification: serde_json::Map<String, Value>,
    /// Which claims.
    pub claims: BTreeMap<String, Option<ClaimAsked>>,
}

impl VerifiedAsked {
    /// Whether the evidence is asked for, of whatever kind.
    pub fn wants_evidence(&self) -> bool {
        self.verification.contains_key("evidence")
    }
}

/// How a claim is asked for (5.5.1). `null` in the request is `None` of the map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimAsked {
    /// The client says it needs it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The one value wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Values wanted, best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
}

impl ClaimsRequest {
    /// Whether anything about the person is wanted in the ID token.
    pub fn asks_in_id_token(&self) -> bool {
        !self.id_token.is_empty() || !self.verified_id_token.is_empty()
    }

    /// How `acr` is asked for in the ID token: whether it must be met, and the values (5.5.1.1).
    pub fn acr(&self) -> Option<&ClaimAsked> {
        self.id_token.get("acr")?.as_ref()
    }
}

impl ClaimAsked {
    /// `value`, or `values` in their order, as far as they are text.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.value.iter().chain(self.values.iter().flatten()).filter_map(Value::as_str)
    }
}
