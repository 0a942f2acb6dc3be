//! The ID token (OpenID Connect Core 2, 3.1.3.6, 3.2.2.10, 3.3.2.11, 5.5.1.1, 12.2).
//!
//! Claims about the person go to userinfo; only those that the claims parameter asks for in the ID token stand here.
//! `auth_time` is the time of the sign-in that the grant keeps, given where it was asked for: it would be the same at two
//! facilities. `sid` stands in it only for clients that are told when a session ends (Back-Channel Logout 2.1).
//! Encryption comes after it (`client_keys::encrypt`).

use super::interaction;
use super::keys::KeyRing;
use crate::Time;
use crate::authn::acr::Acr;
use crate::domain::client::Client;
use crate::domain::grant::Grant;
use crate::fault::Outcome;
use crate::secret::base64url;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// `typ` of its header: what tells it from an access token.
pub const TYP: &str = "JWT";

/// How long it is valid. Relying parties read it once.
const LIFE: Duration = Duration::from_secs(600);

/// What an ID token is made of.
#[derive(Clone, Copy)]
pub struct IdToken<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// For whom.
    pub client: &'a Client,
    /// The pairwise `sub`.
    pub subject: &'a str,
    /// The `sid` of the grant's session in the client's sector.
    pub sid: &'a str,
    /// The grant: its sign-in, and what was asked.
    pub grant: &'a Grant,
    /// Of the request; none on a refresh (12.2).
    pub nonce: Option<&'a str>,
    /// The access token that goes with it, if one does.
    pub access_token: Option<&'a str>,
    /// The code that goes with it, if one does.
    pub code: Option<&'a str>,
    /// Claims asked for in the ID token, as released.
    pub claims: &'a Map<String, Value>,
    /// Now.
    pub now: Time,
}

/// Signs it with the algorithm the client registered.
pub fn sign(token: &IdToken<'_>, keys: &KeyRing) -> Outcome<String> {
    keys.sign(token.client.metadata.id_token_signed_response_alg, TYP, &claims(token))
}

/// Its claims.
pub fn claims(token: &IdToken<'_>) -> Map<String, Value> {
    let mut claims = token.claims.clone();
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("iss", token.issuer.into());
    set("sub", token.subject.into());
    set("aud", token.client.client_id.as_str().into());
    set("iat", token.now.seconds().into());
    set("exp", (token.now + LIFE).seconds().into());
    set("acr", acr(token.grant).into());
    set("amr", token.grant.amr.clone().into());
    if let Some(access_token) = token.access_token {
        set("at_hash", left_half(access_token).into());
    }
    if let Some(code) = token.code {
        set("c_hash", left_half(code).into());
    }
    if token.grant.auth_time_asked {
        set("auth_time", token.grant.auth_time.seconds().into());
    }
    if told_of_ends(token.client) {
        set("sid", token.sid.into());
    }
    if let Some(nonce) = token.nonce {
        set("nonce", nonce.into());
    }
    claims
}

/// Whether the client hears of the end of a session by its `sid` (Back-Channel Logout 2.1, Front-Channel Logout 3).
fn told_of_ends(client: &Client) -> bool {
    let front = client.flags.frontchannel_logout && client.metadata.frontchannel_logout_session_required;
    client.metadata.backchannel_logout_uri.is_some() || front
}

/// Of the values asked for, the first that the sign-in satisfies; otherwise what it reached (5.5.1.1).
fn acr(grant: &Grant) -> &str {
    let asked: Vec<&str> = grant.claims.acr().into_iter().flat_map(|acr| acr.texts()).collect();
    interaction::met(&asked, &held(grant)).unwrap_or_else(|| grant.acr.as_str())
}

/// Every value that the grant's sign-in satisfies.
fn held(grant: &Grant) -> Vec<&'static str> {
    let classes = Acr::ALL.into_iter().filter(|class| grant.acr.satisfies(*class)).map(Acr::as_str);
    // EAP ACR Values 1.0: passkeys and cards resist phishing.
    let phr = grant.amr.iter().any(|method| matches!(method.as_str(), "hwk" | "swk" | "sc"));
    let phrh = grant.amr.iter().any(|method| matches!(method.as_str(), "hwk" | "sc"));
    classes.chain(phr.then_some("phr")).chain(phrh.then_some("phrh")).collect()
}

/// The left half of the hash of an access token or a code (3.1.3.6, 3.3.2.11). All our algorithms hash with SHA-256.
fn left_half(text: &str) -> String {
    base64url(&Sha256::digest(text.as_bytes())[..16])
}
