//! Userinfo (OpenID Connect Core 5.3): token AND grant AND consent, asked at every call, so that withdrawal bites at once.
//! What is given is `claims::release`'s answer; here it only becomes JSON, or a JWT where the client registered one.

use super::client_keys;
use super::error::{ErrorCode, OAuthError};
use super::keys::KeyRing;
use crate::Time;
use crate::domain::client::Client;
use crate::domain::consent::Consent;
use crate::domain::grant::{AccessToken, Grant};
use crate::fault::Outcome;
use serde_json::{Map, Value};

/// The rows behind a presented token, as far as they exist.
#[derive(Clone, Copy)]
pub struct Behind<'a> {
    /// The token.
    pub token: &'a AccessToken,
    /// Its grant.
    pub grant: &'a Grant,
    /// The consent of the grant.
    pub consent: &'a Consent,
    /// The client it was issued to.
    pub client: &'a Client,
}

/// Whether the token still opens userinfo. `None`: there is no such token.
pub fn check(behind: Option<Behind<'_>>, now: Time) -> Result<(), OAuthError> {
    let refused = |detail: &str| Err(OAuthError::new(ErrorCode::InvalidToken).detail(detail));
    let Some(Behind { token, grant, consent, client }) = behind else { return refused("unknown token") };
    // RFC 6750 3.1: "expired, revoked, malformed, or invalid for other reasons"
    if now >= token.expires_at || token.revoked_at.is_some() || grant.revoked_at.is_some() {
        return refused("token expired or revoked");
    }
    if client.disabled_at.is_some() {
        return refused("client disabled");
    }
    if consent.withdrawn_at.is_some() {
        return refused("consent withdrawn");
    }
    // OpenID Connect Core 5.3: an access token of an OpenID Connect request.
    if token.scopes.iter().any(|scope| scope == "openid") {
        Ok(())
    } else {
        Err(OAuthError::new(ErrorCode::InsufficientScope))
    }
}

/// The answer: `sub` and what was released. Nothing released is `null` or empty (5.3.2).
pub fn body(subject: &str, released: Map<String, Value>) -> Map<String, Value> {
    let mut body = released;
    body.insert("sub".into(), subject.into());
    body
}

/// The answer as a JWT, for clients that registered an algorithm (5.3.2: with `iss` and `aud`). `keys` is the client's JWK set.
pub fn signed(
    body: &Map<String, Value>,
    client: &Client,
    issuer: &str,
    ring: &KeyRing,
    keys: Option<&Value>,
) -> Outcome<Option<String>> {
    let metadata = &client.metadata;
    let alg = match (metadata.userinfo_signed_response_alg, metadata.userinfo_encryption) {
        (None, None) => return Ok(None),
        // Encrypted alone would say nothing of its sender.
        (None, Some(_)) => metadata.id_token_signed_response_alg,
        (Some(alg), _) => alg,
    };
    let mut claims = body.clone();
    claims.insert("iss".into(), issuer.into());
    claims.insert("aud".into(), client.client_id.as_str().into());
    let token = ring.sign(alg, "JWT", &claims)?;
    match metadata.userinfo_encryption {
        None => Ok(Some(token)),
        Some(encryption) => client_keys::encrypt(&token, encryption, keys).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FacilityId, SessionId};
    use crate::oidc::fixture::{self, NOW, seconds};
    use crate::secret::Hash;

    type Change = fn(&mut AccessToken, &mut Grant);

    fn rows() -> (AccessToken, Grant, Consent) {
        let (client, grant) = (fixture::client(), fixture::grant());
        let token = AccessToken {
            hash: Hash::of("t"),
            grant: Some(grant.id),
            client: client.id,
            scopes: vec!["openid".into()],
            front_channel: false,
            issued_at: NOW,
            expires_at: NOW + seconds(60),
            revoked_at: None,
        };
        let consent = Consent {
            id: grant.consent,
            person: grant.person,
            account: grant.account,
            client: client.id,
            facility: FacilityId([8; 16]),
            scopes: grant.scopes.clone(),
            claims: Vec::new(),
            declined: Vec::new(),
            values: Hash([0; 32]),
            ceiling_version: 1,
            session: SessionId([4; 16]),
            remembered_until: None,
            given_at: NOW,
            withdrawn_at: None,
        };
        (token, grant, consent)
    }

    #[test]
    fn cap_22_a_withdrawn_consent_closes_userinfo_at_once() {
        let (token, grant, mut consent) = rows();
        assert_eq!(
            check(Some(Behind { token: &token, grant: &grant, consent: &consent, client: &fixture::client() }), NOW),
            Ok(())
        );
        consent.withdrawn_at = Some(NOW);
        let refused =
            check(Some(Behind { token: &token, grant: &grant, consent: &consent, client: &fixture::client() }), NOW)
                .unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidToken);
    }

    #[test]
    fn cap_49_a_client_that_was_switched_off_reads_nobody() {
        let ((token, grant, consent), mut client) = (rows(), fixture::client());
        client.disabled_at = Some(NOW);
        let behind = Behind { token: &token, grant: &grant, consent: &consent, client: &client };
        assert_eq!(check(Some(behind), NOW).unwrap_err().code(), ErrorCode::InvalidToken);
    }

    #[test]
    fn cap_49_dead_tokens_are_invalid_token_and_a_missing_scope_is_said() {
        let change: [(Change, ErrorCode); 4] = [
            (|token, _| token.expires_at = NOW, ErrorCode::InvalidToken),
            (|token, _| token.revoked_at = Some(NOW), ErrorCode::InvalidToken),
            (|_, grant| grant.revoked_at = Some(NOW), ErrorCode::InvalidToken),
            (|token, _| token.scopes = vec!["api".into()], ErrorCode::InsufficientScope),
        ];
        for (change, code) in change {
            let (mut token, mut grant, consent) = rows();
            change(&mut token, &mut grant);
            let refused = check(
                Some(Behind { token: &token, grant: &grant, consent: &consent, client: &fixture::client() }),
                NOW,
            )
            .unwrap_err();
            assert_eq!(refused.code(), code);
        }
        assert_eq!(check(None, NOW).unwrap_err().status(), 401);
        let released = serde_json::from_str(r#"{"sub":"forged","age_over_18":true}"#).unwrap();
        assert_eq!(body("me", released)["sub"], "me");
    }
}
