//! Client: a program of a facility that speaks OpenID Connect with the issuer (RFC 7591 2 names its metadata).

use super::acr::Acr;
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
    /// When it was registered.
    pub created_at: Time,
    /// When it was switched off, if it is.
    pub disabled_at: Option<Time>,
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
    /// Scopes it may ask for, in the order registered.
    pub scope: Vec<String>,
    /// How it authenticates at the token endpoint.
    pub token_endpoint_auth_method: ClientAuthMethod,
    /// Its public keys for `private_key_jwt` (a JWK set).
    #[serde(default)]
    pub jwks: Option<serde_json::Value>,
    /// Algorithm of its ID tokens. `pass client new` writes ES256; a registration that names nothing means RS256.
    pub id_token_signed_response_alg: SigningAlg,
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

/// Switches of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientFlags {
    /// PKCE is asked for (RFC 7636); off only for confidential clients.
    pub require_pkce: bool,
    /// May introspect tokens (RFC 7662).
    pub introspection: bool,
    /// User access tokens are JWTs (RFC 9068) instead of opaque.
    pub jwt_access_token: bool,
    /// The least `acr` of any sign-in; less fails with `unmet_authentication_requirements`.
    pub minimum_acr: Option<Acr>,
    /// Demo only: shows the test form alone and first.
    pub plain_login: bool,
}

impl Default for ClientFlags {
    fn default() -> Self {
        Self {
            require_pkce: true,
            introspection: false,
            jwt_access_token: false,
            minimum_acr: None,
            plain_login: false,
        }
    }
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
}

impl GrantType {
    /// The value of the `grant_type` parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
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

/// Signature algorithms of tokens (RFC 7518 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlg {
    /// The default.
    ES256,
    /// What the standard asks every provider to offer.
    RS256,
    /// RSA-PSS.
    PS256,
}

impl SigningAlg {
    /// All, the default first.
    pub const ALL: [Self; 3] = [Self::ES256, Self::RS256, Self::PS256];

    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
        }
    }

    /// Reads the value of `alg`.
    pub fn parse(alg: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == alg)
    }
}
