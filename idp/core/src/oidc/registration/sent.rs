//! The JSON of a registration, read member by member with its type.

use super::{MAX_BYTES, bad};
use crate::oidc::error::{ErrorCode, OAuthError};
use serde_json::{Map, Value};

/// Longest text of one member.
const MAX_TEXT: usize = 2048;

/// What a program sent.
#[derive(Clone, Debug)]
pub struct Sent(Map<String, Value>);

/// Reads a document.
pub fn read(body: &[u8]) -> Result<Sent, OAuthError> {
    let malformed = |what| OAuthError::because(ErrorCode::InvalidClientMetadata, what);
    if body.len() > MAX_BYTES {
        return Err(malformed("The client metadata is too large."));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(Sent(members)),
        _ => Err(malformed("The client metadata must be a JSON object.")),
    }
}

impl Sent {
    /// Whether a member is there. `null` is as good as absent (RFC 7592 2.2).
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, OAuthError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = value.as_str().filter(|text| text.len() <= MAX_TEXT);
        text.map(Some).ok_or_else(|| bad(name, "must be a short text"))
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, OAuthError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let wrong = || bad(name, "must be a list of short texts");
        let all = value.as_array().filter(|all| all.len() <= super::MAX_ADDRESSES).ok_or_else(wrong)?;
        let texts = all.iter().map(|one| one.as_str().filter(|text| text.len() <= MAX_TEXT).map(str::to_owned));
        texts.collect::<Option<Vec<_>>>().map(Some).ok_or_else(wrong)
    }

    /// A number of seconds.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<u32>, OAuthError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
        seconds.map(Some).ok_or_else(|| bad(name, "must be a number of seconds"))
    }

    /// A boolean.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, OAuthError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| bad(name, "must be true or false"))
    }
}
