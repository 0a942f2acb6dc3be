//! Parameters of a query or a form, with repeats detected (RFC 6749 3.1 and 3.2) and limits on their size.

use super::error::{ErrorCode, OAuthError};
use std::collections::BTreeMap;
use url::form_urlencoded;

/// Longest encoded query or form that is read.
pub const MAX_ENCODED: usize = 65_536;
const MAX_COUNT: usize = 128;
const MAX_VALUE: usize = 16_384;

/// Parameters of one request.
#[derive(Clone, Default)]
pub struct Params {
    values: BTreeMap<String, Values>,
}

#[derive(Clone)]
enum Values {
    One(String),
    Many,
}

impl Params {
    /// Reads an `application/x-www-form-urlencoded` query or body.
    pub fn parse(encoded: &str) -> Result<Self, OAuthError> {
        if encoded.len() > MAX_ENCODED {
            return Err(OAuthError::because(ErrorCode::InvalidRequest, "The request is too large."));
        }
        let mut values = BTreeMap::new();
        for (count, (name, value)) in form_urlencoded::parse(encoded.as_bytes()).enumerate() {
            if count >= MAX_COUNT || value.len() > MAX_VALUE {
                return Err(OAuthError::because(ErrorCode::InvalidRequest, "A parameter is too large."));
            }
            // RFC 6749 appendix B: UTF-8. What could only be echoed changed is not read at all.
            if value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(OAuthError::because(ErrorCode::InvalidRequest, "A parameter is not UTF-8."));
            }
            values
                .entry(name.into_owned())
                .and_modify(|value| *value = Values::Many)
                .or_insert_with(|| Values::One(value.into_owned()));
        }
        Ok(Self { values })
    }

    /// The value of a parameter that came once. An empty one counts as left out (RFC 6749 3.1), a repeated one
    /// has no value: whoever reads parameters must ask for `repeated` too.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Values::One(value) if !value.is_empty() => Some(value),
            Values::One(_) | Values::Many => None,
        }
    }

    /// Puts one value in the place of whatever was there.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), Values::One(value.to_owned()));
    }

    /// As if it had not been sent.
    pub(super) fn remove(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// The value, or `invalid_request`.
    pub fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::about(ErrorCode::InvalidRequest, name, "is missing"))
    }

    /// Whether this parameter came more than once.
    pub fn is_repeated(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Values::Many))
    }

    /// Refuses a request in which any parameter came more than once.
    pub fn refuse_repeats(&self) -> Result<(), OAuthError> {
        // RFC 6749 3.1: "Request and response parameters MUST NOT be included more than once."
        // RFC 8707 2 lets `resource` repeat; PASS ignores it.
        let repeated = self.values.iter().find(|(name, value)| matches!(value, Values::Many) && *name != "resource");
        match repeated {
            None => Ok(()),
            Some((name, _)) => Err(OAuthError::about(ErrorCode::InvalidRequest, name, "is repeated")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_49_a_repeated_parameter_has_no_value_and_is_refused() {
        let params = Params::parse("nonce=a&state=x+y%2Bz&nonce=b&empty=").unwrap();
        assert_eq!(params.get("nonce"), None);
        assert!(params.is_repeated("nonce"));
        let refused = params.refuse_repeats().unwrap_err();
        assert_eq!(
            (refused.code(), refused.description()),
            (ErrorCode::InvalidRequest, "The parameter nonce is repeated.")
        );
        assert_eq!(params.required("scope").unwrap_err().description(), "The parameter scope is missing.");
        assert_eq!(params.get("state"), Some("x y+z"));
        assert_eq!(params.get("empty"), None);
        assert!(Params::parse("resource=a&resource=b").unwrap().refuse_repeats().is_ok());
        assert!(Params::parse("state=%ff%fe").is_err());
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let many = (0..=MAX_COUNT).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
        for encoded in [format!("state={}", "x".repeat(MAX_ENCODED)), format!("s={}", "x".repeat(MAX_VALUE + 1)), many]
        {
            assert!(Params::parse(&encoded).is_err());
        }
    }
}
