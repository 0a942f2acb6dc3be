//! The library's own API: `GET /api/loan-limit` with an access token, as a resource server of another organisation would write it.
//!
//! It believes nothing that the caller says: the issuer is asked about the token (RFC 7662), and what the sign-in was worth decides
//! (RFC 9470 4). A sign-in that is too weak or too old is answered with what would do (RFC 9470 3); whoever called then goes to the
//! issuer with exactly that (5), and comes back with a token of a stronger sign-in.

use actix_web::{HttpRequest, HttpResponse, http::header::WWW_AUTHENTICATE, web};
use openidconnect::{AccessToken, reqwest};
use serde::Deserialize;
use serde_json::json;

use super::{Site, provider::Provider, trouble::Trouble};

/// How old a sign-in may be when the loan limit is raised.
const MAX_AGE: u64 = 300;
/// The strength that raises the loan limit.
const ACR: &str = "aal2-face";
const RAISED_LIMIT: u32 = 30;

/// What would do (RFC 9470 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    pub(super) acr_values: String,
    pub(super) max_age: Option<u64>,
}

/// The answer of the API, as the site's own pages read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The limit is raised.
    Limit(u32),
    /// Not with this sign-in.
    Stronger(Challenge),
}

/// What the issuer said of the token (RFC 7662 2.2, RFC 9470 6.2).
#[derive(Deserialize)]
struct Introspected {
    active: bool,
    acr: Option<String>,
    auth_time: Option<u64>,
    sub: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Allowed,
    Unknown,
    TooWeak(&'static str),
}

/// `GET /api/loan-limit`
pub(super) async fn loan_limit(site: web::Data<Site>, request: HttpRequest) -> HttpResponse {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token =
        header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    let Some(token) = token else {
        // RFC 6750 3.1: no token, no error code.
        return HttpResponse::Unauthorized().insert_header((WWW_AUTHENTICATE, r#"Bearer realm="library""#)).finish();
    };
    match introspect(&site.provider, token.trim()).await {
        Ok(told) => match verdict(&told, now()) {
            Verdict::Allowed => HttpResponse::Ok().json(json!({"loan_limit": RAISED_LIMIT, "sub": told.sub})),
            Verdict::Unknown => refused("invalid_token", "The token is not alive.", ""),
            Verdict::TooWeak(why) => refused(
                "insufficient_user_authentication",
                why,
                &format!(r#", acr_values="{ACR}", max_age="{MAX_AGE}""#),
            ),
        },
        Err(trouble) => HttpResponse::BadGateway().json(json!({"error": trouble.code()})),
    }
}

fn refused(error: &str, why: &str, more: &str) -> HttpResponse {
    let challenge = format!(r#"Bearer realm="library", error="{error}", error_description="{why}"{more}"#);
    HttpResponse::Unauthorized()
        .insert_header((WWW_AUTHENTICATE, challenge))
        .json(json!({"error": error, "error_description": why}))
}

/// RFC 9470 4: strong enough, and not too long ago.
fn verdict(told: &Introspected, now: u64) -> Verdict {
    if !told.active {
        return Verdict::Unknown;
    }
    if told.acr.as_deref() != Some(ACR) {
        return Verdict::TooWeak("The face must be checked for this.");
    }
    match told.auth_time {
        Some(at) if now.saturating_sub(at) <= MAX_AGE => Verdict::Allowed,
        _ => Verdict::TooWeak("The face was checked too long ago."),
    }
}

async fn introspect(provider: &Provider, token: &str) -> Result<Introspected, Trouble> {
    let discovered = provider.discovered().await?;
    let endpoint = discovered.introspection.clone().ok_or_else(|| Trouble::Invalid("no introspection".to_owned()))?;
    let (id, secret) = provider.credentials();
    let answer = provider.http.post(endpoint).basic_auth(id, Some(secret)).form(&[("token", token)]).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    let answer = answer.map_err(|why| Trouble::Unreachable(why.to_string()))?;
    answer.json().await.map_err(|why| Trouble::Invalid(why.to_string()))
}

/// Calls the API, as the site's pages do.
pub(super) async fn ask(provider: &Provider, access: &AccessToken) -> Result<Answer, Trouble> {
    let url = format!("{}/api/loan-limit", provider.public_url);
    let answer = provider.http.get(url).bearer_auth(access.secret()).send().await;
    let answer = answer.map_err(|why| Trouble::Unreachable(why.to_string()))?;
    let header = answer.headers().get("www-authenticate").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(|why| Trouble::Unreachable(why.to_string()))?;
    match header.as_deref().and_then(challenge) {
        Some(challenge) if status == 401 => Ok(Answer::Stronger(challenge)),
        _ if status == 200 => Ok(Answer::Limit(RAISED_LIMIT)),
        _ => Err(Trouble::from_body(status, &body)),
    }
}

/// Reads the challenge of RFC 9470 3; nothing where another error is told.
fn challenge(header: &str) -> Option<Challenge> {
    let value = |name: &str| {
        let (_, rest) = header.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    if value("error")? != "insufficient_user_authentication" {
        return None;
    }
    Some(Challenge { acr_values: value("acr_values")?, max_age: value("max_age").and_then(|age| age.parse().ok()) })
}

#[expect(clippy::disallowed_methods, reason = "another organisation's server has its own clock")]
fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_53_the_api_decides_by_what_the_issuer_says_of_the_token() {
        let told = |active, acr: &str, auth_time| Introspected { active, acr: Some(acr.into()), auth_time, sub: None };
        for (told, allowed) in [
            (told(true, "aal2-face", Some(1000)), true),
            (told(true, "aal2-face", Some(699)), false),
            (told(true, "aal2-face", None), false),
            (told(true, "aal2", Some(1000)), false),
            (told(true, "aal3", Some(1000)), false),
            (told(false, "aal2-face", Some(1000)), false),
        ] {
            assert_eq!(verdict(&told, 1000) == Verdict::Allowed, allowed, "{:?} {:?}", told.acr, told.auth_time);
        }
    }

    #[test]
    fn cap_53_a_challenge_says_what_would_do() {
        let header = r#"Bearer realm="library", error="insufficient_user_authentication", error_description="x", acr_values="aal2-face", max_age="300""#;
        let read = challenge(header).unwrap();
        assert_eq!((read.acr_values.as_str(), read.max_age), ("aal2-face", Some(300)));
        assert_eq!(challenge(r#"Bearer error="invalid_token", acr_values="x""#), None);
        assert_eq!(challenge("Bearer"), None);
    }
}
