//! What a request must be before anything is looked at: addressed to us, and a page opened or a form sent by a person.

use super::Desk;
use actix_web::HttpRequest;

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// `Host` is not our loopback address: a foreign name that was bent to this machine (DNS rebinding).
    Host,
    /// Not a page opened at the top of a window: a frame, a script, a picture.
    Navigation,
    /// A form that stood on somebody else's page.
    Site,
    /// An issuer that is not on the allow list.
    Issuer,
    /// A return address that is not the issuer's.
    Back,
}

/// `Host` is exactly one of our own addresses.
pub(super) fn addressed_to_us(desk: &Desk, request: &HttpRequest) -> Result<(), Refused> {
    let host = header(request, "host");
    if host.is_some_and(|host| desk.hosts.iter().any(|ours| ours == host)) { Ok(()) } else { Err(Refused::Host) }
}

/// A page opened at the top of a window. Browsers say so on loopback (Fetch Metadata 2); what is not said is not required.
pub(super) fn navigation(request: &HttpRequest) -> Result<(), Refused> {
    let is = |name, wanted| header(request, name).is_none_or(|value| value == wanted);
    if is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document") { Ok(()) } else { Err(Refused::Navigation) }
}

/// A form that stood on a page of ours. Our pages let the browser name itself (`Referrer-Policy: same-origin`), so that
/// an `Origin: null` is a stranger.
pub(super) fn own_form(request: &HttpRequest) -> Result<(), Refused> {
    navigation(request)?;
    let ours = header(request, "host").map(|host| format!("http://{host}"));
    let origin = header(request, "origin").is_none_or(|origin| Some(origin) == ours.as_deref());
    let site = header(request, "sec-fetch-site").is_none_or(|site| site == "same-origin");
    if origin && site { Ok(()) } else { Err(Refused::Site) }
}

/// A header that is sent twice, or is no text, is as good as a wrong one.
fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let mut values = request.headers().get_all(name);
    let first = values.next()?;
    Some(if values.next().is_some() { "" } else { first.to_str().unwrap_or("") })
}
