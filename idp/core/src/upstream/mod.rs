//! PASS as a relying party of the national service (デジタル認証アプリ), for people who have a phone and no card reader.
//!
//! OpenID Connect Core 3.1 (code flow), Discovery 4, PKCE with S256 (RFC 7636), `private_key_jwt` (RFC 7523, Core 9), the `iss`
//! of RFC 9207 where it is sent. Built on the crate `openidconnect`; what it leaves open is checked here: `azp`, `iat`, the
//! algorithm, `at_hash`, the `acr`, and the subject of userinfo. Everything is asked through the port `Outgoing`.
//! Left out: refresh, signed userinfo, and the service's signing API.
//!
//! Read in this order: `known` (discovery and keys), `authorization` (the way there), `callback` (what comes back),
//! `exchange` (code to tokens), `id_token`, `userinfo`, `attributes`.

mod attributes;
mod authorization;
mod callback;
mod exchange;
mod id_token;
mod known;
mod refusal;
mod registration;
mod secrets;
mod userinfo;

pub use authorization::authorization_url;
pub use callback::{Callback, Returned};
pub use exchange::{Tokens, exchange};
pub use id_token::{Told, read as read_id_token};
pub use known::{Known, discover, reload_keys};
pub use refusal::Refusal;
pub use registration::Registration;
pub use secrets::Secrets;
pub use userinfo::read as read_userinfo;

use crate::Time;

/// A point in time as `openidconnect` wants it, whose type it does not export.
fn moment<T: serde::de::DeserializeOwned>(time: Time) -> T {
    serde_json::from_value(time.iso().into()).expect("an RFC 3339 text of ours is a time")
}

#[cfg(test)]
mod tests;
