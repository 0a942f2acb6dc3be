//! The way there: the authorization request.

use super::{Known, Registration, Secrets};
use crate::Fault;
use crate::domain::upstream_visit::Purpose;
use crate::fault::Outcome;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient};
use openidconnect::{
    AuthenticationContextClass, ClientId, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};

/// A client as discovery leaves it.
pub(super) type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Without a secret: PASS proves itself by assertion.
pub(super) fn client(known: &Known, registration: &Registration) -> Outcome<Client> {
    let redirect = RedirectUrl::new(registration.redirect_uri.clone())
        .map_err(|cause| Fault::because("read the address of the way back from the national service", cause))?;
    let id = ClientId::new(registration.client_id.clone());
    Ok(CoreClient::from_provider_metadata(known.metadata.clone(), id, None).set_redirect_uri(redirect))
}

/// Where the browser goes. OpenID Connect Core 3.1.2.1 with `state`, `nonce` and PKCE S256, which the service requires; `prompt`
/// is not sent: its page asks for the card each time.
pub fn authorization_url(
    known: &Known,
    registration: &Registration,
    purpose: Purpose,
    state: &str,
    secrets: &Secrets,
) -> Outcome<String> {
    let client = client(known, registration)?;
    let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
    let scopes = match purpose {
        Purpose::Proofing => registration.scopes.as_slice(),
        Purpose::SignIn => &[],
    };
    let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(secrets.nonce.clone()));
    let request = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
        .add_scopes(scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    let classes = registration.acr_values.split_ascii_whitespace();
    let request = classes.fold(request, |request, class| {
        request.add_auth_context_value(AuthenticationContextClass::new(class.to_owned()))
    });
    Ok(request.url().0.into())
}
