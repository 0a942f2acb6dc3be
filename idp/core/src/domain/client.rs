//! Client: a program of a facility that speaks OpenID Connect with the issuer (RFC 7591 2 names its metadata).

mod algorithms;

pub use algorithms::{ContentEncryption, Encryption, KeyManagementAlg, SigningAlg};

use super::acr::Acr;
use super::response_type::ResponseType;
use super::words::LocalText;
use crate::Time;
use crate::id::{ClientId, FacilityId};
use crate::secret::Hash;
use serde::{Deserialize, Serialize};

/// A registered client.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Row.
    pub id: ClientId,
    /// The public `client_id`.
    pub client_id: String,
    /// Every client has a facility: sector, ceiling and purpose come from it.
    pub facility: FacilityId,
    /// SHA-256 of the secret; secrets are 32 random bytes, so no slow hash.
    pub secret: Option<Hash>,
    /// OAuth and OpenID metadata.
    pub metadata: ClientMetadata,
    /// Switches; all off by default.
    pub flags: ClientFlags,
    /// SHA-256 of its registration access token, if it registered itself (RFC 7592 3).
    pub registration: Option<Hash>,
    /// When it was registered.
    pub created_at: Time,
    /// When it was switched off, if it is.
    pub disabled_at: Option<Time>,
}

/// Lets programs register clients of one facility (RFC 7591 1.2: initial access token).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitialAccessToken {
    /// SHA-256 of the token.
    pub hash: Hash,
    /// Whose clients they become.
    pub facility: FacilityId,
    /// Switches that they get.
    pub flags: ClientFlags,
    /// When it was made.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Time,
}

/// OAuth and OpenID metadata of a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientMetadata {
    /// Name shown beside the facility's, for example 利用登録.
    pub client_name: LocalText,
    /// Compared as raw strings (OpenID Connect Core 3.1.2.1).
    pub redirect_uris: Vec<String>,
    /// RP-Initiated Logout 3.1.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Which grants it may use.
    pub grant_types: Vec<GrantType>,
    /// What it may ask the authorization endpoint for; its flags decide too.
    #[serde(default = "code_alone")]
    pub response_types: Vec<ResponseType>,
    /// Scopes it may ask for, in the order registered.
    pub scope: Vec<String>,
    /// How it authenticates at the token endpoint.
    pub token_endpoint_auth_method: ClientAuthMethod,
    /// Its public keys (a JWK set): for `private_key_jwt`, request objects and encryption to it.
    #[serde(default)]
    pub jwks: Option<serde_json::Value>,
    /// Where its public keys are, instead of `jwks`.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// The one algorithm of its client assertions; any of ours when absent.
    #[serde(default)]
    pub token_endpoint_auth_signing_alg: Option<SigningAlg>,
    /// Algorithm of its ID tokens. `pass client new` writes ES256; a registration that names nothing means RS256.
    pub id_token_signed_response_alg: SigningAlg,
    /// Its ID tokens are encrypted too.
    #[serde(default)]
    pub id_token_encryption: Option<Encryption>,
    /// Its userinfo is a signed JWT instead of JSON.
    #[serde(default)]
    pub userinfo_signed_response_alg: Option<SigningAlg>,
    /// Its userinfo is encrypted.
    #[serde(default)]
    pub userinfo_encryption: Option<Encryption>,
    /// The one algorithm of its request objects; any of ours when absent.
    #[serde(default)]
    pub request_object_signing_alg: Option<SigningAlg>,
    /// Request objects that it may name by reference (RFC 9101 10.4).
    #[serde(default)]
    pub request_uris: Vec<String>,
    /// Names the sites of one sector (OpenID Connect Core 8.1); the sector itself is the facility's.
    #[serde(default)]
    pub sector_identifier_uri: Option<String>,
    /// `web` or `native`.
    #[serde(default)]
    pub application_type: ApplicationType,
    /// Whom the operator calls; mail addresses of an office.
    #[serde(default)]
    pub contacts: Vec<String>,
    /// `acr_values` of a request that names none.
    #[serde(default)]
    pub default_acr_values: Vec<String>,
    /// Where a sign-in can be begun by others (OpenID Connect Core 4).
    #[serde(default)]
    pub initiate_login_uri: Option<String>,
    /// Told when a session ends (Back-Channel Logout 2.2).
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// Its logout tokens name the session.
    #[serde(default)]
    pub backchannel_logout_session_required: bool,
    /// Loaded in a frame of our page when a session ends (Front-Channel Logout 2).
    #[serde(default)]
    pub frontchannel_logout_uri: Option<String>,
    /// The frame's address names issuer and session.
    #[serde(default)]
    pub frontchannel_logout_session_required: bool,
    /// OpenID Connect Dynamic Client Registration 2.
    #[serde(default)]
    pub default_max_age: Option<u32>,
    /// The `auth_time` claim is always sent when set.
    #[serde(default)]
    pub require_auth_time: bool,
    /// Where its own page starts, for the way back from error pages.
    #[serde(default)]
    pub client_uri: Option<String>,
    /// Privacy policy shown at sign-in.
    #[serde(default)]
    pub policy_uri: Option<String>,
    /// Terms shown at sign-in.
    #[serde(default)]
    pub tos_uri: Option<String>,
    /// Picture of its own; the facility's drawing when absent.
    #[serde(default)]
    pub logo_uri: Option<String>,
}

impl Default for ClientMetadata {
    /// What a registration means that names nothing (RFC 7591 2, OpenID Connect Dynamic Client Registration 2).
    fn default() -> Self {
        Self {
            client_name: LocalText::default(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode],
            response_types: code_alone(),
            scope: Vec::new(),
            token_endpoint_auth_method: ClientAuthMethod::ClientSecretBasic,
            jwks: None,
            jwks_uri: None,
            token_endpoint_auth_signing_alg: None,
            id_token_signed_response_alg: SigningAlg::RS256,
            id_token_encryption: None,
            userinfo_signed_response_alg: None,
            userinfo_encryption: None,
            request_object_signing_alg: None,
            request_uris: Vec::new(),
            sector_identifier_uri: None,
            application_type: ApplicationType::Web,
            contacts: Vec::new(),
            default_max_age: None,
            default_acr_values: Vec::new(),
            require_auth_time: false,
            initiate_login_uri: None,
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            client_uri: None,
            policy_uri: None,
            tos_uri: None,
            logo_uri: None,
        }
    }
}

fn code_alone() -> Vec<ResponseType> {
    vec![ResponseType::Code]
}

/// Switches of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientFlags {
    /// PKCE is asked for (RFC 7636); off only for confidential clients.
    pub require_pkce: bool,
    /// May introspect the tokens of its facility's other clients (RFC 7662).
    pub introspection: bool,
    /// User access tokens are JWTs (RFC 9068) instead of opaque.
    pub jwt_access_token: bool,
    /// Signed request objects are read (RFC 9101); costs the check of one more signature.
    pub request_object: bool,
    /// Request objects are fetched from `request_uris`; costs a request to the client's server.
    pub request_uri: bool,
    /// ID and access tokens may come through the browser, without a code; costs that scripts, histories and extensions see them.
    pub implicit: bool,
    /// Tokens may come through the browser beside a code; costs the same.
    pub hybrid: bool,
    /// Its page is loaded in a frame when a session ends; costs a page more at each sign-out, and works only where the
    /// browser lets a frame have its cookies.
    pub frontchannel_logout: bool,
    /// It may watch the session in a frame (Session Management); costs a value in every answer that tells when somebody
    /// signs out anywhere.
    pub session_management: bool,
    /// The least `acr` of any sign-in; less fails with `unmet_authentication_requirements`.
    pub minimum_acr: Option<Acr>,
    /// Demo only: shows the test form alone and first.
    pub plain_login: bool,
}

impl Client {
    /// Lets it ask for the implicit response types, or for none of them any more.
    pub fn switch_implicit(&mut self, on: bool) {
        self.flags.implicit = on;
        self.register(on, |one| one.in_front() && !one.code());
    }

    /// Likewise for the hybrid ones.
    pub fn switch_hybrid(&mut self, on: bool) {
        self.flags.hybrid = on;
        self.register(on, |one| one.in_front() && one.code());
    }

    fn register(&mut self, on: bool, which: impl Fn(ResponseType) -> bool) {
        let types = &mut self.metadata.response_types;
        types.retain(|one| !which(*one));
        types.extend(ResponseType::ALL.into_iter().filter(|one| on && which(*one)));
        // OpenID Connect Dynamic Client Registration 2: the grant that goes with them.
        let front = types.iter().any(|one| one.in_front());
        self.metadata.grant_types.retain(|grant| *grant != GrantType::Implicit);
        self.metadata.grant_types.extend(front.then_some(GrantType::Implicit));
    }

    /// Whether it may ask for this: registered, and its flags let it. One question for every response type.
    pub fn may_ask_for(&self, asked: ResponseType) -> bool {
        let grants = &self.metadata.grant_types;
        let code = !asked.code() || grants.contains(&GrantType::AuthorizationCode);
        self.metadata.response_types.contains(&asked) && code && self.flags.allow(asked)
    }
}

impl ClientFlags {
    /// Whether these switches let tokens through the browser as this type does.
    pub const fn allow(&self, asked: ResponseType) -> bool {
        match (asked.in_front(), asked.code()) {
            (false, _) => true,
            (true, true) => self.hybrid,
            (true, false) => self.implicit,
        }
    }
}

impl Default for ClientFlags {
    fn default() -> Self {
        Self {
            require_pkce: true,
            introspection: false,
            jwt_access_token: false,
            request_object: false,
            request_uri: false,
            implicit: false,
            hybrid: false,
            frontchannel_logout: false,
            session_management: false,
            minimum_acr: None,
            plain_login: false,
        }
    }
}

/// Kind of a client (OpenID Connect Dynamic Client Registration 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// On a web server.
    #[default]
    Web,
    /// On the person's own machine.
    Native,
}

/// Grant types (RFC 7591 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 4.1
    AuthorizationCode,
    /// RFC 6749 6
    RefreshToken,
    /// RFC 6749 4.4
    ClientCredentials,
    /// RFC 6749 4.2: tokens through the browser. Never at the token endpoint.
    Implicit,
}

impl GrantType {
    /// The value of the `grant_type` parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::Implicit => "implicit",
        }
    }
}

/// Client authentication (OpenID Connect Core 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    /// HTTP Basic.
    ClientSecretBasic,
    /// In the body.
    ClientSecretPost,
    /// A signed assertion (RFC 7523).
    PrivateKeyJwt,
    /// A public client: PKCE always.
    None,
}

impl ClientAuthMethod {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ClientSecretBasic, Self::ClientSecretPost, Self::PrivateKeyJwt, Self::None];

    /// Reads the registered value.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }

    /// Whether a client of this method has a secret.
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }

    /// The registered value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }
}
