//! How a person is recognised: what the events of a session are worth (`acr`), passkeys, one-time codes.

pub mod acr;
