//! Every URL and page of the resident and the OIDC endpoints of PASS.

pub mod kit;
pub mod page;
