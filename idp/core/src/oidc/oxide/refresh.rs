//! The refresh request: authenticate -> recover -> issue. The machine binds the token to its client and never widens its scope.

use super::{code_of, far_future, scope, sorted, stuck};
use crate::domain::client::Client;
use crate::domain::grant;
use crate::id::hex;
use crate::oidc::error::OAuthError;
use crate::oidc::params::Params;
use oxide_auth::code_grant::refresh::{Error, Input, Output, Refresh, Request};
use oxide_auth::primitives::grant::{Extensions, Grant};
use std::borrow::Cow;

/// Runs the machine for a proven client and a found token. `valid` decides expiry and revocation on our clock.
pub(in crate::oidc) fn decide(
    client: &Client,
    params: &Params,
    found: &grant::Grant,
    valid: impl FnOnce() -> Result<(), OAuthError>,
) -> Result<Vec<String>, OAuthError> {
    let request = Presented { params, client: hex(&client.id.0) };
    let mut machine = Refresh::new(&request);
    let mut valid = Some(valid);
    let mut input = Input::None;
    loop {
        input = match machine.advance(input) {
            // D8: authenticated before, in `client_auth`.
            Output::Unauthenticated { .. } => Input::Authenticated { scope: request.scope() },
            Output::RecoverRefresh { .. } => {
                Input::Recovered { scope: request.scope(), grant: Some(Box::new(recovered(found)?)) }
            }
            Output::Refresh { grant, .. } => {
                valid.take().ok_or_else(stuck)?()?;
                return Ok(sorted(&grant.scope));
            }
            Output::Ok(_) => return Err(stuck()),
            Output::Err(error) => return Err(cured(error)),
        }
    }
}

fn recovered(found: &grant::Grant) -> Result<Grant, OAuthError> {
    Ok(Grant {
        owner_id: hex(&found.person.0),
        client_id: hex(&found.client.0),
        scope: scope(&found.scopes)?,
        // Part of the type and of no decision here.
        redirect_uri: super::nowhere()?,
        until: far_future(),
        extensions: Extensions::new(),
    })
}

fn cured(mut error: Error) -> OAuthError {
    error.description().map_or_else(stuck, |description| code_of(description.kind()).into())
}

struct Presented<'a> {
    params: &'a Params,
    client: String,
}

impl Request for Presented<'_> {
    fn valid(&self) -> bool {
        true
    }
    fn refresh_token(&self) -> Option<Cow<'_, str>> {
        self.params.get("refresh_token").map(Cow::Borrowed)
    }
    fn scope(&self) -> Option<Cow<'_, str>> {
        self.params.get("scope").map(Cow::Borrowed)
    }
    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.params.get("grant_type").map(Cow::Borrowed)
    }
    fn authorization(&self) -> Option<(Cow<'_, str>, Cow<'_, [u8]>)> {
        Some((Cow::Borrowed(&self.client), Cow::Borrowed(&[])))
    }
    fn extension(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }
}
