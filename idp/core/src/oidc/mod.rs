//! The protocol: OAuth 2.0 and OpenID Connect as pure functions over loaded rows.

pub mod authorize;
pub mod claims_request;
pub mod error;
pub mod hint;
pub mod id_token;
pub mod interaction;
mod jwt;
pub mod keys;
mod oxide;
pub mod params;
pub mod request;
pub mod respond;
