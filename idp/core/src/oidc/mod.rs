//! The protocol: OAuth 2.0 and OpenID Connect as pure functions over loaded rows.

pub mod claims_request;
pub mod request;
