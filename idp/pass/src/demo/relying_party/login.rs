//! Begin and finish a login, and ask the issuer again about somebody who is signed in.
//!
//! Implements OIDC Core 3.1.2.1 (request), 3.1.3.7 (ID token validation), 5.3 (userinfo) and 12 (refresh).

use std::{collections::BTreeMap, fmt};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError,
    CsrfToken, Nonce, OAuth2TokenResponse, PkceCodeChallenge, SignatureVerificationError, SubjectIdentifier,
    TokenResponse, UserInfoClaims,
    core::{CoreAuthenticationFlow, CoreGenderClaim, CoreIdToken, CoreTokenResponse},
    url::Url,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    api,
    provider::{Discovered, Provider},
    session::{Pending, Purpose, SignedIn},
    trouble::Trouble,
};

/// OIDC Core 5.5: the issuer tells when she signed in only where it is asked.
const AUTH_TIME: &str = r#"{"id_token":{"auth_time":{"essential":true}}}"#;
const ORDINARY_LIMIT: u32 = 10;

/// Builds the authorization request, and what to remember until its answer.
pub(super) async fn begin(provider: &Provider, purpose: Purpose) -> Result<(Url, CsrfToken, Pending), Trouble> {
    let discovered = provider.discovered().await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = discovered
        .client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(provider.scopes.iter().cloned())
        .add_extra_param("claims", AUTH_TIME)
        .set_pkce_challenge(challenge);
    if let Purpose::RaiseLimit(challenge) = &purpose {
        for acr in challenge.acr_values.split_ascii_whitespace() {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.to_owned()));
        }
        if let Some(seconds) = challenge.max_age {
            request = request.set_max_age(std::time::Duration::from_secs(seconds));
        }
    }
    let (url, state, nonce) = request.url();
    Ok((url, state, Pending { nonce, verifier, purpose }))
}

/// Exchanges the code, validates the ID token and asks userinfo.
pub(super) async fn finish(provider: &Provider, pending: Pending, code: String) -> Result<SignedIn, Trouble> {
    let discovered = provider.discovered().await?;
    let answer = discovered
        .client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|why| Trouble::Invalid(why.to_string()))?
        .set_pkce_verifier(pending.verifier)
        .request_async(&provider.http)
        .await?;
    let id_token = answer.id_token().ok_or_else(|| Trouble::Invalid("no id_token".to_owned()))?.clone();
    let nonce = pending.nonce;
    let claims = validated(provider, &id_token, &answer, |seen| match seen {
        Some(seen) if seen.secret() == nonce.secret() => Ok(()),
        _ => Err("wrong nonce".to_owned()),
    })
    .await?;
    let userinfo = userinfo(provider, &discovered, &answer, &claims).await;
    let mut signed_in = SignedIn {
        access: answer.access_token().clone(),
        refresh: answer.refresh_token().cloned(),
        id_token,
        claims,
        userinfo,
        loan_limit: ORDINARY_LIMIT,
        news: None,
    };
    if let Purpose::RaiseLimit(_) = pending.purpose {
        // Decided by what the issuer says of the new token, whatever we asked for.
        match api::ask(provider, &signed_in.access).await {
            Ok(api::Answer::Limit(limit)) => signed_in.raised_to(limit),
            _ => signed_in.news = Some("顔での確認がなかったため、貸出限度は変わっていません。"),
        }
    }
    Ok(signed_in)
}

/// Asks userinfo again with the token at hand: what the facility may know *now*.
pub(super) async fn check(provider: &Provider, mut signed_in: SignedIn) -> SignedIn {
    signed_in.userinfo = match provider.discovered().await {
        Ok(discovered) => ask(provider, &discovered, signed_in.access.clone(), subject(&signed_in.claims)).await,
        Err(trouble) => Err(trouble),
    };
    signed_in.news = signed_in.userinfo.is_ok().then_some("いまの利用資格を確かめました。");
    signed_in
}

/// Exchanges the refresh token. What was given before is forgotten where the issuer refuses.
pub(super) async fn refresh(provider: &Provider, mut signed_in: SignedIn) -> SignedIn {
    match refreshed(provider, &signed_in).await {
        Ok(fresh) => fresh,
        Err(trouble) => {
            signed_in.userinfo = Err(trouble);
            signed_in.news = None;
            signed_in
        }
    }
}

async fn refreshed(provider: &Provider, old: &SignedIn) -> Result<SignedIn, Trouble> {
    let refused = || Trouble::Refused { code: "no_refresh_token".to_owned(), description: None };
    let token = old.refresh.as_ref().ok_or_else(refused)?;
    let discovered = provider.discovered().await?;
    let answer = discovered
        .client
        .exchange_refresh_token(token)
        .map_err(|why| Trouble::Invalid(why.to_string()))?
        .request_async(&provider.http)
        .await?;
    let mut fresh = old.clone();
    if let Some(id_token) = answer.id_token() {
        // OIDC Core 12.2: a refreshed ID token need not repeat the nonce, but is about the same person.
        let claims = validated(provider, id_token, &answer, |_| Ok(())).await?;
        if subject(&claims) != subject(&old.claims) {
            return Err(Trouble::Invalid("sub changed at refresh".to_owned()));
        }
        fresh.id_token = id_token.clone();
        fresh.claims = claims;
    }
    fresh.access = answer.access_token().clone();
    fresh.refresh = answer.refresh_token().cloned().or(fresh.refresh);
    fresh.userinfo = userinfo(provider, &discovered, &answer, &fresh.claims).await;
    fresh.news = Some("新しいトークンを受け取りました。");
    Ok(fresh)
}

/// OIDC Core 3.1.3.7, with one more look at the issuer's keys where the signing key is unknown.
async fn validated(
    provider: &Provider,
    id_token: &CoreIdToken,
    answer: &CoreTokenResponse,
    nonce: impl Fn(Option<&Nonce>) -> Result<(), String>,
) -> Result<Map<String, Value>, Trouble> {
    let discovered = provider.discovered().await?;
    match verify(&discovered, id_token, answer, &nonce) {
        Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
            provider.forget();
            let discovered = provider.discovered().await?;
            verify(&discovered, id_token, answer, &nonce)
        }
        verdict => verdict,
    }
    .map_err(|why| Trouble::Invalid(why.to_string()))?;
    payload(id_token).ok_or_else(|| Trouble::Invalid("id_token has no JSON payload".to_owned()))
}

fn verify(
    discovered: &Discovered,
    id_token: &CoreIdToken,
    answer: &CoreTokenResponse,
    nonce: &impl Fn(Option<&Nonce>) -> Result<(), String>,
) -> Result<(), ClaimsVerificationError> {
    let verifier = discovered.client.id_token_verifier();
    let claims = id_token.claims(&verifier, nonce)?;
    // OIDC Core 3.1.3.8
    if let Some(expected) = claims.access_token_hash() {
        let unsigned = ClaimsVerificationError::SignatureVerification;
        let key = id_token.signing_key(&verifier).map_err(unsigned)?;
        let algorithm = id_token.signing_alg().map_err(unsigned)?;
        let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
            .map_err(|why| ClaimsVerificationError::Other(why.to_string()))?;
        if actual != *expected {
            return Err(ClaimsVerificationError::Other("at_hash does not fit the access token".to_owned()));
        }
    }
    Ok(())
}

async fn userinfo(
    provider: &Provider,
    discovered: &Discovered,
    answer: &CoreTokenResponse,
    claims: &Map<String, Value>,
) -> Result<Map<String, Value>, Trouble> {
    ask(provider, discovered, answer.access_token().clone(), subject(claims)).await
}

async fn ask(
    provider: &Provider,
    discovered: &Discovered,
    access: openidconnect::AccessToken,
    subject: Option<SubjectIdentifier>,
) -> Result<Map<String, Value>, Trouble> {
    let request = discovered.client.user_info(access, subject).map_err(|why| Trouble::Invalid(why.to_string()))?;
    // OIDC Core 5.3.2: the sub must be the ID token's; `user_info` compares it.
    let claims: UserInfoClaims<Beyond, CoreGenderClaim> = request.request_async(&provider.http).await?;
    match serde_json::to_value(claims) {
        Ok(Value::Object(map)) => Ok(map),
        _ => Err(Trouble::Invalid("userinfo is no JSON object".to_owned())),
    }
}

fn subject(claims: &Map<String, Value>) -> Option<SubjectIdentifier> {
    claims.get("sub").and_then(Value::as_str).map(|sub| SubjectIdentifier::new(sub.to_owned()))
}

/// The payload of a token whose signature has been checked, with the members that the library has no field for.
fn payload(id_token: &CoreIdToken) -> Option<Map<String, Value>> {
    let text = id_token.to_string();
    let middle = text.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(middle).ok()?).ok()
}

/// Claims beyond the standard ones: residence, age, basic four.
#[derive(Clone, Deserialize, Serialize)]
struct Beyond(BTreeMap<String, Value>);

impl AdditionalClaims for Beyond {}

impl fmt::Debug for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
