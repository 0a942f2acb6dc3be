//! Token introspection (RFC 7662): a client asks about its own tokens, one with the flag `introspection` about all.
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
    alive(asker, found, now).unwrap_or_default().into_answer(issuer)
}

#[derive(Default)]
struct Alive {
    members: Map<String, Value>,
}

impl Alive {
    fn into_answer(self, issuer: &str) -> Map<String, Value> {
        let mut answer = self.members;
        let active = !answer.is_empty();
        answer.insert("active".into(), active.into());
        if active {
            answer.insert("iss".into(), issuer.into());
        }
        answer
    }
}

fn alive(asker: &Client, found: Found<'_>, now: Time) -> Option<Alive> {
    let members: Vec<(&str, Value)> = match found {
        Found::Nothing => return None,
        Found::Client(token) => {
            let own = asker.client_id == token.client_id || asker.flags.introspection;
            (own && now < token.expires_at).then(|| {
                vec![
                    ("client_id", token.client_id.as_str().into()),
                    ("sub", token.client_id.as_str().into()),
                    ("scope", token.scopes.join(" ").into()),
                    ("iat", token.issued_at.seconds().into()),
                    ("exp", token.expires_at.seconds().into()),
                    ("token_type", "Bearer".into()),
                ]
            })?
        }
        Found::Access(token, behind) => {
            let mut members = behind.members(asker, token.expires_at > now && token.revoked_at.is_none())?;
            members.push(("scope", token.scopes.join(" ").into()));
            members.push(("iat", token.issued_at.seconds().into()));
            members.push(("exp", token.expires_at.seconds().into()));
            members.push(("token_type", "Bearer".into()));
            members
        }
        Found::Refresh(token, behind) => {
            let mut members = behind.members(asker, token.used_at.is_none() && now < token.expires_at)?;
            members.push(("scope", behind.grant.scopes.join(" ").into()));
            members.push(("iat", token.issued_at.seconds().into()));
            members.push(("exp", token.expires_at.seconds().into()));
            members
        }
    };
    Some(Alive { members: members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() })
}

impl Behind<'_> {
    fn members(&self, asker: &Client, token_lives: bool) -> Option<Vec<(&'static str, Value)>> {
        let may_ask = asker.id == self.client.id || asker.flags.introspection;
        if !may_ask || !token_lives || self.grant.revoked_at.is_some() || self.withdrawn {
            return None;
        }
        let mut members: Vec<(&'static str, Value)> = vec![
            ("client_id", self.client.client_id.as_str().into()),
            ("sub", self.subject.into()),
            // RFC 9470 6.2
            ("acr", self.grant.acr.as_str().into()),
        ];
        if self.grant.auth_time_asked {
            members.push(("auth_time", self.grant.auth_time.seconds().into()));
        }
        Some(members)
    }
}
