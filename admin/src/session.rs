//! Staff sessions: a cookie of their own, never the resident's, eight hours long, not sent from other sites.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration as CookieTime};
use pass_core::domain::staff::{Staff, StaffSession};
use pass_core::fault::Outcome;
use pass_core::secret::Hash;
use pass_core::{Time, id::StaffId};
use pass_web::app::App;
use std::time::Duration;

/// How long a sign-in of staff lasts: a working day.
pub const LIFE: Duration = Duration::from_secs(8 * 3600);

const STAFF: &str = "pass-staff";
const FACILITY: &str = "pass-staff-facility";

/// Who is signed in with this request's cookie.
pub async fn find(app: &App, request: &HttpRequest, now: Time) -> Outcome<Option<Staff>> {
    let Some(hash) = presented(app, request) else { return Ok(None) };
    app.store
        .read_now(move |tx| {
            let Some(session) = pass_store::staff_sessions::find_live(tx, &hash, now)? else { return Ok(None) };
            // Somebody who left is signed out everywhere at once.
            Ok(pass_store::staff::find(tx, session.staff)?.filter(|staff| staff.closed_at.is_none()))
        })
        .await
}

/// The hash of the cookie that came with the request.
pub fn presented(app: &App, request: &HttpRequest) -> Option<Hash> {
    request.cookie(&name(app, STAFF)).map(|cookie| Hash::of(cookie.value()))
}

/// A fresh session: its row and its cookie. The secret is new at each sign-in, so that a planted cookie is worth nothing.
pub fn begin(app: &App, staff: StaffId, now: Time) -> (StaffSession, Cookie<'static>) {
    let secret = app.token();
    let session = StaffSession { hash: Hash::of(&secret), staff, expires_at: now + LIFE };
    (session, cookie(app, STAFF, secret, CookieTime::seconds(LIFE.as_secs().cast_signed())))
}

/// The cookie that ends a session in the browser.
pub fn gone(app: &App) -> Cookie<'static> {
    cookie(app, STAFF, String::new(), CookieTime::ZERO)
}

/// The facility a city administrator looks at.
pub fn chosen_facility(app: &App, request: &HttpRequest) -> Option<String> {
    request.cookie(&name(app, FACILITY)).map(|cookie| cookie.value().to_owned())
}

/// The cookie that remembers it.
pub fn choose_facility(app: &App, slug: String) -> Cookie<'static> {
    cookie(app, FACILITY, slug, CookieTime::days(30))
}

/// RFC 6265bis 4.1.3.2: under https the name itself promises Secure, Path=/ and no Domain.
fn name(app: &App, plain: &str) -> String {
    if app.settings.https { format!("__Host-{plain}") } else { plain.to_owned() }
}

fn cookie(app: &App, plain: &str, value: String, life: CookieTime) -> Cookie<'static> {
    Cookie::build(name(app, plain), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.settings.https)
        .max_age(life)
        .finish()
}
