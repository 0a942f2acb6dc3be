//! The token endpoint's grants as pure steps around a store transaction (RFC 6749 4.1.3, 4.4, 5 and 6; OpenID Connect Core 3.1.3
//! and 12; RFC 7636 4.5; RFC 9700 4.14): `check` decides, `tokens` makes the rows, `respond` signs and writes the answer after
//! the transaction. Each grant runs on oxide-auth's machine through `oxide`.
//!
//! Refresh tokens are issued to every client that registered the grant `refresh_token`, with `offline_access` or without:
//! the consent and its grant are the base of both, and withdrawing closes both (architecture 7.5). Each use rotates the token;
//! a second use closes the grant. Left out: RFC 8707 `resource`, token exchange.

pub mod client_credentials;
pub mod code;
pub mod refresh;

#[cfg(test)]
mod tests;

use super::access_token;
use super::error::{ErrorCode, OAuthError};
use super::id_token::{self, IdToken};
use super::keys::KeyRing;
use super::params::Params;
use crate::domain::client::{Client, GrantType};
use crate::domain::grant::{AccessToken, Grant, RefreshToken};
use crate::fault::Outcome;
use crate::id::GrantId;
use crate::secret::{self, Hash};
use crate::{Entropy, Time};
use serde_json::{Map, Value};
use std::time::Duration;

/// Life of an opaque access token. Consent and grant are asked at each use, so that withdrawal bites at once.
const OPAQUE_LIFE: Duration = Duration::from_secs(3600);
/// Life of a JWT that resource servers may accept without asking (RFC 9068).
const JWT_LIFE: Duration = Duration::from_secs(300);
/// A refresh token that is not used for so long ends.
const REFRESH_IDLE: Duration = Duration::from_secs(90 * 24 * 3600);
/// A family ends after so long, however often it is refreshed.
const REFRESH_FAMILY: Duration = Duration::from_secs(366 * 24 * 3600);

/// What a store's `take` found for a code or refresh token.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken<T> {
    /// It was unused, and is used now.
    First(T),
    /// It had been used before.
    Again(GrantId),
    /// There is none.
    Nothing,
}

/// A refused exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the client is told.
    pub error: OAuthError,
    /// The grant to close in the same transaction.
    pub revoke: Option<GrantId>,
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self { error, revoke: None }
    }
}

/// Secrets of one exchange, drawn before the transaction (which may run twice).
pub struct Secrets {
    access: String,
    refresh: String,
}

impl Secrets {
    /// Draws them.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self { access: secret::token(entropy), refresh: secret::token(entropy) }
    }
}

/// A granted exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange<'a> {
    client: &'a Client,
    grant: &'a Grant,
    scopes: Vec<String>,
    nonce: Option<String>,
    generation: i32,
}

/// The rows of an exchange and what its answer says.
pub struct Tokens {
    /// To insert.
    pub access: AccessToken,
    /// To insert, if there is one.
    pub refresh: Option<RefreshToken>,
    /// For the answer, after the transaction.
    pub issued: Issued,
}

/// What was issued, for the answer.
pub struct Issued {
    /// The grant behind it.
    pub grant: Grant,
    /// Scopes of this access token, sorted.
    pub scopes: Vec<String>,
    nonce: Option<String>,
    access: String,
    refresh: Option<String>,
    issued_at: Time,
    expires_at: Time,
}

/// What the answer needs besides.
#[derive(Clone, Copy)]
pub struct Answering<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// Its keys.
    pub keys: &'a KeyRing,
    /// The client.
    pub client: &'a Client,
    /// The pairwise `sub` of the grant's person.
    pub subject: &'a str,
    /// The `sid` of the grant's session at the client.
    pub sid: &'a str,
    /// Claims that the claims parameter asked for in the ID token, as released.
    pub claims: &'a Map<String, Value>,
}

/// The grant type asked for, if this client may use it.
pub fn grant_type(params: &Params, client: &Client) -> Result<GrantType, OAuthError> {
    let all = [GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::ClientCredentials];
    let asked = params.required("grant_type")?;
    // RFC 6749 5.2
    let known = all.into_iter().find(|grant| grant.as_str() == asked).ok_or(ErrorCode::UnsupportedGrantType)?;
    if client.metadata.grant_types.contains(&known) { Ok(known) } else { Err(ErrorCode::UnauthorizedClient.into()) }
}

impl Exchange<'_> {
    /// The rows to insert.
    pub fn tokens(&self, now: Time, secrets: &Secrets) -> Tokens {
        let life = if self.client.flags.jwt_access_token { JWT_LIFE } else { OPAQUE_LIFE };
        let access = AccessToken {
            hash: Hash::of(&secrets.access),
            grant: Some(self.grant.id),
            client: self.client.id,
            scopes: self.scopes.clone(),
            front_channel: false,
            issued_at: now,
            expires_at: now + life,
            revoked_at: None,
        };
        let refresh = self.client.metadata.grant_types.contains(&GrantType::RefreshToken).then(|| RefreshToken {
            hash: Hash::of(&secrets.refresh),
            grant: self.grant.id,
            generation: self.generation,
            issued_at: now,
            expires_at: (now + REFRESH_IDLE).min(self.grant.created_at + REFRESH_FAMILY),
            used_at: None,
        });
        let issued = Issued {
            grant: self.grant.clone(),
            scopes: self.scopes.clone(),
            nonce: self.nonce.clone(),
            access: secrets.access.clone(),
            refresh: refresh.as_ref().map(|_| secrets.refresh.clone()),
            issued_at: now,
            expires_at: access.expires_at,
        };
        Tokens { access, refresh, issued }
    }
}

impl Issued {
    /// The token response (RFC 6749 5.1, OpenID Connect Core 3.1.3.3 and 12.2), signed now.
    pub fn respond(&self, answering: &Answering<'_>) -> Outcome<Map<String, Value>> {
        let access = self.access_token(answering)?;
        let mut body = token_body(&access, self.expires_at.since(self.issued_at), &self.scopes);
        if let Some(refresh) = &self.refresh {
            body.insert("refresh_token".into(), refresh.as_str().into());
        }
        if self.scopes.iter().any(|scope| scope == "openid") {
            let id_token = IdToken {
                issuer: answering.issuer,
                client: answering.client,
                subject: answering.subject,
                sid: answering.sid,
                grant: &self.grant,
                nonce: self.nonce.as_deref(),
                access_token: Some(&access),
                code: None,
                claims: answering.claims,
                now: self.issued_at,
            };
            body.insert("id_token".into(), id_token::sign(&id_token, answering.keys)?.into());
        }
        Ok(body)
    }

    fn access_token(&self, answering: &Answering<'_>) -> Outcome<String> {
        if !answering.client.flags.jwt_access_token {
            return Ok(self.access.clone());
        }
        let claims = access_token::user_claims(&access_token::UserToken {
            issuer: answering.issuer,
            client_id: &answering.client.client_id,
            subject: answering.subject,
            grant: &self.grant,
            scopes: &self.scopes,
            jti: &self.access,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
        });
        access_token::sign(&claims, answering.keys)
    }
}

fn token_body(access: &str, life: Duration, scopes: &[String]) -> Map<String, Value> {
    let members: [(&str, Value); 4] = [
        ("access_token", access.into()),
        ("token_type", "Bearer".into()),
        ("expires_in", life.as_secs().into()),
        ("scope", scopes.join(" ").into()),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
