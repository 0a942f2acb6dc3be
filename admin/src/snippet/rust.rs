//! crates.io `openidconnect` 4.

use super::{Connection, quoted};

pub(super) fn text(to: &Connection<'_>) -> String {
    let secret = match (to.confidential(), to.secret) {
        (true, Some(secret)) => format!("Some(ClientSecret::new({}.into()))", quoted(secret)),
        (true, None) => "Some(ClientSecret::new(std::env::var(\"PASS_CLIENT_SECRET\")?))".into(),
        (false, _) => "None".into(),
    };
    let scopes: String = to
        .scope
        .iter()
        .filter(|scope| *scope != "openid")
        .map(|scope| format!("\n    .add_scope(Scope::new({}.into()))", quoted(scope)))
        .collect();
    format!(
        "let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
let metadata = CoreProviderMetadata::discover_async(IssuerUrl::new({issuer}.into())?, &http).await?;
let client = CoreClient::from_provider_metadata(metadata, ClientId::new({client_id}.into()), {secret})
    .set_redirect_uri(RedirectUrl::new({redirect}.into())?);

// begin: keep verifier, state and nonce in the session
let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
let (begin, state, nonce) = client
    .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random){scopes}
    .set_pkce_challenge(challenge)
    .url();

// back at the redirect address, after comparing the state
let tokens = client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(verifier).request_async(&http).await?;
let id_token = tokens.id_token().ok_or(\"no ID token\")?;
let subject = id_token.claims(&client.id_token_verifier(), &nonce)?.subject().clone();
let person: UserInfoClaims<PassClaims, CoreGenderClaim> =
    client.user_info(tokens.access_token().clone(), Some(subject))?.request_async(&http).await?;",
        issuer = quoted(to.issuer),
        client_id = quoted(to.client_id),
        redirect = quoted(to.redirect_uri),
    )
}
