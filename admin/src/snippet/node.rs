//! npm `openid-client` 6.

use super::{Connection, quoted};
use pass_core::domain::client::ClientAuthMethod;

pub(super) fn text(to: &Connection<'_>) -> String {
    let authentication = match to.method {
        ClientAuthMethod::ClientSecretBasic => "client.ClientSecretBasic(secret)",
        ClientAuthMethod::ClientSecretPost => "client.ClientSecretPost(secret)",
        ClientAuthMethod::PrivateKeyJwt => "client.PrivateKeyJwt(privateKey)",
        ClientAuthMethod::None => "client.None()",
    };
    let secret = match (to.confidential(), to.secret) {
        (false, _) => String::new(),
        (true, Some(secret)) => format!("const secret = {}\n", quoted(secret)),
        (true, None) => "const secret = process.env.PASS_CLIENT_SECRET\n".into(),
    };
    let loopback = if to.plain_http() { ",\n  { execute: [client.allowInsecureRequests] }" } else { "" };
    format!(
        "import * as client from 'openid-client'

{secret}const config = await client.discovery(
  new URL({issuer}),
  {client_id},
  {{ id_token_signed_response_alg: '{alg}' }},
  {authentication}{loopback})

// begin: keep verifier, state and nonce in the session
const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const nonce = client.randomNonce()
const begin = client.buildAuthorizationUrl(config, {{
  redirect_uri: {redirect},
  scope: {scope},
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256', state, nonce }})

// back at the redirect address
const tokens = await client.authorizationCodeGrant(config, currentUrl, {{
  pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }})
const person = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)",
        issuer = quoted(to.issuer),
        client_id = quoted(to.client_id),
        alg = to.alg.as_str(),
        redirect = quoted(to.redirect_uri),
        scope = quoted(&to.scope_line()),
    )
}
