//! Algorithms in client metadata. `none` is not among them, whatever it is asked for.

use super::bad;
use super::sent::Sent;
use crate::domain::client::{ContentEncryption, Encryption, KeyManagementAlg, SigningAlg};
use crate::oidc::error::OAuthError;

pub(super) fn signing(sent: &Sent, name: &str) -> Result<Option<SigningAlg>, OAuthError> {
    let Some(word) = sent.text(name)? else { return Ok(None) };
    SigningAlg::parse(word).map(Some).ok_or_else(|| bad(name, "is not supported"))
}

/// `{what}_encrypted_response_alg` and `_enc`, whose default is A128CBC-HS256 and which means nothing alone
/// (OpenID Connect Dynamic Client Registration 2).
pub(super) fn encryption(sent: &Sent, what: &str) -> Result<Option<Encryption>, OAuthError> {
    let (alg, enc) = (format!("{what}_encrypted_response_alg"), format!("{what}_encrypted_response_enc"));
    let method = match sent.text(&enc)? {
        None => None,
        Some(word) => Some(ContentEncryption::parse(word).ok_or_else(|| bad(&enc, "is not supported"))?),
    };
    match sent.text(&alg)? {
        None if method.is_some() => Err(bad(&alg, "is missing")),
        None => Ok(None),
        Some(word) => {
            let alg = KeyManagementAlg::parse(word).ok_or_else(|| bad(&alg, "is not supported"))?;
            Ok(Some(Encryption { alg, enc: method.unwrap_or(ContentEncryption::A128CbcHs256) }))
        }
    }
}

/// Protections that PASS does not give.
pub(super) fn unsupported(sent: &Sent) -> Result<(), OAuthError> {
    let names = [
        "request_object_encryption_alg",
        "request_object_encryption_enc",
        "authorization_signed_response_alg",
        "authorization_encrypted_response_alg",
        "introspection_signed_response_alg",
    ];
    let asked = names.into_iter().find(|name| sent.has(name));
    let bound = [
        "tls_client_certificate_bound_access_tokens",
        "dpop_bound_access_tokens",
        "require_pushed_authorization_requests",
    ];
    let bound = bound.into_iter().find(|name| sent.value(name).is_some_and(|value| value != false));
    asked.or(bound).map_or(Ok(()), |name| Err(bad(name, "is not supported")))
}
