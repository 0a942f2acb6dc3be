//! The only place of PASS that knows SQL: SQLite embedded, PostgreSQL when it grows.
//!
//! The store has two verbs, `read` and `write`; each takes a closure over a `Tx`. The modules are one for each noun;
//! their functions find, insert, take, close and purge, and speak core's types. Rows never leave this crate.

pub mod access_tokens;
pub mod accounts;
pub mod audit;
pub mod card_tickets;
pub mod card_turns;
pub mod ceilings;
pub mod ceremonies;
pub mod changes;
pub mod client_errors;
pub mod clients;
pub mod codes;
pub mod consents;
pub mod credentials;
pub mod declared_records;
pub mod face_attempts;
pub mod face_copies;
pub mod face_epochs;
pub mod face_templates;
pub mod facilities;
pub mod grants;
pub mod initial_access_tokens;
pub mod interactions;
pub mod leases;
pub mod mail_codes;
pub mod organisations;
pub mod outbox;
pub mod pairing_codes;
pub mod person_keys;
pub mod persons;
pub mod proofings;
pub mod reception_events;
pub mod refresh_tokens;
pub mod relations;
pub mod replays;
pub mod retention;
pub mod sealed_records;
pub mod sessions;
pub mod signing_keys;
pub mod staff;
pub mod staff_calls;
pub mod staff_invites;
pub mod staff_passkeys;
pub mod staff_sessions;
pub mod terminals;
pub mod upstream_visits;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

mod config;
mod db;
mod kept;
mod lazy;
mod migrate;
mod place;
mod postgres;
mod schema;
mod sqlite;
mod stats;
mod store;
mod taken;
mod tx;
mod watch;
mod writer;

pub use config::Config;
pub use stats::Stats;
pub use store::Store;
pub use taken::Taken;
pub use tx::{KeysTx, Tx};
pub use watch::Watch;
