//! The domain and the protocol of PASS, pure: no IO, no clock, no database, no web.
//!
//! `domain` holds the nouns, `claims` what PASS says about a person and to whom (`claims::release`),
//! `authn` how a person is recognised, `oidc` the protocol,
//! `upstream` PASS as a relying party of the national service. `oidc` and `authn` may use the domain;
//! the domain uses neither. What core must not do itself it asks for through `ports`.

pub mod authn;
pub mod claims;
pub mod domain;
pub mod fault;
pub mod id;
pub mod jwe;
pub mod oidc;
pub mod ports;
pub mod reception;
pub mod seal;
pub mod secret;
pub mod time;
pub mod upstream;

/// The card and face crates, whose types handlers carry from the store to a decision.
pub use {face, jpki};

pub use fault::Fault;
pub use ports::{Clock, Entropy};
pub use time::Time;
