//! The demo's stand-in for the national service (デジタル認証アプリ), at an address of its own and labelled as such on each page.
//!
//! It is as strict as what is published of the real one: code flow only; `state`, `nonce` and PKCE S256 required; clients
//! registered with their public key and checked by `private_key_jwt`; `redirect_uri` exact; a code is used once, within a
//! minute; subjects are pairwise; each attribute has its own scope; ES256. What is not published is chosen here: attributes are
//! plain strings, the birth date is `YYYYMMDD`, sex is `1` or `2`, and `acr` repeats the words that were asked for.
//! Left out: refresh, signing transactions, sessions. Everything it knows dies with the process.

mod authorize;
mod bend;
mod pages;
mod state;
mod token;
mod userinfo;

pub use authorize::{Answered, Authorized, Stopped};
pub use bend::Bend;
pub use pages::{Site, routes};

use pass_core::oidc::es256::SigningKey;
use pass_core::ports::{HttpRequest, HttpResponse};
use pass_core::seal::Key;
use pass_core::secret::base64url;
use pass_core::{Entropy, Fault, Time};
use serde_json::{Map, Value, json};
use state::State;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Below the origin, as at the real one.
const REALM: &str = "/api/realms/main";

/// Scopes beside `openid`: each is the attribute of its name.
pub const ATTRIBUTES: [&str; 4] = ["name", "address", "birthdate", "gender"];

/// A relying party, as it is registered.
#[derive(Clone)]
pub struct Client {
    /// Its name.
    pub client_id: String,
    /// The one address it may be sent back to.
    pub redirect_uri: String,
    /// Its public key.
    pub key: Map<String, Value>,
}

/// A sample card.
#[derive(Clone)]
pub struct Card {
    /// Its name.
    pub name: String,
    /// A line about it.
    pub what: String,
    /// Its 4-digit PIN.
    pub pin: String,
    /// Name, address, birth date (`YYYYMMDD`) and sex (`1`, `2`), as its text application holds them.
    pub four: [String; 4],
}

/// The stand-in.
pub struct Counterpart {
    origin: String,
    client: Client,
    cards: Vec<Card>,
    /// Makes subjects, so that they outlive the process.
    subjects: Key,
    key: Mutex<Arc<SigningKey>>,
    state: Mutex<State>,
    bend: Mutex<Bend>,
}

impl Counterpart {
    /// At this origin, for this client, with these cards.
    pub fn new(origin: &str, client: Client, cards: Vec<Card>, subjects: Key) -> Result<Self, Fault> {
        Ok(Self {
            origin: origin.into(),
            client,
            cards,
            subjects,
            key: Mutex::new(new_key()?),
            state: Mutex::default(),
            bend: Mutex::default(),
        })
    }

    /// The issuer identifier of the stand-in at an origin.
    pub fn issuer_at(origin: &str) -> String {
        format!("{origin}{REALM}")
    }

    /// Signs with a new key from now on; the old one is published no longer.
    pub fn rotate(&self) -> Result<(), Fault> {
        *lock(&self.key) = new_key()?;
        Ok(())
    }

    /// Does something wrong from now on, for tests of who relies on it.
    pub fn bend(&self, bend: Bend) {
        *lock(&self.bend) = bend;
    }

    /// What programs ask: discovery, keys, tokens, userinfo.
    pub fn answer(&self, request: &HttpRequest, now: Time, entropy: &dyn Entropy) -> Result<HttpResponse, Fault> {
        if lock(&self.bend).down {
            return Err(Fault::new("the stand-in is down"));
        }
        let path = request.uri().path();
        let (status, body) = match (request.method().as_str(), path.strip_prefix(REALM).unwrap_or_default()) {
            ("GET", "/.well-known/openid-configuration") => (200, self.discovery()),
            ("GET", "/protocol/openid-connect/certs") => (200, lock(&self.key).public_set()),
            ("POST", "/protocol/openid-connect/token") => token::answer(self, request, now, entropy)?,
            ("GET", "/protocol/openid-connect/userinfo") => userinfo::answer(self, request, now),
            _ => (404, json!({ "error": "not_found" })),
        };
        let mut answer = HttpResponse::new(body.to_string().into_bytes());
        *answer.status_mut() = status.try_into().map_err(|cause| Fault::because("answer", cause))?;
        for (name, value) in [("content-type", "application/json"), ("cache-control", "no-store")] {
            answer.headers_mut().insert(name, value.parse().map_err(|cause| Fault::because("answer", cause))?);
        }
        Ok(answer)
    }

    fn issuer(&self) -> String {
        Self::issuer_at(&self.origin)
    }

    fn at(&self, endpoint: &str) -> String {
        format!("{}/protocol/openid-connect/{endpoint}", self.issuer())
    }

    fn discovery(&self) -> Value {
        let scopes: Vec<&str> = std::iter::once("openid").chain(ATTRIBUTES).collect();
        json!({
            "issuer": self.issuer(),
            "authorization_endpoint": self.at("auth"),
            "token_endpoint": self.at("token"),
            "userinfo_endpoint": self.at("userinfo"),
            "jwks_uri": self.at("certs"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": scopes,
            "claims_supported": ["sub", "name", "address", "birthdate", "gender"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn card(&self, name: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.name == name)
    }

    /// OpenID Connect Core 8.1: another one for each client.
    fn subject(&self, card: &str) -> String {
        base64url(&self.subjects.mac(&[self.client.client_id.as_bytes(), card.as_bytes()]).0)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn new_key() -> Result<Arc<SigningKey>, Fault> {
    SigningKey::from_pem(SigningKey::generate()?.as_bytes(), None).map(Arc::new)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
