//! HTTP Basic (RFC 7617) with form-encoded parts (RFC 6749 2.3.1).

use super::refused;
use crate::oidc::error::OAuthError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

/// Client id and secret of an `Authorization` header.
pub(super) fn read(header: &str) -> Result<(String, String), OAuthError> {
    let malformed = || refused("the Authorization header is not Basic with id and secret");
    let (scheme, value) = header.split_once(' ').ok_or_else(malformed)?;
    // RFC 9110 11.1: the scheme is case-insensitive.
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed());
    }
    let pair =
        STANDARD.decode(value.trim()).ok().and_then(|pair| String::from_utf8(pair).ok()).ok_or_else(malformed)?;
    let (id, secret) = pair.split_once(':').ok_or_else(malformed)?;
    Ok((decoded(id).ok_or_else(malformed)?, decoded(secret).ok_or_else(malformed)?))
}

/// RFC 6749 appendix B. Exactly one value: a stray `&` or `=` is data, not structure.
fn decoded(part: &str) -> Option<String> {
    let escaped = part.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map_or_else(|| Some(String::new()), |(value, _)| Some(value.into_owned()))
}
