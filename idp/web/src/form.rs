//! Forms: whether a POST came from a page of ours in this browser.

use crate::app::App;
use crate::visit::Visit;
use actix_web::HttpRequest;
use subtle::ConstantTimeEq;

/// Checks the form token, and what the browser says about where the form stood.
pub fn is_ours(app: &App, request: &HttpRequest, visit: &Visit, token: Option<&str>) -> bool {
    let token_fits = token.is_some_and(|token| visit.csrf(app).as_bytes().ct_eq(token.as_bytes()).into());
    token_fits && came_from_us(app, request)
}

/// `Origin` and `Sec-Fetch-Site`, where the browser sends them, must name the issuer.
fn came_from_us(app: &App, request: &HttpRequest) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    // `null` comes from pages with `Referrer-Policy: no-referrer` in some browsers; the token decides then.
    let origin_fits =
        header("origin").is_none_or(|origin| origin == "null" || origin == origin_of(&app.settings.issuer));
    let site_fits = header("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    origin_fits && site_fits
}

/// Scheme, host and port of an address.
pub fn origin_of(address: &str) -> String {
    url::Url::parse(address).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}
