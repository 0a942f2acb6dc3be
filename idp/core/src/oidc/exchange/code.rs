//! The grant `authorization_code` (RFC 6749 4.1.3, RFC 7636 4.5 and 4.6, OpenID Connect Core 3.1.3.2).
//!
//! The code is taken by one conditional UPDATE before anything else is checked, so that a failed exchange burns it.

use super::{Exchange, Refusal, Taken};
use crate::Time;
use crate::domain::client::Client;
use crate::domain::grant::{Code, Grant};
use crate::oidc::authorize::is_unreserved_43_to_128;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::oxide;
use crate::oidc::params::Params;
use crate::secret::{Hash, base64url};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A code with its grant, as the taking UPDATE returned them.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenCode {
    /// The code.
    pub code: Code,
    /// What it stands for.
    pub grant: Grant,
}

/// The hash of the presented code, to take it by. A request that lacks a parameter burns nothing.
pub fn presented(params: &Params) -> Result<Hash, OAuthError> {
    params.required("redirect_uri")?;
    params.required("code").map(Hash::of)
}

/// Decides the exchange.
pub fn check<'a>(
    taken: &'a Taken<TakenCode>,
    client: &'a Client,
    params: &Params,
    now: Time,
) -> Result<Exchange<'a>, Refusal> {
    let taken = match taken {
        Taken::First(taken) => taken,
        // RFC 6749 4.1.2: a second use MUST be denied and SHOULD revoke what the first gave.
        Taken::Again(grant) => return Err(Refusal { error: denied("code used before"), revoke: Some(*grant) }),
        Taken::Nothing => return Err(denied("unknown code").into()),
    };
    let scopes = oxide::code::decide(client, params, &taken.grant, || {
        still_valid(taken, now)?;
        same_redirect_uri(&taken.code, params)?;
        same_program(&taken.code, params)
    });
    // The code is burnt: its grant gave nothing and never will.
    let scopes = scopes.map_err(|error| Refusal { error, revoke: Some(taken.grant.id) })?;
    Ok(Exchange { client, grant: &taken.grant, scopes, nonce: taken.code.nonce.clone(), generation: 1 })
}

fn still_valid(taken: &TakenCode, now: Time) -> Result<(), OAuthError> {
    // RFC 6749 4.1.2: "MUST expire shortly after it is issued"
    if now >= taken.code.expires_at {
        return Err(denied("code expired"));
    }
    if taken.grant.revoked_at.is_some() { Err(denied("grant revoked")) } else { Ok(()) }
}

fn same_redirect_uri(code: &Code, params: &Params) -> Result<(), OAuthError> {
    // RFC 6749 4.1.3: "their values MUST be identical". oxide-auth compares parsed addresses (D17); this compares characters.
    if params.get("redirect_uri") == Some(&code.redirect_uri) { Ok(()) } else { Err(denied("another redirect_uri")) }
}

fn same_program(code: &Code, params: &Params) -> Result<(), OAuthError> {
    match (&code.code_challenge, params.get("code_verifier")) {
        (None, None) => Ok(()),
        // RFC 9700 2.1.1: a verifier without a challenge is a downgrade.
        (None, Some(_)) => Err(denied("code_verifier without code_challenge")),
        (Some(_), None) => Err(OAuthError::about(ErrorCode::InvalidGrant, "code_verifier", "is missing")),
        // RFC 7636 4.1 and 4.6
        (Some(challenge), Some(verifier)) => {
            let computed = base64url(&Sha256::digest(verifier.as_bytes()));
            let same: bool = computed.as_bytes().ct_eq(challenge.as_bytes()).into();
            if same && is_unreserved_43_to_128(verifier) { Ok(()) } else { Err(denied("wrong code_verifier")) }
        }
    }
}

fn denied(detail: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant).detail(detail)
}
