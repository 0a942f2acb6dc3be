//! Addresses in client metadata. They end in pages, redirects and requests of ours, so each kind has its own narrow rule.

use super::sent::Sent;
use super::{MAX_ADDRESSES, bad};
use crate::domain::client::ApplicationType;
use crate::oidc::error::OAuthError;
use url::{Host, Url};

/// RFC 6749 3.1.2, RFC 9700 4.1, RFC 8252 7 and 8.4, OpenID Connect Dynamic Client Registration 2: why an address may not be a
/// redirect_uri, if it may not.
pub fn check_redirect_uri(address: &str, kind: ApplicationType) -> Result<(), &'static str> {
    let url = Url::parse(address).map_err(|_| "must be an absolute address")?;
    if !plain(address) {
        return Err("must be written out, without control characters, spaces or backslashes");
    }
    if address.contains('#') {
        return Err("must have no fragment");
    }
    if address.contains('*') {
        return Err("must have no wildcard");
    }
    if !nobody(&url) {
        return Err("must hold no user or password");
    }
    match (url.scheme(), kind) {
        ("https", _) => Ok(()),
        // RFC 8252 7.3: a program on the person's own machine; the demo's facilities too.
        ("http", _) if is_loopback(&url) => Ok(()),
        ("http", _) => Err("must be https"),
        // RFC 8252 7.1: a private scheme is a reversed domain name, which no scheme of browsers is.
        (scheme, ApplicationType::Native) if scheme.contains('.') => Ok(()),
        _ => Err("has a scheme that is not allowed"),
    }
}

pub(super) fn redirect_uris(sent: &Sent, kind: ApplicationType) -> Result<Vec<String>, OAuthError> {
    let uris = list(sent, "redirect_uris", kind)?;
    if uris.is_empty() { Err(bad("redirect_uris", "is missing")) } else { Ok(uris) }
}

pub(super) fn list(sent: &Sent, name: &str, kind: ApplicationType) -> Result<Vec<String>, OAuthError> {
    let uris = sent.texts(name)?.unwrap_or_default();
    uris.iter().try_for_each(|uri| check_redirect_uri(uri, kind).map_err(|why| bad(name, why)))?;
    Ok(uris)
}

/// OpenID Connect Core 6.2: https, or signed; a fragment may hold the hash of the content.
pub(super) fn request_uris(sent: &Sent) -> Result<Vec<String>, OAuthError> {
    let uris = sent.texts("request_uris")?.unwrap_or_default();
    let fits = |uri: &String| Url::parse(uri).is_ok_and(|url| url.scheme() == "https" && nobody(&url)) && plain(uri);
    if uris.len() <= MAX_ADDRESSES && uris.iter().all(fits) {
        Ok(uris)
    } else {
        Err(bad("request_uris", "must be https addresses"))
    }
}

/// An address that PASS or a browser calls by itself: https and nothing else.
pub(super) fn https(sent: &Sent, name: &str) -> Result<Option<String>, OAuthError> {
    let Some(text) = sent.text(name)? else { return Ok(None) };
    let fits = Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.fragment().is_none() && nobody(&url));
    if fits && plain(text) { Ok(Some(text.to_owned())) } else { Err(bad(name, "must be an https address")) }
}

/// Front-Channel Logout 2: the origin of a registered redirect_uri, so that the frame can have the client's own cookies.
pub fn check_frontchannel_logout(address: &str, redirect_uris: &[String]) -> Result<(), &'static str> {
    let url = Url::parse(address).map_err(|_| "must be an absolute address")?;
    let web = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !web || url.fragment().is_some() || !nobody(&url) || !plain(address) {
        return Err("must be an https address without a fragment");
    }
    let same = |uri: &String| Url::parse(uri).is_ok_and(|uri| uri.origin() == url.origin());
    if redirect_uris.iter().any(same) { Ok(()) } else { Err("must have scheme, host and port of a redirect_uri") }
}

pub(super) fn frontchannel_logout(sent: &Sent) -> Result<Option<String>, OAuthError> {
    const NAME: &str = "frontchannel_logout_uri";
    let Some(address) = sent.text(NAME)? else { return Ok(None) };
    let known = sent.texts("redirect_uris")?.unwrap_or_default();
    check_frontchannel_logout(address, &known).map_err(|why| bad(NAME, why))?;
    Ok(Some(address.to_owned()))
}

/// A link on a page of ours: `javascript:` and `data:` are no links.
pub(super) fn page(sent: &Sent, name: &str) -> Result<Option<String>, OAuthError> {
    let Some(text) = sent.text(name)? else { return Ok(None) };
    let fits = Url::parse(text)
        .is_ok_and(|url| (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url))) && nobody(&url));
    if fits && plain(text) { Ok(Some(text.to_owned())) } else { Err(bad(name, "must be an https address")) }
}

/// What parsers of addresses read in different ways: odd characters, and an authority without its two slashes (`https:rp.example`,
/// `https:/rp.example` and `https:///rp.example` are one address to browsers and none by RFC 3986 3).
fn plain(address: &str) -> bool {
    let (scheme, rest) = address.split_once(':').unwrap_or_default();
    let web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let written_out = !web || rest.strip_prefix("//").is_some_and(|host| !host.starts_with('/'));
    written_out && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// `https://pass.example@evil.example/` looks like another address than it is (RFC 3986 7.6).
fn nobody(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
