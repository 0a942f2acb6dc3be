//! How a person is recognised: what the events of a session are worth (`acr`), passkeys, one-time codes, and what a
//! session may do (`session`).

pub mod acr;
pub mod mail_code;
pub mod passkey;
pub mod session;
