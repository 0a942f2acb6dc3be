//! Client authentication (RFC 6749 2.3, RFC 7523 3, OpenID Connect Core 9): Basic, body, `private_key_jwt`, none.
//!
//! A handler reads what was presented (`read`), looks the client up, asks `check`, and writes the replay key of an assertion
//! in its transaction: a second insert means the assertion was seen before (`replayed`).
//! oxide-auth is shown the proven client only (D7, D8). Left out: `client_secret_jwt`, mutual TLS.

mod assertion;
mod basic;

#[cfg(test)]
mod tests;

use super::error::{ErrorCode, OAuthError};
use super::params::Params;
use crate::Time;
use crate::domain::client::{Client, ClientAuthMethod};
use crate::secret::Hash;
use serde_json::Value;

/// RFC 7523 2.2
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client presented.
pub struct Presented {
    client_id: String,
    proof: Proof,
}

enum Proof {
    Basic(String),
    Post(String),
    Assertion(String),
    Name,
}

/// A client that is who it says.
#[derive(Clone, Copy, Debug)]
pub struct Proven<'c> {
    /// The client.
    pub client: &'c Client,
    /// What must be new: the assertion's `jti`.
    pub replay: Option<Replay>,
}

/// A value that may be used once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The key of the replay table.
    pub key: Hash,
    /// How long it must be remembered.
    pub until: Time,
}

impl Presented {
    /// Which client it says it is.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The assertion, where it came with one.
    pub fn assertion(&self) -> Option<&str> {
        match &self.proof {
            Proof::Assertion(jwt) => Some(jwt),
            _ => None,
        }
    }

    const fn method(&self) -> ClientAuthMethod {
        match self.proof {
            Proof::Basic(_) => ClientAuthMethod::ClientSecretBasic,
            Proof::Post(_) => ClientAuthMethod::ClientSecretPost,
            Proof::Assertion(_) => ClientAuthMethod::PrivateKeyJwt,
            Proof::Name => ClientAuthMethod::None,
        }
    }
}

/// Reads the `Authorization` header and the form.
pub fn read(authorization: Option<&str>, params: &Params) -> Result<Presented, OAuthError> {
    params.refuse_repeats()?;
    let secret = params.get("client_secret");
    let assertion = params.get("client_assertion");
    // RFC 6749 2.3: "The client MUST NOT use more than one authentication method in each request."
    if [authorization.is_some(), secret.is_some(), assertion.is_some()].iter().filter(|used| **used).count() > 1 {
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "More than one way of client authentication."));
    }
    let named = params.get("client_id");
    let (client_id, proof) = if let Some(header) = authorization {
        let (id, secret) = basic::read(header)?;
        (id, Proof::Basic(secret))
    } else if let Some(assertion) = assertion {
        // RFC 7521 4.2
        if params.get("client_assertion_type") != Some(JWT_BEARER) {
            return Err(refused("the client_assertion_type is another"));
        }
        (assertion::says(assertion)?, Proof::Assertion(assertion.to_owned()))
    } else {
        let missing = || OAuthError::about(ErrorCode::InvalidClient, "client_id", "is missing");
        let id = named.ok_or_else(missing)?.to_owned();
        (id, secret.map_or(Proof::Name, |secret| Proof::Post(secret.to_owned())))
    };
    // A client_id beside Basic or an assertion is common and harmless, as long as it is the same one (RFC 7521 4.2).
    if named.is_some_and(|named| named != client_id) {
        return Err(OAuthError::because(ErrorCode::InvalidRequest, "The client_id and the credentials differ."));
    }
    Ok(Presented { client_id, proof })
}

/// Checks what was presented. `keys` is the client's JWK set, for assertions; `audiences` are the issuer and the addresses of the token endpoint and the one that was called.
/// An unknown client and a wrong secret are refused alike.
pub fn check<'c>(
    presented: &Presented,
    client: Option<&'c Client>,
    keys: Option<&Value>,
    audiences: &[&str],
    now: Time,
) -> Result<Proven<'c>, OAuthError> {
    let client = client.filter(|client| client.client_id == presented.client_id && client.disabled_at.is_none());
    let replay = match &presented.proof {
        Proof::Basic(secret) | Proof::Post(secret) => {
            // The same work for a client that does not exist.
            let expected = client.and_then(|client| client.secret).unwrap_or(Hash([0; 32]));
            if !Hash::of(secret).matches(&expected) {
                return Err(refused("unknown client or wrong secret"));
            }
            None
        }
        Proof::Assertion(jwt) => {
            let client = client.ok_or_else(|| refused("unknown client"))?;
            Some(assertion::check(jwt, client, keys, audiences, now)?)
        }
        Proof::Name => None,
    };
    let client = client.ok_or_else(|| refused("unknown client"))?;
    // OpenID Connect Dynamic Client Registration 2: a client authenticates as it registered.
    if client.metadata.token_endpoint_auth_method != presented.method() {
        return Err(refused("another method than the registered one"));
    }
    Ok(Proven { client, replay })
}

/// The answer when the replay key was there already (RFC 7523 3, point 7).
pub fn replayed() -> OAuthError {
    refused("the assertion was used before")
}

fn refused(detail: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClient).detail(detail)
}
