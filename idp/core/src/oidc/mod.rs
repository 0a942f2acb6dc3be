//! The protocol: OAuth 2.0 and OpenID Connect as pure functions over loaded rows.
//!
//! Read `authorize` (the list of checks), `interaction` (which page next), `code` and `exchange` (codes and tokens),
//! `userinfo`. oxide-auth is behind `oxide`, josekit behind `keys` and `jwt`, openidconnect's types behind `discovery`.

pub mod access_token;
pub mod authorize;
pub mod bearer;
pub mod claims_request;
pub mod client_auth;
pub mod client_keys;
pub mod code;
pub mod discovery;
pub mod error;
pub mod es256;
pub mod exchange;
#[cfg(test)]
mod fixture;
pub mod frontchannel;
#[cfg(test)]
mod headers;
pub mod hint;
pub mod id_token;
pub mod interaction;
pub mod introspection;
mod jwt;
pub mod keys;
pub mod logout;
pub mod logout_token;
mod oxide;
pub mod params;
pub mod registration;
pub mod request_object;
pub mod respond;
pub mod revocation;
pub mod session_state;
pub mod subject;
pub mod userinfo;

pub use crate::domain::request;
