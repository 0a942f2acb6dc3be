//! Grant and what hangs on it: code, access token, refresh token. Revoking a grant kills them all.

use super::acr::Acr;
use super::request::ClaimsRequest;
use crate::Time;
use crate::id::{AccountId, ClientId, ConsentId, GrantId, PersonId, SessionId};
use crate::secret::Hash;

/// What one authorization gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Row.
    pub id: GrantId,
    /// About whom claims are given.
    pub person: PersonId,
    /// Who acted.
    pub account: AccountId,
    /// To which client.
    pub client: ClientId,
    /// On which consent it stands.
    pub consent: ConsentId,
    /// In which session it was made.
    pub session: SessionId,
    /// Scopes granted, sorted.
    pub scopes: Vec<String>,
    /// Claims asked for one by one (OpenID Connect Core 5.5).
    pub claims: ClaimsRequest,
    /// Strength of the sign-in.
    pub acr: Acr,
    /// Methods of the sign-in (RFC 8176), sorted.
    pub amr: Vec<String>,
    /// Time of the sign-in; kept for refreshes.
    pub auth_time: Time,
    /// The ID token carries `auth_time`.
    pub auth_time_asked: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Time>,
}

/// An authorization code (RFC 6749 4.1.2): taken once by one conditional UPDATE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// SHA-256 of the code.
    pub hash: Hash,
    /// What it stands for.
    pub grant: GrantId,
    /// The redirect_uri of the request, as the raw string.
    pub redirect_uri: String,
    /// PKCE S256 challenge (RFC 7636 4.3).
    pub code_challenge: Option<String>,
    /// Echoed into the ID token.
    pub nonce: Option<String>,
    /// When it stops working: at most 60 s after it was made.
    pub expires_at: Time,
    /// When it was taken.
    pub used_at: Option<Time>,
}

/// An access token as the issuer keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// SHA-256 of the token, or of the `jti` of a JWT.
    pub hash: Hash,
    /// The grant; none for client_credentials.
    pub grant: Option<GrantId>,
    /// Whose it is.
    pub client: ClientId,
    /// Scopes, sorted.
    pub scopes: Vec<String>,
    /// It came through the browser: nothing that a card proved is given for it.
    pub front_channel: bool,
    /// When it was issued.
    pub issued_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Time>,
}

impl AccessToken {
    /// How it reached the client, for the release of claims.
    pub const fn channel(&self) -> Channel {
        if self.front_channel { Channel::Front } else { Channel::Back }
    }
}

/// How an answer reaches the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channel {
    /// From server to server.
    #[default]
    Back,
    /// Through the browser, where scripts, histories and extensions see it.
    Front,
}

/// A refresh token. Rotated at each use; a second use of one closes the grant (RFC 9700 4.14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub hash: Hash,
    /// The family it belongs to.
    pub grant: GrantId,
    /// Counts from 1.
    pub generation: i32,
    /// When it was issued.
    pub issued_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
}
