//! The nouns of PASS (`docs/architecture.md`, "data model"). Facts about people are records with a time and a source,
//! never overwritten; "now" is a view over them.

pub mod account;
pub mod acr;
pub mod attested;
pub mod audit;
pub mod client;
pub mod client_error;
pub mod consent;
pub mod face;
pub mod facility;
pub mod grant;
pub mod interaction;
pub mod key;
pub mod outbox;
pub mod person;
pub mod proofing;
pub mod reception;
pub mod relation;
pub mod request;
pub mod response_type;
pub mod session;
pub mod staff;
pub mod upstream_visit;
pub mod words;
