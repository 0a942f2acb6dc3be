//! The grant `client_credentials` (RFC 6749 4.4): an RFC 9068 JWT of at most five minutes and no row.
//! The replay table can revoke it by its `jti`.

use super::{JWT_LIFE, Secrets, token_body};
use crate::Time;
use crate::domain::client::{Client, ClientAuthMethod};
use crate::fault::Outcome;
use crate::oidc::access_token;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::keys::KeyRing;
use crate::oidc::oxide;
use crate::oidc::params::Params;
use serde_json::{Map, Value};

/// A granted request.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientGrant<'a> {
    client: &'a Client,
    /// Scopes given, sorted.
    pub scopes: Vec<String>,
}

/// Scopes that are about a person: no client gets them for itself. Every scope that asks for claims is one.
pub const ABOUT_PERSONS: [&str; 2] = ["openid", "offline_access"];

/// Decides the request. `person_scopes` are the scopes that ask for claims.
pub fn check<'a>(client: &'a Client, params: &Params, person_scopes: &[&str]) -> Result<ClientGrant<'a>, OAuthError> {
    // RFC 6749 4.4: "MUST only be used by confidential clients."
    if client.metadata.token_endpoint_auth_method == ClientAuthMethod::None {
        return Err(ErrorCode::UnauthorizedClient.into());
    }
    let own = |scope: &String| !ABOUT_PERSONS.contains(&scope.as_str()) && !person_scopes.contains(&scope.as_str());
    let allowed: Vec<String> = client.metadata.scope.iter().filter(|scope| own(scope)).cloned().collect();
    let scopes = oxide::client_credentials::decide(client, params, |asked| match asked {
        // RFC 6749 3.3: a default where nothing is asked, an error for what is not allowed.
        None => Ok(allowed),
        Some(asked) if asked.iter().all(|scope| allowed.contains(scope)) => Ok(asked),
        Some(_) => Err(ErrorCode::InvalidScope.into()),
    })?;
    Ok(ClientGrant { client, scopes })
}

impl ClientGrant<'_> {
    /// The token response, signed now.
    pub fn respond(&self, issuer: &str, keys: &KeyRing, now: Time, secrets: &Secrets) -> Outcome<Map<String, Value>> {
        let claims = access_token::client_claims(&access_token::ClientToken {
            issuer,
            client_id: &self.client.client_id,
            scopes: &self.scopes,
            jti: &secrets.access,
            issued_at: now,
            expires_at: now + JWT_LIFE,
        });
        Ok(token_body(&access_token::sign(&claims, keys)?, JWT_LIFE, &self.scopes))
    }
}
