//! Token introspection (RFC 7662): a client asks about its own tokens, one with the flag `introspection` about those of its
//! facility as well, and about JWTs of programs, which speak of nobody.
//! For everybody else, and for whatever is not alive, the answer is `active: false` alone (2.2).

use super::access_token::ClientJwt;
use crate::Time;
use crate::domain::client::Client;
use crate::domain::grant::{AccessToken, Grant, RefreshToken};
use serde_json::{Map, Value};

/// What a presented token turned out to be.
#[derive(Clone, Copy)]
pub enum Found<'a> {
    /// An access token of a person's grant.
    Access(&'a AccessToken, Behind<'a>),
    /// A refresh token.
    Refresh(&'a RefreshToken, Behind<'a>),
    /// A client's own JWT that the replay table has not revoked.
    Client(&'a ClientJwt),
    /// None of these.
    Nothing,
}

/// What is behind a person's token.
#[derive(Clone, Copy)]
pub struct Behind<'a> {
    /// The grant.
    pub grant: &'a Grant,
    /// Whose token it is.
    pub client: &'a Client,
    /// The pairwise `sub` at that client.
    pub subject: &'a str,
    /// The consent was withdrawn.
    pub withdrawn: bool,
}

/// The answer (RFC 7662 2.2).
pub fn answer(asker: &Client, found: Found<'_>, issuer: &str, now: Time) -> Map<String, Value> {
    let mut answer = Map::new();
    let alive = alive(asker, found, now);
    answer.insert("active".into(), alive.is_some().into());
    if let Some(members) = alive {
        answer.insert("iss".into(), issuer.into());
        answer.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    answer
}

type Members = Vec<(&'static str, Value)>;

fn alive(asker: &Client, found: Found<'_>, now: Time) -> Option<Members> {
    match found {
        Found::Nothing => None,
        Found::Client(token) => {
            let own = asker.client_id == token.client_id || asker.flags.introspection;
            let mut members = lifetime(token.issued_at, token.expires_at, now).filter(|_| own)?;
            members.push(("client_id", token.client_id.as_str().into()));
            members.push(("sub", token.client_id.as_str().into()));
            Some(scoped(members, &token.scopes, true))
        }
        Found::Access(token, behind) => {
            let members = lifetime(token.issued_at, token.expires_at, now).filter(|_| token.revoked_at.is_none())?;
            Some(scoped(behind.told(asker, members)?, &token.scopes, true))
        }
        Found::Refresh(token, behind) => {
            let members = lifetime(token.issued_at, token.expires_at, now).filter(|_| token.used_at.is_none())?;
            Some(scoped(behind.told(asker, members)?, &behind.grant.scopes, false))
        }
    }
}

fn lifetime(issued_at: Time, expires_at: Time, now: Time) -> Option<Members> {
    (now < expires_at).then(|| vec![("iat", issued_at.seconds().into()), ("exp", expires_at.seconds().into())])
}

fn scoped(mut members: Members, scopes: &[String], bearer: bool) -> Members {
    members.push(("scope", scopes.join(" ").into()));
    members.extend(bearer.then(|| ("token_type", "Bearer".into())));
    members
}

impl Behind<'_> {
    fn told(&self, asker: &Client, mut members: Members) -> Option<Members> {
        // What a person does at another facility is not its business, whatever its flag says.
        let neighbour = asker.flags.introspection && asker.facility == self.client.facility;
        let may_ask = asker.id == self.client.id || neighbour;
        let dead = self.grant.revoked_at.is_some() || self.withdrawn || self.client.disabled_at.is_some();
        if !may_ask || dead {
            return None;
        }
        members.push(("client_id", self.client.client_id.as_str().into()));
        members.push(("sub", self.subject.into()));
        // RFC 9470 6.2
        members.push(("acr", self.grant.acr.as_str().into()));
        if self.grant.auth_time_asked {
            members.push(("auth_time", self.grant.auth_time.seconds().into()));
        }
        Some(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::fixture::{self, ISSUER, NOW, seconds};
    use crate::secret::Hash;

    fn access(client: &Client) -> AccessToken {
        AccessToken {
            hash: Hash::of("t"),
            grant: Some(fixture::grant().id),
            client: client.id,
            scopes: vec!["openid".into()],
            front_channel: false,
            issued_at: NOW,
            expires_at: NOW + seconds(60),
            revoked_at: None,
        }
    }

    #[test]
    fn cap_49_only_the_owner_and_flagged_clients_learn_anything() {
        let (owner, grant, token) = (fixture::client(), fixture::grant(), access(&fixture::client()));
        let behind = Behind { grant: &grant, client: &owner, subject: "sub", withdrawn: false };
        let found = Found::Access(&token, behind);
        let mut flagged = fixture::other_client();
        flagged.flags.introspection = true;
        flagged.facility = owner.facility;
        let mut elsewhere = flagged.clone();
        elsewhere.facility = crate::id::FacilityId([0xee; 16]);
        let others = [(&flagged, true), (&elsewhere, false), (&fixture::other_client(), false)];
        for (asker, active) in [(&owner, true)].into_iter().chain(others) {
            let answer = answer(asker, found, ISSUER, NOW);
            assert_eq!(answer["active"], active);
            // RFC 7662 2.2: nothing else about a token that is not active.
            assert_eq!(answer.len() > 1, active);
        }
        let told = answer(&owner, found, ISSUER, NOW);
        assert_eq!(
            (&told["sub"], &told["client_id"], &told["scope"]),
            (&"sub".into(), &"library".into(), &"openid".into())
        );
        assert_eq!(told["exp"], NOW.seconds() + 60);
    }

    #[test]
    fn cap_49_whatever_is_dead_is_inactive() {
        let (owner, grant) = (fixture::client(), fixture::grant());
        let behind = Behind { grant: &grant, client: &owner, subject: "sub", withdrawn: false };
        let token = access(&owner);
        let revoked_token = AccessToken { revoked_at: Some(NOW), ..token.clone() };
        let mut revoked_grant = grant.clone();
        revoked_grant.revoked_at = Some(NOW);
        let rows = [
            (Found::Nothing, NOW),
            (Found::Access(&token, behind), NOW + seconds(60)),
            (Found::Access(&revoked_token, behind), NOW),
            (Found::Access(&token, Behind { grant: &revoked_grant, ..behind }), NOW),
            (Found::Access(&token, Behind { withdrawn: true, ..behind }), NOW),
        ];
        for (found, now) in rows {
            assert_eq!(Value::Object(answer(&owner, found, ISSUER, now)), serde_json::json!({"active": false}));
        }
    }
}
