//! Token revocation (RFC 7009). `token_type_hint` is ignored: every kind of token is found by its hash (2.1 allows it).

use super::access_token::ClientJwt;
use super::error::{ErrorCode, OAuthError};
use crate::Time;
use crate::domain::client::Client;
use crate::domain::grant::{AccessToken, Grant};
use crate::id::GrantId;
use crate::secret::Hash;

/// What a presented token turned out to be.
#[derive(Clone, Copy)]
pub enum Found<'a> {
    /// An access token with a row.
    Access(&'a AccessToken),
    /// A refresh token, by its grant.
    Refresh(&'a Grant),
    /// A client's own JWT.
    Client(&'a ClientJwt),
    /// None of these.
    Nothing,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nothing: the token was not valid anyway (RFC 7009 2.2), and the answer is the same.
    Nothing,
    /// This access token ends; its grant goes on.
    EndAccess(Hash),
    /// The grant ends with everything under it (RFC 7009 2.1: a refresh token SHOULD take its access tokens along).
    CloseGrant(GrantId),
    /// Insert this key into the replay table until then: the JWT is revoked.
    Remember(Hash, Time),
}

/// Decides what a client may revoke.
pub fn decide(client: &Client, found: Found<'_>) -> Result<Act, OAuthError> {
    let (own, act) = match found {
        Found::Nothing => return Ok(Act::Nothing),
        Found::Access(token) => (token.client == client.id, Act::EndAccess(token.hash)),
        Found::Refresh(grant) => (grant.client == client.id, Act::CloseGrant(grant.id)),
        Found::Client(token) => (token.client_id == client.client_id, Act::Remember(token.jti, token.expires_at)),
    };
    // RFC 7009 2.1: "the request is refused and the client is informed of the error"
    if own { Ok(act) } else { Err(OAuthError::new(ErrorCode::InvalidGrant)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::fixture::{self, NOW, seconds};

    #[test]
    fn cap_49_a_client_revokes_its_own_tokens_only() {
        let (owner, other, grant) = (fixture::client(), fixture::other_client(), fixture::grant());
        let access = AccessToken {
            hash: Hash::of("t"),
            grant: Some(grant.id),
            client: owner.id,
            scopes: Vec::new(),
            front_channel: false,
            issued_at: NOW,
            expires_at: NOW + seconds(60),
            revoked_at: None,
        };
        let jwt = ClientJwt {
            jti: Hash::of("j"),
            client_id: "library".into(),
            scopes: Vec::new(),
            issued_at: NOW,
            expires_at: NOW + seconds(300),
        };
        let rows = [
            (Found::Access(&access), Act::EndAccess(access.hash)),
            (Found::Refresh(&grant), Act::CloseGrant(grant.id)),
            (Found::Client(&jwt), Act::Remember(jwt.jti, jwt.expires_at)),
        ];
        for (found, act) in rows {
            assert_eq!(decide(&owner, found), Ok(act));
            assert_eq!(decide(&other, found).unwrap_err().code(), ErrorCode::InvalidGrant);
        }
        // RFC 7009 2.2: an invalid token is answered with 200.
        assert_eq!(decide(&other, Found::Nothing), Ok(Act::Nothing));
    }
}
