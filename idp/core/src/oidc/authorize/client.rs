//! The client: known and enabled.

use super::PageProblem;
use crate::domain::client::Client;
use crate::oidc::params::Params;

pub(super) fn named(params: &Params) -> Result<&str, PageProblem> {
    // RFC 6749 4.1.1: client_id is REQUIRED.
    params.get("client_id").ok_or(PageProblem::ClientMissing)
}

pub(super) fn check<'a>(params: &Params, loaded: Option<&'a Client>) -> Result<&'a Client, PageProblem> {
    let named = named(params)?;
    let client = loaded.filter(|client| client.client_id == named).ok_or(PageProblem::ClientUnknown)?;
    if client.disabled_at.is_some() {
        return Err(PageProblem::ClientDisabled);
    }
    Ok(client)
}
