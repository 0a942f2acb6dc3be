//! The logout token (OpenID Connect Back-Channel Logout 1.0, 2.4): what clients are told when a session ends or a consent is
//! withdrawn, and who is told.
//!
//! `sub` and `sid` are those of the client's ID tokens. The token is signed when it is delivered; its `jti` belongs to the notice.
//! Left out: encryption of the token (ID tokens are not encrypted either).

use super::keys::KeyRing;
use super::subject;
use crate::domain::client::Client;
use crate::domain::grant::Grant;
use crate::domain::outbox::LogoutNotice;
use crate::fault::Outcome;
use crate::id::{ClientId, PersonId};
use crate::seal::Key;
use crate::secret;
use crate::{Entropy, Time};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// `typ` of its header, so that it is taken for nothing else (2.4, 4).
pub const TYP: &str = "logout+jwt";

/// The one event it speaks of.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// 4: "preferably at most two minutes in the future".
const LIFE: Duration = Duration::from_secs(120);

/// What a logout token is made of.
#[derive(Clone, Copy)]
pub struct LogoutToken<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// For whom.
    pub client: &'a Client,
    /// What is said.
    pub notice: &'a LogoutNotice,
    /// Now, at this try.
    pub now: Time,
}

/// Signs it as the client's ID tokens are signed (2.6).
pub fn sign(token: &LogoutToken<'_>, keys: &KeyRing) -> Outcome<String> {
    keys.sign(token.client.metadata.id_token_signed_response_alg, TYP, &claims(token))
}

/// Its claims. 2.4: a `nonce` must not be among them.
pub fn claims(token: &LogoutToken<'_>) -> Map<String, Value> {
    let members: [(&str, Value); 7] = [
        ("iss", token.issuer.into()),
        ("sub", token.notice.sub.as_str().into()),
        ("aud", token.client.client_id.as_str().into()),
        ("iat", token.now.seconds().into()),
        ("exp", (token.now + LIFE).seconds().into()),
        ("jti", token.notice.jti.as_str().into()),
        ("events", json!({ EVENT: {} })),
    ];
    let sid = token.notice.sid.as_deref().map(|sid| ("sid", sid.into()));
    members.into_iter().chain(sid).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A client that may have to be told, with its sector.
#[derive(Clone, Copy)]
pub struct Addressee<'a> {
    /// The client.
    pub client: &'a Client,
    /// The sector of its facility.
    pub sector: &'a str,
}

/// Keys that make `sub` and `sid`.
#[derive(Clone)]
pub struct Names {
    /// For `Purpose::PairwiseSubject`.
    pub pairwise: Key,
    /// For `Purpose::SessionId`.
    pub session: Key,
}

impl Names {
    /// One notice for each client with a channel, each person and each session that these grants speak of.
    pub fn of_grants<'a>(
        &self,
        grants: &[Grant],
        addressee: impl Fn(ClientId) -> Option<Addressee<'a>>,
        entropy: &dyn Entropy,
    ) -> Vec<LogoutNotice> {
        let told: BTreeSet<_> = grants.iter().map(|grant| (grant.client, grant.person, grant.session)).collect();
        let notice = |(client, person, session)| {
            let to = addressee(client)?;
            let sid = Some(subject::sid(&self.session, to.sector, session));
            Some(LogoutNotice { sid, ..self.of_person(to, person, entropy)? })
        };
        told.into_iter().filter_map(notice).collect()
    }

    /// That all sessions of a person at a client are over (2.4: `sub` without `sid`). None: the client has no channel.
    pub fn of_person(&self, to: Addressee<'_>, person: PersonId, entropy: &dyn Entropy) -> Option<LogoutNotice> {
        to.client.metadata.backchannel_logout_uri.as_ref()?;
        let sub = subject::pairwise(&self.pairwise, to.sector, person);
        Some(LogoutNotice { client: to.client.id, sub, sid: None, jti: secret::token(entropy) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::SigningAlg;
    use crate::id::SessionId;
    use crate::oidc::fixture::{self, Counting, ISSUER, NOW, RING};
    use crate::oidc::id_token::{self, IdToken};
    use crate::oidc::{access_token, hint};
    use crate::seal::{Purpose, WrappingSecret};

    fn told() -> Client {
        let mut client = fixture::client();
        client.metadata.backchannel_logout_uri = Some("https://rp.example/out".into());
        client
    }

    fn names() -> Names {
        let secret = WrappingSecret::new([1; 32]);
        Names { pairwise: secret.derive(Purpose::PairwiseSubject), session: secret.derive(Purpose::SessionId) }
    }

    fn notices(grants: &[Grant]) -> Vec<LogoutNotice> {
        let (told, other) = (told(), fixture::other_client());
        let all = [Addressee { client: &told, sector: "library" }, Addressee { client: &other, sector: "kosodate" }];
        let find = |id| all.into_iter().find(|one| one.client.id == id);
        names().of_grants(grants, find, &Counting::default())
    }

    #[test]
    fn cap_49_a_logout_token_says_what_the_standard_asks_and_no_more() {
        for alg in SigningAlg::ALL {
            let mut client = told();
            client.metadata.id_token_signed_response_alg = alg;
            let notice = &notices(&[fixture::grant()])[0];
            let token = LogoutToken { issuer: ISSUER, client: &client, notice, now: NOW };
            let signed = sign(&token, &RING).unwrap();
            let read = RING.verify(&signed).unwrap();
            assert_eq!(read.typ.as_deref(), Some("logout+jwt"));
            let expected = json!({
                "iss": ISSUER, "sub": notice.sub, "aud": "library", "iat": NOW.seconds(), "exp": NOW.seconds() + 120,
                "jti": notice.jti, "sid": notice.sid, "events": { EVENT: {} }
            });
            assert_eq!(Value::Object(read.claims), expected);
            // It is neither a hint nor an access token, whatever it is presented as.
            assert_eq!(hint::read(&signed, ISSUER, &RING), None);
            assert!(!matches!(
                access_token::read(&signed, ISSUER, &RING, NOW),
                Some(access_token::Presented::Client(_))
            ));
        }
    }

    #[test]
    fn cap_49_a_notice_about_all_sessions_has_no_sid() {
        let (client, names) = (told(), names());
        let to = Addressee { client: &client, sector: "library" };
        let notice = names.of_person(to, fixture::grant().person, &Counting::default()).unwrap();
        let claims = claims(&LogoutToken { issuer: ISSUER, client: &client, notice: &notice, now: NOW });
        assert!(!claims.contains_key("sid") && claims["sub"] == notice.sub.as_str());
        let silent = Addressee { client: &fixture::client(), sector: "library" };
        assert_eq!(names.of_person(silent, fixture::grant().person, &Counting::default()), None);
    }

    #[test]
    fn cap_49_each_client_person_and_session_is_told_once() {
        let grant = fixture::grant();
        let later = Grant { id: crate::id::GrantId([6; 16]), ..grant.clone() };
        let child = Grant { person: PersonId([7; 16]), ..grant.clone() };
        let elsewhere = Grant { session: SessionId([8; 16]), ..grant.clone() };
        let silent = Grant { client: fixture::other_client().id, ..grant.clone() };
        let rows: [(&str, &[Grant], usize); 6] = [
            ("nothing", &[], 0),
            ("one", std::slice::from_ref(&grant), 1),
            ("two grants of one session", &[grant.clone(), later], 1),
            ("two people", &[grant.clone(), child], 2),
            ("two sessions", &[grant.clone(), elsewhere], 2),
            ("a client without a channel", &[grant.clone(), silent], 1),
        ];
        for (name, grants, expected) in rows {
            let found = notices(grants);
            assert_eq!(found.len(), expected, "{name}");
            assert_eq!(found.iter().map(|one| &one.jti).collect::<BTreeSet<_>>().len(), expected, "{name}");
        }
    }

    #[test]
    fn cap_49_sid_stands_in_id_tokens_of_clients_that_are_told_only() {
        let (grant, none) = (fixture::grant(), Map::new());
        for (client, expected) in [(told(), true), (fixture::client(), false)] {
            let token = IdToken {
                issuer: ISSUER,
                client: &client,
                subject: "me",
                sid: "the session",
                grant: &grant,
                nonce: None,
                access_token: Some("at"),
                code: None,
                claims: &none,
                now: NOW,
            };
            assert_eq!(id_token::claims(&token).get("sid").is_some_and(|sid| sid == "the session"), expected);
        }
    }
}
