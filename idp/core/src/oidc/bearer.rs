//! Bearer tokens in requests (RFC 6750 2): the header, or the form of a POST. Never the query (2.3 is left out).

use super::error::{ErrorCode, NO_TOKEN_CHALLENGE, OAuthError};
use super::params::Params;

/// Why there is no token to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoToken {
    /// The request brought none: 401 with the bare challenge (RFC 6750 3.1).
    Absent,
    /// The request is malformed.
    Refused(OAuthError),
}

impl NoToken {
    /// HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Absent => 401,
            Self::Refused(error) => error.status(),
        }
    }

    /// The `WWW-Authenticate` header.
    pub fn challenge(&self) -> String {
        let challenge = match self {
            Self::Absent => None,
            Self::Refused(error) => error.challenge(),
        };
        challenge.unwrap_or_else(|| NO_TOKEN_CHALLENGE.to_owned())
    }
}

/// The token of a request. `form` is the body of a POST with `application/x-www-form-urlencoded`.
pub fn token<'a>(authorization: Option<&'a str>, form: Option<&'a Params>) -> Result<&'a str, NoToken> {
    let refused = |why| NoToken::Refused(OAuthError::because(ErrorCode::InvalidRequest, why).at_resource());
    if form.is_some_and(|form| form.is_repeated("access_token")) {
        let repeated = OAuthError::about(ErrorCode::InvalidRequest, "access_token", "is repeated");
        return Err(NoToken::Refused(repeated.at_resource()));
    }
    let from_header = authorization.and_then(|header| header.split_once(' '));
    // RFC 9110 11.1: the scheme is case-insensitive.
    let from_header =
        from_header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    match (from_header, form.and_then(|form| form.get("access_token"))) {
        // RFC 6750 2: "Clients MUST NOT use more than one method"
        (Some(_), Some(_)) => Err(refused("The token came twice.")),
        (Some(token), None) | (None, Some(token)) if !token.is_empty() => Ok(token),
        _ => Err(NoToken::Absent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_49_a_bearer_token_is_found_in_header_or_form() {
        let form = Params::parse("access_token=abc").unwrap();
        let other = Params::parse("x=1").unwrap();
        assert_eq!(token(Some("Bearer abc"), None), Ok("abc"));
        assert_eq!(token(Some("bEARER abc"), Some(&other)), Ok("abc"));
        assert_eq!(token(None, Some(&form)), Ok("abc"));
        assert_eq!(token(Some("Basic abc"), None), Err(NoToken::Absent));
        assert_eq!(token(Some("Bearer "), None), Err(NoToken::Absent));
        assert_eq!(token(None, None).unwrap_err().challenge(), r#"Bearer realm="pass""#);
        let twice = token(Some("Bearer abc"), Some(&form)).unwrap_err();
        assert_eq!(twice.status(), 400);
        assert!(twice.challenge().contains("invalid_request"));
    }
}
