//! The endpoints of the protocol. Each handler loads, asks `core::oidc`, saves, and answers.

pub mod authorize;
pub mod check_session;
pub mod issue;
pub mod logout;
pub mod metadata;
pub mod register;
pub mod reply;
pub mod token;
pub mod tokens;
pub mod userinfo;
