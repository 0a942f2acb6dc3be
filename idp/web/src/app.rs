//! What every handler shares: settings, stores, keys, ports, and the read-mostly copy of clients and keys.

use crate::directory::{Directory, DirectoryCell};
use pass_core::authn::session::Lifetimes;
use pass_core::claims::verified::EvidenceRelease;
use pass_core::oidc::logout_token::Names;
use pass_core::ports::{FaceMatcher, Outgoing, Revocation};
use pass_core::seal::{Key, Purpose, WrappingSecret};
use pass_core::{Clock, Entropy, Fault, Time};
use pass_store::Store;
use std::sync::Arc;
use std::time::Duration;

/// The application.
pub struct App {
    /// What the operator set.
    pub settings: Settings,
    /// Both stores.
    pub store: Store,
    /// Clients, facilities, ceilings, signing keys, discovery.
    pub directory: DirectoryCell,
    /// Keys derived from the wrapping secret.
    pub keys: Keys,
    /// The wall clock; handlers read it once.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Face comparison.
    pub faces: Arc<dyn FaceMatcher>,
    /// Revocation lists.
    pub revocation: Arc<dyn Revocation>,
    /// HTTP to relying parties.
    pub outgoing: Arc<dyn Outgoing>,
    /// The national service, where the city is registered there.
    pub upstream: Option<crate::upstream::Upstream>,
    /// Roots of My Number Card certificates.
    pub anchors: pass_core::jpki::Anchors,
    /// Roots of the records of the card's text application.
    pub text_anchors: pass_core::jpki::TextAnchors,
    /// Wakes the job that sends mail and notices.
    pub outbox: tokio::sync::Notify,
    /// Keys of clients that give an address for them.
    pub client_keys: crate::client_keys::ClientKeys,
    /// Request objects fetched a moment ago.
    pub request_objects: crate::request_objects::RequestObjects,
    /// Faces that receptions look for, in memory.
    pub galleries: crate::face::Galleries,
    /// Attempts counted in memory.
    pub limits: crate::limits::Limits,
}

/// What the operator set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The issuer identifier.
    pub issuer: String,
    /// The city's name.
    pub city: String,
    /// Cookies are `Secure` and `__Host-`: the issuer is https.
    pub https: bool,
    /// Demo on loopback.
    pub demo: bool,
    /// Where the card agent answers on the resident's machine.
    pub agent_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Life of a sign-in session, without use and in all.
    pub session: Lifetimes,
    /// Life of an interaction.
    pub interaction: Duration,
    /// Interactions that strangers of one network may begin in ten minutes; none: not counted (the demo on loopback).
    pub interactions_per_network: Option<usize>,
    /// How long faces are kept.
    pub face_terms: crate::face::term::Terms,
    /// What facilities learn about the certificate behind a proofing.
    pub evidence: EvidenceRelease,
    /// The national service is configured: people can be proofed by it.
    pub attested: bool,
}

impl Settings {
    /// The host people should see in the address line.
    pub fn host(&self) -> String {
        url::Url::parse(&self.issuer)
            .ok()
            .and_then(|url| {
                let host = url.host_str()?.to_string();
                Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
            })
            .unwrap_or_default()
    }
}

/// Keys derived once from the wrapping secret.
pub struct Keys {
    /// Seals signing keys.
    pub signing: Key,
    /// Wraps persons' keys.
    pub persons: Key,
    /// Blind index.
    pub index: Key,
    /// Pairwise subjects.
    pub pairwise: Key,
    /// The `sid` of sessions.
    pub session: Key,
    /// Form tokens.
    pub forms: Key,
    /// Outbox messages.
    pub outbox: Key,
    /// Links of the audit chain.
    pub audit: Key,
    /// Secrets of visits to the national service.
    pub upstream: Key,
    /// Rotations of faces at facilities.
    pub face: Key,
}

impl Keys {
    /// Derives all of them.
    pub fn derive(secret: &WrappingSecret) -> Self {
        Self {
            signing: secret.derive(Purpose::SigningKeys),
            persons: secret.derive(Purpose::PersonKeys),
            index: secret.derive(Purpose::BlindIndex),
            pairwise: secret.derive(Purpose::PairwiseSubject),
            session: secret.derive(Purpose::SessionId),
            forms: secret.derive(Purpose::Forms),
            outbox: secret.derive(Purpose::Outbox),
            audit: secret.derive(Purpose::AuditChain),
            upstream: secret.derive(Purpose::Upstream),
            face: secret.derive(Purpose::FaceCopies),
        }
    }

    /// The two that make what clients know people and sessions by.
    pub fn names(&self) -> Names {
        Names { pairwise: self.pairwise.clone(), session: self.session.clone() }
    }
}

impl App {
    /// Now.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// A fresh secret for a code, token or cookie.
    pub fn token(&self) -> String {
        pass_core::secret::token(&*self.entropy)
    }

    /// The current copy of clients and keys.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.current()
    }

    /// Reads clients, facilities, ceilings and keys again: after a change here, or when a change notice arrives.
    pub async fn reload(&self) -> Result<(), Fault> {
        self.directory.reload(&self.store, &self.settings, &self.keys.signing).await
    }
}
