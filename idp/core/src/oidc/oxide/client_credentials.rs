//! The client credentials request: authenticate -> bind -> extend -> negotiate.

use super::{code_of, nowhere, scope, sorted, stuck};
use crate::domain::client::Client;
use crate::id::hex;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::params::Params;
use oxide_auth::code_grant::client_credentials::{ClientCredentials, Error, Input, Output, Request};
use oxide_auth::primitives::grant::Extensions;
use oxide_auth::primitives::registrar::{BoundClient, PreGrant, RegisteredUrl};
use std::borrow::Cow;

/// Runs the machine for a proven client. `negotiate` says which of the asked scopes are given.
pub(in crate::oidc) fn decide(
    client: &Client,
    params: &Params,
    negotiate: impl FnOnce(Option<Vec<String>>) -> Result<Vec<String>, OAuthError>,
) -> Result<Vec<String>, OAuthError> {
    let request = Presented { params, client: hex(&client.id.0) };
    let mut machine = ClientCredentials::new(&request);
    let mut negotiate = Some(negotiate);
    let mut input = Input::None;
    loop {
        input = match machine.advance(input) {
            // D7: authenticated before, in `client_auth`.
            Output::Authenticate { .. } => Input::Authenticated,
            Output::Binding { client_id } => Input::Bound {
                bound_client: BoundClient {
                    client_id: Cow::Owned(client_id.to_owned()),
                    redirect_uri: Cow::Owned(RegisteredUrl::Semantic(nowhere()?)),
                },
            },
            Output::Extend => Input::Extended { extensions: Extensions::new() },
            Output::Negotiate { bound_client, scope: asked } => {
                let given = negotiate.take().ok_or_else(stuck)?(asked.as_ref().map(sorted))?;
                Input::Negotiated {
                    pre_grant: PreGrant {
                        client_id: bound_client.client_id.clone().into_owned(),
                        redirect_uri: bound_client.redirect_uri.clone().into_owned(),
                        scope: scope(&given)?,
                    },
                }
            }
            Output::Ok { pre_grant, .. } => return Ok(sorted(&pre_grant.scope)),
            Output::Err(error) => return Err(cured(*error, params)),
        }
    }
}

/// A malformed scope is `invalid_scope` (RFC 6749 5.2); the machine says `invalid_request`.
fn cured(mut error: Error, params: &Params) -> OAuthError {
    let malformed = params.get("scope").is_some_and(|text| scope(&[text.to_owned()]).is_err());
    match error.description().map(|description| description.kind()) {
        Some(_) if malformed => ErrorCode::InvalidScope.into(),
        Some(kind) => code_of(kind).into(),
        None => stuck(),
    }
}

struct Presented<'a> {
    params: &'a Params,
    client: String,
}

impl Request for Presented<'_> {
    fn valid(&self) -> bool {
        true
    }
    fn authorization(&self) -> Option<(Cow<'_, str>, Cow<'_, [u8]>)> {
        Some((Cow::Borrowed(&self.client), Cow::Borrowed(&[])))
    }
    fn scope(&self) -> Option<Cow<'_, str>> {
        self.params.get("scope").map(Cow::Borrowed)
    }
    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.params.get("grant_type").map(Cow::Borrowed)
    }
    fn extension(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }
}
