//! redirect_uri: one of those registered, compared as the raw string.

use super::PageProblem;
use crate::domain::client::Client;
use crate::oidc::params::Params;

pub(super) fn check<'a>(params: &Params, client: &'a Client) -> Result<&'a str, PageProblem> {
    // OpenID Connect Core 3.1.2.1: REQUIRED, even where only one is registered.
    let asked = params.get("redirect_uri").ok_or(PageProblem::RedirectUriMissing)?;
    // OpenID Connect Core 3.1.2.1: "using exact string matching" (RFC 3986 6.2.1), no parsing.
    let registered = client.metadata.redirect_uris.iter().find(|registered| *registered == asked);
    registered.map(String::as_str).ok_or(PageProblem::RedirectUriMismatch)
}
