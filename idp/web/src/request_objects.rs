//! Request objects by reference (RFC 9101 5.2): fetched on behalf of whoever opens an address, so counted and kept for a moment.
//!
//! What was had, or not had, is the answer for five seconds, for everybody: a burst of requests is one fetch. OpenID Connect
//! Core 6.2.1 lets a server keep what it fetched while the whole URI, fragment included, stays the same. Fetches are counted for
//! each client and for each address they were caused from.

use crate::app::App;
use crate::limits::Attempt;
use crate::visit::Visit;
use pass_core::domain::client::Client;
use pass_core::oidc::request_object::MAX_OBJECT;
use pass_core::{Fault, Time};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const KEPT: Duration = Duration::from_secs(5);
/// Objects kept at once.
const MOST: usize = 1_000;

/// What was fetched lately, by the whole `request_uri`.
#[derive(Default)]
pub struct RequestObjects(Mutex<HashMap<String, Fetched>>);

#[derive(Clone)]
struct Fetched {
    object: Result<String, String>,
    at: Time,
}

/// Why there is no object.
pub enum Unfetched {
    /// Too many fetches for this client or from this address.
    TooMany,
    /// It could not be had.
    Failed(String),
}

/// The object behind a registered `request_uri`; `address` is the same without its fragment.
pub async fn object(app: &App, client: &Client, uri: &str, address: &str, visit: &Visit) -> Result<String, Unfetched> {
    let kept = app.request_objects.find(uri, visit.now);
    let object = match kept {
        Some(object) => object,
        None => {
            if !app.limits.allow(Attempt::Reference, visit.from) || !app.limits.allow_reference(client.id) {
                return Err(Unfetched::TooMany);
            }
            let fetched = app.outgoing.get_text(address).await.and_then(short);
            let object = fetched.map_err(|fault| fault.to_string());
            app.request_objects.put(uri, Fetched { object: object.clone(), at: visit.now });
            object
        }
    };
    object.map_err(Unfetched::Failed)
}

fn short(object: String) -> Result<String, Fault> {
    let object = object.trim();
    if object.len() > MAX_OBJECT {
        return Err(Fault::new("a request object is too large"));
    }
    Ok(object.to_owned())
}

impl RequestObjects {
    fn find(&self, uri: &str, now: Time) -> Option<Result<String, String>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(uri).filter(|kept| now < kept.at + KEPT).map(|kept| kept.object.clone())
    }

    fn put(&self, uri: &str, fetched: Fetched) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            let now = fetched.at;
            all.retain(|_, kept| now < kept.at + KEPT);
        }
        if all.len() < MOST {
            all.insert(uri.to_owned(), fetched);
        }
    }

    /// Forgets what is no longer the answer; called by a job.
    pub fn sweep(&self, now: Time) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, kept| now < kept.at + KEPT);
        all.shrink_to_fit();
    }
}
