//! What an authorization gives: the grant, the code that stands for it (RFC 6749 4.1.2, RFC 6819 5.1.5), and what goes through
//! the browser where the client may ask for that (RFC 6749 4.2.2, OpenID Connect Core 3.2.2.5 and 3.3.2.5).

use super::claims_request::ClaimAsked;
use super::request::AuthorizationRequest;
use crate::authn::acr::Achieved;
use crate::domain::client::Client;
use crate::domain::grant::{AccessToken, Code, Grant};
use crate::id::{AccountId, ConsentId, GrantId, PersonId, SessionId};
use crate::secret::{self, Hash};
use crate::{Entropy, Time};
use serde_json::Value;
use std::time::Duration;

/// RFC 6749 4.1.2 recommends ten minutes at most; FAPI 2.0 5.3.2.1 sixty seconds.
const LIFE: Duration = Duration::from_secs(60);

/// A token that went through a browser ends soon (RFC 9700 2.1.2), and is opaque, so that it can be told from others.
pub const FRONT_LIFE: Duration = Duration::from_secs(300);

/// On what a code stands.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// What was asked.
    pub request: &'a AuthorizationRequest,
    /// By whom.
    pub client: &'a Client,
    /// About whom claims are given.
    pub person: PersonId,
    /// Who acted.
    pub account: AccountId,
    /// The consent.
    pub consent: ConsentId,
    /// The session.
    pub session: SessionId,
    /// The sign-in (`interaction::worth`). Its time is that of the event, never of the request.
    pub sign_in: &'a Achieved,
}

/// Secret and id, drawn before the transaction (which may run twice).
pub struct Secrets {
    code: String,
    access: String,
    grant: GrantId,
}

impl Secrets {
    /// Draws them.
    pub fn draw(now: Time, entropy: &dyn Entropy) -> Self {
        Self { code: secret::token(entropy), access: secret::token(entropy), grant: GrantId::new(now, entropy) }
    }

    /// The code for the client: 32 random bytes. The table holds its hash only.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The access token that goes through the browser, likewise.
    pub fn access(&self) -> &str {
        &self.access
    }
}

/// The rows to insert.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// What is given.
    pub grant: Grant,
    /// Where the response type has a code.
    pub code: Option<Code>,
    /// Where it has a token.
    pub access: Option<AccessToken>,
}

/// Makes them.
pub fn issue(basis: &Basis<'_>, secrets: &Secrets, now: Time) -> Rows {
    let Basis { request, client, sign_in, .. } = basis;
    let grant = Grant {
        id: secrets.grant,
        person: basis.person,
        account: basis.account,
        client: client.id,
        consent: basis.consent,
        session: basis.session,
        scopes: request.scopes.clone(),
        claims: asked_claims(request),
        acr: sign_in.acr,
        amr: sign_in.amr.iter().map(|method| (*method).to_owned()).collect(),
        auth_time: sign_in.auth_time,
        auth_time_asked: asks_for_auth_time(request, client),
        created_at: now,
        revoked_at: None,
    };
    let access = request.response_type.token().then(|| AccessToken {
        hash: Hash::of(&secrets.access),
        grant: Some(secrets.grant),
        client: client.id,
        scopes: request.scopes.clone(),
        front_channel: true,
        issued_at: now,
        expires_at: now + FRONT_LIFE,
        revoked_at: None,
    });
    let code = request.response_type.code().then(|| Code {
        hash: Hash::of(&secrets.code),
        grant: secrets.grant,
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        expires_at: now + LIFE,
        used_at: None,
    });
    Rows { grant, code, access }
}

/// OpenID Connect Core 5.5.1.1: `acr_values` asks for the claim `acr` in the ID token, as a wish.
fn asked_claims(request: &AuthorizationRequest) -> super::claims_request::ClaimsRequest {
    let mut claims = request.claims.clone();
    if claims.acr().is_none() && !request.acr_values.is_empty() {
        let values = request.acr_values.iter().map(|value| Value::from(value.as_str())).collect();
        let wish = ClaimAsked { essential: false, value: None, values: Some(values) };
        claims.id_token.insert("acr".into(), Some(wish));
    }
    claims
}

fn asks_for_auth_time(request: &AuthorizationRequest, client: &Client) -> bool {
    // OpenID Connect Core 2: REQUIRED with max_age (the client's default included) or as an essential claim. Who asks how
    // strong the sign-in was is told when it was (RFC 9470 5).
    request.max_age.is_some()
        || client.metadata.require_auth_time
        || request.claims.id_token.contains_key("auth_time")
        || request.claims.id_token.contains_key("acr")
        || !request.acr_values.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grant::Channel;
    use crate::domain::response_type::ResponseType;
    use crate::oidc::fixture::{self, Counting};

    #[test]
    fn cap_49_a_code_lives_sixty_seconds_and_only_its_hash_is_kept() {
        let client = fixture::client();
        let mut request = fixture::request();
        request.acr_values = vec!["aal2-face".into()];
        let basis = fixture::basis(&request, &client);
        let secrets = Secrets::draw(fixture::NOW, &Counting::default());
        let Rows { grant, code: Some(code), access: None } = issue(&basis, &secrets, fixture::NOW) else {
            panic!("a code and nothing else")
        };
        assert_eq!(secrets.code().len(), 43);
        assert_eq!(code.hash, Hash::of(secrets.code()));
        assert_eq!(code.expires_at.since(fixture::NOW), Duration::from_secs(60));
        assert_eq!(code.grant, grant.id);
        assert_eq!(grant.claims.acr().unwrap().texts().collect::<Vec<_>>(), ["aal2-face"]);
        assert!(grant.auth_time_asked);
        assert_eq!(grant.auth_time, basis.sign_in.auth_time);
    }

    #[test]
    fn cap_49_auth_time_is_given_where_it_was_asked_for() {
        let plain = fixture::request();
        let mut with_max_age = plain.clone();
        with_max_age.max_age = Some(10_000);
        let mut as_claim = plain.clone();
        as_claim.claims.id_token.insert("auth_time".into(), None);
        let mut always = fixture::client();
        always.metadata.require_auth_time = true;
        let client = fixture::client();
        for (request, client, given) in [
            (&plain, &client, false),
            (&with_max_age, &client, true),
            (&as_claim, &client, true),
            (&plain, &always, true),
        ] {
            let secrets = Secrets::draw(fixture::NOW, &Counting::default());
            assert_eq!(issue(&fixture::basis(request, client), &secrets, fixture::NOW).grant.auth_time_asked, given);
        }
    }

    #[test]
    fn cap_49_each_response_type_gives_what_it_names_and_a_token_in_the_browser_is_short_and_marked() {
        let client = fixture::client();
        for response_type in ResponseType::ALL {
            let mut request = fixture::request();
            request.response_type = response_type;
            let secrets = Secrets::draw(fixture::NOW, &Counting::default());
            let rows = issue(&fixture::basis(&request, &client), &secrets, fixture::NOW);
            assert_eq!(rows.code.is_some(), response_type.code(), "{response_type:?}");
            assert_eq!(rows.access.is_some(), response_type.token(), "{response_type:?}");
            if let Some(access) = rows.access {
                assert!(access.front_channel && access.channel() == Channel::Front);
                assert_eq!(access.expires_at.since(fixture::NOW), Duration::from_secs(300));
                assert_eq!((access.hash, access.grant), (Hash::of(secrets.access()), Some(rows.grant.id)));
            }
        }
    }
}
