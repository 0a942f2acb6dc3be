//! The code becomes tokens, from server to server.

use super::authorization::client;
use super::{Known, Refusal, Registration, Secrets};
use crate::ports::{HttpRequest, Outgoing};
use crate::{Entropy, Fault, Time};
use openidconnect::core::{CoreErrorResponseType, CoreIdToken};
use openidconnect::{
    AccessToken, AuthorizationCode, OAuth2TokenResponse, PkceCodeVerifier, RequestTokenError, TokenResponse,
};

/// RFC 7523 2.2
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What the token endpoint gave. Neither is kept anywhere.
pub struct Tokens {
    pub(super) id_token: CoreIdToken,
    pub(super) access_token: AccessToken,
}

/// OpenID Connect Core 3.1.3, with the code verifier (RFC 7636 4.5) and an assertion instead of a secret.
pub async fn exchange(
    outgoing: &dyn Outgoing,
    (known, registration): (&Known, &Registration),
    (code, secrets): (&str, &Secrets),
    now: Time,
    entropy: &dyn Entropy,
) -> Result<Result<Tokens, Refusal>, Fault> {
    let client = client(known, registration)?;
    let Some(endpoint) = known.metadata.token_endpoint() else { return Ok(Err(Refusal::Unreachable)) };
    let assertion = registration.assertion(endpoint.as_str(), now, entropy)?;
    let http = |request: HttpRequest| outgoing.exchange(request);
    let request = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|cause| Fault::because("prepare a token request", cause))?
        .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()))
        .add_extra_param("client_assertion_type", ASSERTION_TYPE)
        .add_extra_param("client_assertion", assertion);
    let answer = match request.request_async(&http).await {
        Ok(answer) => answer,
        Err(error) => return Ok(Err(refusal(&error))),
    };
    Ok(match answer.id_token() {
        Some(id_token) => Ok(Tokens { id_token: id_token.clone(), access_token: answer.access_token().clone() }),
        None => Err(Refusal::NoIdToken),
    })
}

type Failure = RequestTokenError<Fault, openidconnect::StandardErrorResponse<CoreErrorResponseType>>;

/// RFC 6749 5.2
fn refusal(error: &Failure) -> Refusal {
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            CoreErrorResponseType::InvalidGrant => Refusal::CodeRefused,
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => Refusal::ClientRefused,
            _ => Refusal::Failed,
        },
        RequestTokenError::Request(_) => Refusal::Unreachable,
        // An ID token that is no compact JWS fails here already.
        RequestTokenError::Parse(..) => Refusal::NoIdToken,
        RequestTokenError::Other(_) => Refusal::Failed,
    }
}
