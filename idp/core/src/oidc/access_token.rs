//! Access tokens: opaque, or JWTs (RFC 9068) by client flag and for client_credentials; and reading those presented.
//!
//! Audience of every JWT is the issuer: RFC 8707 `resource` is left out.

use super::keys::KeyRing;
use crate::Time;
use crate::domain::client::SigningAlg;
use crate::domain::grant::Grant;
use crate::fault::Outcome;
use crate::oidc::jwt;
use crate::secret::Hash;
use serde_json::{Map, Value};

/// RFC 9068 2.1
const TYP: &str = "at+jwt";

/// A JWT about a person's grant.
#[derive(Clone, Copy)]
pub(super) struct UserToken<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) subject: &'a str,
    pub(super) grant: &'a Grant,
    pub(super) scopes: &'a [String],
    pub(super) jti: &'a str,
    pub(super) issued_at: Time,
    pub(super) expires_at: Time,
}

/// A JWT about a client itself.
#[derive(Clone, Copy)]
pub(super) struct ClientToken<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) scopes: &'a [String],
    pub(super) jti: &'a str,
    pub(super) issued_at: Time,
    pub(super) expires_at: Time,
}

/// A presented access token, as far as it can be told without rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// Look its row up by this hash (of an opaque token, or of the `jti` of a JWT).
    Row(Hash),
    /// A valid JWT of client_credentials: it has no row; the replay table knows whether it was revoked.
    Client(ClientJwt),
}

/// A client's own JWT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientJwt {
    /// Hash of its `jti`: the key under which the replay table revokes it.
    pub jti: Hash,
    /// Whose.
    pub client_id: String,
    /// Scopes, sorted.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub issued_at: Time,
    /// When it ends.
    pub expires_at: Time,
}

/// Reads a presented token. Nothing: it is a JWT and not a valid one of ours.
pub fn read(token: &str, issuer: &str, keys: &KeyRing, now: Time) -> Option<Presented> {
    if !token.contains('.') {
        return Some(Presented::Row(Hash::of(token)));
    }
    let verified = keys.verify(token).filter(|verified| verified.typ.as_deref() == Some(TYP))?;
    let text = |name: &str| verified.claims.get(name)?.as_str();
    let expires_at = jwt::numeric_date(&verified.claims, "exp")?;
    // RFC 9068 4
    if text("iss")? != issuer || text("aud")? != issuer || now >= expires_at {
        return None;
    }
    let jti = Hash::of(text("jti")?);
    let client_id = text("client_id")?;
    // RFC 9068 2.2: for client_credentials the subject is the client.
    if text("sub")? != client_id {
        return Some(Presented::Row(jti));
    }
    Some(Presented::Client(ClientJwt {
        jti,
        client_id: client_id.to_owned(),
        scopes: text("scope")?.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        issued_at: jwt::numeric_date(&verified.claims, "iat")?,
        expires_at,
    }))
}

pub(super) fn user_claims(token: &UserToken<'_>) -> Map<String, Value> {
    let own = ClientToken {
        issuer: token.issuer,
        client_id: token.client_id,
        scopes: token.scopes,
        jti: token.jti,
        issued_at: token.issued_at,
        expires_at: token.expires_at,
    };
    let mut claims = client_claims(&own);
    claims.insert("sub".into(), token.subject.into());
    // RFC 9068 2.2.1
    claims.insert("acr".into(), token.grant.acr.as_str().into());
    claims.insert("amr".into(), token.grant.amr.clone().into());
    claims
}

pub(super) fn client_claims(token: &ClientToken<'_>) -> Map<String, Value> {
    let members: [(&str, Value); 8] = [
        ("iss", token.issuer.into()),
        ("aud", token.issuer.into()),
        ("sub", token.client_id.into()),
        ("client_id", token.client_id.into()),
        ("scope", token.scopes.join(" ").into()),
        ("jti", token.jti.into()),
        ("iat", token.issued_at.seconds().into()),
        ("exp", token.expires_at.seconds().into()),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Signs with the default algorithm: the reader is a resource server of ours, not the client.
pub(super) fn sign(claims: &Map<String, Value>, keys: &KeyRing) -> Outcome<String> {
    keys.sign(SigningAlg::ES256, TYP, claims)
}
