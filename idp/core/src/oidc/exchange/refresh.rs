//! The grant `refresh_token` (RFC 6749 6, RFC 9700 4.14.2, OpenID Connect Core 12).
//!
//! A handler finds the row, asks `check`, and takes it by one conditional UPDATE as the last step: a request refused for
//! its scope or its client leaves the token usable. Who loses that UPDATE presented a used token (`Taken::Again`).

use super::{Exchange, Refusal, Taken};
use crate::Time;
use crate::domain::client::Client;
use crate::domain::grant::{Grant, RefreshToken};
use crate::id::GrantId;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::oxide;
use crate::oidc::params::Params;
use crate::secret::Hash;

/// A refresh token with its grant.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundRefresh {
    /// The token.
    pub token: RefreshToken,
    /// Its family.
    pub grant: Grant,
}

/// The hash of the presented token, to find it by.
pub fn presented(params: &Params) -> Result<Hash, OAuthError> {
    params.required("refresh_token").map(Hash::of)
}

/// Decides the exchange.
pub fn check<'a>(
    found: &'a Taken<FoundRefresh>,
    client: &'a Client,
    params: &Params,
    now: Time,
) -> Result<Exchange<'a>, Refusal> {
    let found = match found {
        Taken::First(found) if found.token.used_at.is_none() => found,
        Taken::First(found) => return Err(reused(found.grant.id)),
        Taken::Again(grant) => return Err(reused(*grant)),
        Taken::Nothing => return Err(denied("unknown refresh token").into()),
    };
    let scopes = oxide::refresh::decide(client, params, &found.grant, || {
        if now >= found.token.expires_at {
            return Err(denied("refresh token expired"));
        }
        if found.grant.revoked_at.is_some() { Err(denied("grant revoked")) } else { Ok(()) }
    })?;
    // The family keeps the scopes of its grant, however narrow this one access token is (D14).
    Ok(Exchange { client, grant: &found.grant, scopes, nonce: None, generation: found.token.generation + 1 })
}

/// RFC 9700 4.14.2: a refresh token that comes twice closes its grant.
pub fn reused(grant: GrantId) -> Refusal {
    Refusal { error: denied("refresh token used before"), revoke: Some(grant) }
}

fn denied(detail: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant).detail(detail)
}
