//! The facility's URLs. A button posts; the browser then goes to the issuer or back to `/`.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite},
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
    web,
};
use askama::Template;
use openidconnect::{LogoutRequest, PostLogoutRedirectUrl, url::Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Site, api, login,
    page::{Failed, Front, Member, Papers},
    paper::Paper,
    session::{Purpose, SignedIn},
    trouble::Trouble,
};

type Shared = web::Data<Site>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(front))
        .route("/login", web::post().to(sign_in))
        .route("/login", web::get().to(begun_elsewhere))
        .route("/raise-limit", web::post().to(raise_limit))
        .route("/api/loan-limit", web::get().to(api::loan_limit))
        .route("/callback", web::get().to(callback))
        .route("/check", web::post().to(check))
        .route("/refresh", web::post().to(refresh))
        .route("/logout", web::post().to(logout))
        .route("/privacy", web::get().to(privacy))
        .route("/terms", web::get().to(terms))
        .route("/last.json", web::get().to(last))
        .route("/style.css", web::get().to(style))
        .route("/mark.svg", web::get().to(mark));
}

async fn front(site: Shared, request: HttpRequest) -> HttpResponse {
    match session_id(&site, &request).and_then(|id| site.sessions.find(&id)) {
        Some(signed_in) => page(&site, 200, &Member::new(site.kind, &signed_in)),
        None => page(&site, 200, &Front { kind: site.kind }),
    }
}

async fn sign_in(site: Shared, request: HttpRequest) -> HttpResponse {
    to_issuer(&site, &request, Purpose::Login).await
}

/// Somebody else sent the browser here to begin a sign-in (OpenID Connect Core 4). This site has one issuer, and goes to no other.
async fn begun_elsewhere(site: Shared, request: HttpRequest) -> HttpResponse {
    to_issuer(&site, &request, Purpose::Login).await
}

async fn raise_limit(site: Shared, request: HttpRequest) -> HttpResponse {
    let Some((id, mut signed_in)) = visitor(&site, &request) else {
        return to_issuer(&site, &request, Purpose::Login).await;
    };
    match api::ask(&site.provider, &signed_in.access).await {
        Ok(api::Answer::Limit(limit)) => {
            signed_in.raised_to(limit);
            site.sessions.replace(&id, signed_in);
            go("/", None)
        }
        // RFC 9470 5: to the issuer with exactly what the API asks for.
        Ok(api::Answer::Stronger(challenge)) => to_issuer(&site, &request, Purpose::RaiseLimit(challenge)).await,
        Err(trouble) => {
            signed_in.userinfo = Err(trouble);
            signed_in.news = None;
            site.sessions.replace(&id, signed_in);
            go("/", None)
        }
    }
}

async fn to_issuer(site: &Site, request: &HttpRequest, purpose: Purpose) -> HttpResponse {
    match login::begin(&site.provider, purpose).await {
        Ok((url, state, pending)) => {
            let id = site.sessions.begin(session_id(site, request), &state, pending);
            go(url.as_str(), Some(cookie(site, id)))
        }
        Err(trouble) => failed(site, trouble),
    }
}

/// OIDC Core 3.1.2.5 and 3.1.2.6: the answer of the authorization endpoint.
#[derive(Deserialize)]
struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

async fn callback(site: Shared, request: HttpRequest, answer: web::Query<Answer>) -> HttpResponse {
    match finish(&site, &request, answer.into_inner()).await {
        Ok(id) => go("/", Some(cookie(&site, id))),
        Err(trouble) => failed(&site, trouble),
    }
}

async fn finish(site: &Site, request: &HttpRequest, answer: Answer) -> Result<String, Trouble> {
    let id = session_id(site, request).ok_or(Trouble::Stray)?;
    let pending = answer.state.and_then(|state| site.sessions.take(&id, &state)).ok_or(Trouble::Stray)?;
    // RFC 9207 2.4
    if answer.iss.is_some_and(|iss| iss != site.provider.issuer) {
        return Err(Trouble::Invalid("the answer comes from another issuer".to_owned()));
    }
    if let Some(code) = answer.error {
        return Err(Trouble::Refused { code, description: answer.error_description });
    }
    let code = answer.code.ok_or_else(|| Trouble::Invalid("neither code nor error".to_owned()))?;
    let signed_in = login::finish(&site.provider, pending, code).await?;
    Ok(site.sessions.sign_in(&id, signed_in))
}

async fn check(site: Shared, request: HttpRequest) -> HttpResponse {
    let Some((id, signed_in)) = visitor(&site, &request) else { return go("/", None) };
    site.sessions.replace(&id, login::check(&site.provider, signed_in).await);
    go("/", None)
}

async fn refresh(site: Shared, request: HttpRequest) -> HttpResponse {
    let Some((id, signed_in)) = visitor(&site, &request) else { return go("/", None) };
    site.sessions.replace(&id, login::refresh(&site.provider, signed_in).await);
    go("/", None)
}

/// OpenID Connect RP-Initiated Logout 1.0 section 2: our session ends first, whatever the issuer says.
async fn logout(site: Shared, request: HttpRequest) -> HttpResponse {
    let Some(signed_in) = session_id(&site, &request).and_then(|id| site.sessions.close(&id)) else {
        return go("/", Some(expired(&site)));
    };
    let target = logout_url(&site, &signed_in).await;
    go(target.as_ref().map_or("/", Url::as_str), Some(expired(&site)))
}

async fn logout_url(site: &Site, signed_in: &SignedIn) -> Option<Url> {
    let endpoint = site.provider.discovered().await.ok()?.end_session.clone()?;
    let back = PostLogoutRedirectUrl::new(format!("{}/", site.provider.public_url)).ok()?;
    let request = LogoutRequest::from(endpoint)
        .set_id_token_hint(&signed_in.id_token)
        .set_client_id(site.provider.client_id())
        .set_post_logout_redirect_uri(back);
    Some(request.http_get_url())
}

async fn privacy(site: Shared) -> HttpResponse {
    page(&site, 200, &Papers { kind: site.kind, paper: Paper::Privacy })
}

async fn terms(site: Shared) -> HttpResponse {
    page(&site, 200, &Papers { kind: site.kind, paper: Paper::Terms })
}

/// The last result of this browser's own session, for tests.
async fn last(site: Shared, request: HttpRequest) -> HttpResponse {
    let signed_in = session_id(&site, &request).and_then(|id| site.sessions.find(&id));
    let body = signed_in.map_or(Value::Null, |signed_in| {
        json!({
            "id_token": signed_in.claims,
            "userinfo": signed_in.userinfo.as_ref().ok(),
            "error": signed_in.userinfo.as_ref().err().map(Trouble::code),
            "loan_limit": signed_in.loan_limit,
            "refresh_token": signed_in.refresh.is_some(),
        })
    });
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body)
}

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType("text/css; charset=utf-8".parse().expect("a media type")))
        .body(include_str!("style.css"))
}

async fn mark(site: Shared) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType("image/svg+xml".parse().expect("a media type"))).body(site.kind.mark())
}

fn visitor(site: &Site, request: &HttpRequest) -> Option<(String, SignedIn)> {
    let id = session_id(site, request)?;
    let signed_in = site.sessions.find(&id)?;
    Some((id, signed_in))
}

fn failed(site: &Site, trouble: Trouble) -> HttpResponse {
    tracing::warn!(facility = site.kind.word(), code = trouble.code(), "a login at a demo facility did not finish");
    let status = match trouble {
        Trouble::Refused { .. } if trouble.declined() => 200,
        Trouble::Refused { .. } | Trouble::Stray => 400,
        Trouble::Unreachable(_) | Trouble::Invalid(_) => 502,
    };
    page(site, status, &Failed { kind: site.kind, trouble })
}

fn page(site: &Site, status: u16, template: &impl Template) -> HttpResponse {
    let origin = Url::parse(&site.provider.issuer).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    // A form here is answered by a redirect to the issuer, which Chromium holds against form-action too.
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {origin}; base-uri 'none'; frame-ancestors 'none'"
    );
    let status = actix_web::http::StatusCode::from_u16(status).expect("a status of ours");
    HttpResponse::build(status)
        .insert_header(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(template.render().expect("a page's template renders"))
}

fn go(target: &str, cookie: Option<Cookie<'static>>) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((LOCATION, target)).insert_header((CACHE_CONTROL, "no-store"));
    if let Some(cookie) = cookie {
        answer.cookie(cookie);
    }
    answer.finish()
}

fn session_id(site: &Site, request: &HttpRequest) -> Option<String> {
    request.cookie(&site.cookie_name).map(|cookie| cookie.value().to_owned())
}

/// Lax, because the issuer's redirect to `/callback` is a navigation from another site.
fn cookie(site: &Site, value: String) -> Cookie<'static> {
    Cookie::build(site.cookie_name.clone(), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(site.provider.public_url.starts_with("https:"))
        .finish()
}

fn expired(site: &Site) -> Cookie<'static> {
    let mut cookie = cookie(site, String::new());
    cookie.make_removal();
    cookie
}
