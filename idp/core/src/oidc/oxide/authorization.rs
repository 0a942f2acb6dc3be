//! The authorization request: request -> bind -> extend -> negotiate.

use super::{scope, sorted, stuck};
use crate::domain::response_type::ResponseType;
use crate::oidc::error::{ErrorCode, OAuthError};
use crate::oidc::params::Params;
use oxide_auth::code_grant::authorization::{Authorization, Error, Input, Output, Request};
use oxide_auth::code_grant::error::AuthorizationErrorType;
use oxide_auth::primitives::registrar::{BoundClient, ExactUrl, PreGrant, RegisteredUrl};
use std::borrow::Cow;

/// Runs the machine for a proven client and redirect_uri. `extend` is our list of further checks,
/// `negotiate` says which of the asked scopes are given.
pub(in crate::oidc) fn decide(
    params: &Params,
    redirect_uri: &str,
    extend: impl FnOnce() -> Result<(), OAuthError>,
    negotiate: impl FnOnce(Vec<String>) -> Result<Vec<String>, OAuthError>,
) -> Result<Vec<String>, OAuthError> {
    let request = Asked(params);
    let mut machine = Authorization::new(&request);
    let (mut extend, mut negotiate) = (Some(extend), Some(negotiate));
    let mut input = Input::None;
    loop {
        input = match machine.advance(input) {
            Output::Bind { client_id, .. } => {
                Input::Bound { request: &request, bound_client: bound(client_id, redirect_uri)? }
            }
            Output::Extend => {
                extend.take().ok_or_else(stuck)?()?;
                Input::Extended(oxide_auth::primitives::grant::Extensions::new())
            }
            Output::Negotiate { bound_client, scope: asked } => {
                let asked = asked.map(|asked| sorted(&asked)).unwrap_or_default();
                let given = negotiate.take().ok_or_else(stuck)?(asked)?;
                let pre_grant = PreGrant {
                    client_id: bound_client.client_id.clone().into_owned(),
                    redirect_uri: bound_client.redirect_uri.clone().into_owned(),
                    scope: scope(&given)?,
                };
                // The state stays with us: it is echoed from the request, untouched.
                Input::Negotiated { pre_grant, state: None }
            }
            Output::Ok { pre_grant, .. } => return Ok(sorted(&pre_grant.scope)),
            Output::Err(error) => return Err(cured(error, params)),
        }
    }
}

fn bound(client_id: String, redirect_uri: &str) -> Result<BoundClient<'static>, OAuthError> {
    let exact: ExactUrl = redirect_uri.parse().map_err(|_| {
        OAuthError::new(ErrorCode::ServerError).detail("a registered redirect_uri is not an absolute address")
    })?;
    Ok(BoundClient { client_id: Cow::Owned(client_id), redirect_uri: Cow::Owned(RegisteredUrl::Exact(exact)) })
}

/// D3: only the kind of its error is used, never its texts or its address.
fn cured(mut error: Error, params: &Params) -> OAuthError {
    if params.get("response_type").is_none() {
        return OAuthError::about(ErrorCode::UnsupportedResponseType, "response_type", "is missing");
    }
    match error.description().map(|description| description.kind()) {
        Some(AuthorizationErrorType::UnsupportedResponseType) => ErrorCode::UnsupportedResponseType.into(),
        Some(AuthorizationErrorType::InvalidScope) => ErrorCode::InvalidScope.into(),
        Some(_) => ErrorCode::InvalidRequest.into(),
        None => stuck(),
    }
}

/// D6: parameters of a query or of a form.
struct Asked<'a>(&'a Params);

impl Request for Asked<'_> {
    fn valid(&self) -> bool {
        true
    }
    fn client_id(&self) -> Option<Cow<'_, str>> {
        self.extension("client_id")
    }
    fn scope(&self) -> Option<Cow<'_, str>> {
        self.extension("scope")
    }
    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        self.extension("redirect_uri")
    }
    fn state(&self) -> Option<Cow<'_, str>> {
        None
    }
    /// The machine knows `code` alone: the other types that we know look the same to it.
    fn response_type(&self) -> Option<Cow<'_, str>> {
        let known = self.0.get("response_type").and_then(ResponseType::parse);
        known.map_or_else(|| self.extension("response_type"), |_| Some(Cow::Borrowed(ResponseType::Code.as_str())))
    }
    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        self.0.get(key).map(Cow::Borrowed)
    }
}
