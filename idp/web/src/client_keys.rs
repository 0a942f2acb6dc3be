//! Public keys of clients: from their registration, or fetched from their `jwks_uri` and kept for a while in memory.
//!
//! A token that no kept key verifies, or a kept set without a key to encrypt to, makes PASS ask again at once, so that a client may rotate its keys whenever it likes; but
//! once they are known, not more often than every five seconds for one client, so that bad tokens do not become a load on its server.

use crate::app::App;
use crate::client_errors::note;
use pass_core::Time;
use pass_core::domain::client::{Client, Encryption};
use pass_core::domain::client_error::Endpoint;
use pass_core::id::ClientId;
use pass_core::oidc::client_keys::{can_encrypt, knows};
use pass_core::oidc::registration::check_keys;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const KEPT: Duration = Duration::from_secs(300);
const PATIENCE: Duration = Duration::from_secs(5);
/// Clients with keys by address that are kept at once.
const MOST: usize = 10_000;

/// What was fetched.
#[derive(Default)]
pub struct ClientKeys(Mutex<HashMap<ClientId, Fetched>>);

#[derive(Clone)]
struct Fetched {
    uri: String,
    keys: Option<Arc<Value>>,
    at: Time,
    fault: Option<String>,
}

/// What was fetched last, for whoever looks.
pub struct Seen {
    /// The set that is used.
    pub keys: Option<Arc<Value>>,
    /// When it was asked for last.
    pub at: Time,
    /// Why that brought nothing.
    pub fault: Option<String>,
}

/// What keys are for: whether those at hand will do.
#[derive(Clone, Copy)]
pub enum Need<'a> {
    /// This token is to be verified.
    Verify(&'a str),
    /// An answer is to be encrypted.
    Encrypt(Encryption),
}

impl Need<'_> {
    fn is_served(self, keys: &Value) -> bool {
        match self {
            Self::Verify(token) => knows(token, keys),
            Self::Encrypt(encryption) => can_encrypt(encryption, Some(keys)),
        }
    }
}

/// The keys of a client, as far as they are known.
pub async fn keys_of(app: &App, client: &Client, need: Need<'_>) -> Option<Arc<Value>> {
    if let Some(keys) = &client.metadata.jwks {
        return Some(Arc::new(keys.clone()));
    }
    let uri = client.metadata.jwks_uri.as_ref()?;
    let now = app.now();
    let kept = app.client_keys.find(client.id).filter(|kept| kept.uri == *uri);
    if let Some(kept) = &kept {
        let serves = kept.keys.as_ref().is_some_and(|keys| need.is_served(keys));
        if (serves && now < kept.at + KEPT) || now < kept.at + PATIENCE {
            return kept.keys.clone();
        }
        // Who comes while we ask does with the keys at hand.
        app.client_keys.put(client.id, Fetched { at: now, ..kept.clone() });
    }
    let fetched = app.outgoing.get_json(uri).await.and_then(|keys| match check_keys(&keys) {
        Ok(()) => Ok(Arc::new(keys)),
        Err(why) => Err(pass_core::Fault::new(format!("the JWK set {why}"))),
    });
    let (keys, fault) = match fetched {
        Ok(keys) => (Some(keys), None),
        Err(fault) => {
            let description = "The keys at the jwks_uri could not be read.";
            let reference = note(app, client, Endpoint::JwksUri, "jwks_uri_unreadable", description);
            tracing::warn!(%fault, client_id = client.client_id, reference, "fetch a client's keys");
            // A server that does not answer takes nothing from a client: the keys known last stay.
            (kept.and_then(|kept| kept.keys), Some(fault.to_string()))
        }
    };
    app.client_keys.put(client.id, Fetched { uri: uri.clone(), keys: keys.clone(), at: now, fault });
    keys
}

impl ClientKeys {
    /// What this node fetched last from the address that is registered now.
    pub fn seen(&self, client: &Client) -> Option<Seen> {
        let uri = client.metadata.jwks_uri.as_ref()?;
        let kept = self.find(client.id).filter(|kept| kept.uri == *uri)?;
        Some(Seen { keys: kept.keys, at: kept.at, fault: kept.fault })
    }

    fn find(&self, client: ClientId) -> Option<Fetched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&client).cloned()
    }

    fn put(&self, client: ClientId, fetched: Fetched) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(client, fetched);
    }
}
