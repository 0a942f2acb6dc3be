//! A capture token: which view of the camera page a picture was taken for.
//!
//! It stands in the page's forms, is bound to browser, session and page, serves once and not for long. A picture that was posted
//! before, was sent without the page, or was kept for later is not compared and not enrolled (NIST SP 800-63B-4 3.2.3). It does
//! not see a camera that the browser was given in place of the real one: a kiosk with a key of its own does (docs/face.md).

use crate::app::App;
use crate::visit::Visit;
use pass_core::secret::{Hash, base64url};
use pass_core::{Fault, Time};
use std::time::Duration;
use subtle::ConstantTimeEq as _;

/// How long a page may stand open before its picture is sent.
const LIFE: Duration = Duration::from_secs(600);

/// The token of one view of a page.
pub fn issue(app: &App, visit: &Visit, page: &str) -> String {
    signed(app, visit, page, &app.token(), visit.now)
}

/// Takes it, once. `false`: it is missing, of another page, browser or session, over, or was used.
pub async fn take(app: &App, visit: &Visit, page: &str, token: &str) -> Result<bool, Fault> {
    let mut parts = token.splitn(3, '.');
    let (Some(nonce), Some(Ok(at))) = (parts.next(), parts.next().map(str::parse)) else { return Ok(false) };
    let at = Time(at);
    let ours = signed(app, visit, page, nonce, at).as_bytes().ct_eq(token.as_bytes());
    if !bool::from(ours) || at > visit.now || visit.now.since(at) >= LIFE {
        return Ok(false);
    }
    let (hash, until) = (Hash::of(token), at + LIFE);
    app.store.write(move |tx| pass_store::replays::remember(tx, &hash, until)).await
}

fn signed(app: &App, visit: &Visit, page: &str, nonce: &str, at: Time) -> String {
    let session = visit.session.as_ref().map(|session| session.id.0).unwrap_or_default();
    let time = at.0.to_string();
    let parts = [b"capture", visit.browser.as_bytes(), &session, page.as_bytes(), nonce.as_bytes(), time.as_bytes()];
    format!("{nonce}.{time}.{}", base64url(&app.keys.forms.mac(&parts).0))
}
