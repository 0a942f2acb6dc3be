//! The access token request: authenticate -> recover -> extend -> issue. The loop ends where oxide-auth would issue:
//! rows and tokens are ours.

use super::{code_of, far_future, scope, sorted, stuck};
use crate::domain::client::Client;
use crate::domain::grant;
use crate::id::hex;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::params::Params;
use oxide_auth::code_grant::accesstoken::{AccessToken, Authorization, Error, Input, Output, Request};
use oxide_auth::primitives::grant::{Extensions, Grant};
use std::borrow::Cow;

/// Runs the machine for a proven client and a taken code. `extend` holds what the machine does not check well:
/// expiry on our clock, the raw redirect_uri, PKCE.
pub(in crate::oidc) fn decide(
    client: &Client,
    params: &Params,
    taken: &grant::Grant,
    extend: impl FnOnce() -> Result<(), OAuthError>,
) -> Result<Vec<String>, OAuthError> {
    let request = Presented { params, client: hex(&client.id.0) };
    let mut machine = AccessToken::new(&request);
    let mut extend = Some(extend);
    let mut input = Input::None;
    loop {
        input = match machine.advance(input) {
            // D7: authenticated before, in `client_auth`.
            Output::Authenticate { .. } => Input::Authenticated,
            Output::Recover { .. } => Input::Recovered(Some(Box::new(recovered(taken, params)?))),
            Output::Extend { .. } => {
                extend.take().ok_or_else(stuck)?()?;
                Input::Extended { access_extensions: Extensions::new() }
            }
            Output::Issue { grant } => return Ok(sorted(&grant.scope)),
            Output::Ok(_) => return Err(stuck()),
            Output::Err(error) => return Err(cured(*error)),
        }
    }
}

/// The grant as oxide-auth knows grants. Its redirect_uri is the presented one: the raw strings are compared in `extend`.
fn recovered(taken: &grant::Grant, params: &Params) -> Result<Grant, OAuthError> {
    let redirect_uri = params.required("redirect_uri")?;
    Ok(Grant {
        owner_id: hex(&taken.person.0),
        client_id: hex(&taken.client.0),
        scope: scope(&taken.scopes)?,
        redirect_uri: redirect_uri.parse().map_err(|_| OAuthError::new(ErrorCode::InvalidGrant))?,
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
    fn code(&self) -> Option<Cow<'_, str>> {
        self.params.get("code").map(Cow::Borrowed)
    }
    fn authorization(&self) -> Authorization<'_> {
        Authorization::Username(Cow::Borrowed(&self.client))
    }
    fn client_id(&self) -> Option<Cow<'_, str>> {
        None
    }
    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        self.params.get("redirect_uri").map(Cow::Borrowed)
    }
    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.params.get("grant_type").map(Cow::Borrowed)
    }
    fn extension(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }
}
