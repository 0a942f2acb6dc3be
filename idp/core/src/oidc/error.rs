//! Errors for programs: one table of codes with status, default description and challenge.
//!
//! RFC 6749 4.1.2.1 and 5.2, RFC 6750 3.1, RFC 7009 2.2.1, OpenID Connect Core 3.1.2.6, 6 and 7.2.1,
//! Unmet Authentication Requirements 1.0, RFC 9470 3. Left out: `error_uri`.

use serde_json::{Map, Value};
use std::borrow::Cow;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $status:literal, $challenge:ident, $text:literal;)*) => {
        /// An error code as programs read it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $name,)* }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The value of `error`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// HTTP status where the error is the body of an answer.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// Which `WWW-Authenticate` goes with it.
            const fn challenge(self) -> Challenge {
                match self { $(Self::$name => Challenge::$challenge,)* }
            }

            /// What is said when there is nothing more exact to say.
            const fn description(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Challenge {
    None,
    /// RFC 6749 5.2: a client that tried `Authorization` is told the scheme.
    Basic,
    /// RFC 6750 3.
    Bearer,
}

codes! {
    /// RFC 6749 4.1.2.1, 5.2
    InvalidRequest = "invalid_request", 400, None, "The request is malformed.";
    /// RFC 6749 5.2
    InvalidClient = "invalid_client", 401, Basic, "Client authentication failed.";
    /// RFC 6749 5.2
    InvalidGrant = "invalid_grant", 400, None, "The code or token is not valid, or not for this client.";
    /// RFC 6749 4.1.2.1, 5.2
    UnauthorizedClient = "unauthorized_client", 400, None, "The client may not use this grant or response type.";
    /// RFC 6749 5.2
    UnsupportedGrantType = "unsupported_grant_type", 400, None, "The grant type is not supported.";
    /// RFC 6749 4.1.2.1
    UnsupportedResponseType = "unsupported_response_type", 400, None, "The response_type is not supported.";
    /// RFC 6749 4.1.2.1, 5.2
    InvalidScope = "invalid_scope", 400, None, "The scope is malformed or not allowed.";
    /// RFC 6749 4.1.2.1
    AccessDenied = "access_denied", 403, None, "The resident did not agree.";
    /// RFC 6749 4.1.2.1
    ServerError = "server_error", 500, None, "Something failed on our side.";
    /// RFC 6749 4.1.2.1
    TemporarilyUnavailable = "temporarily_unavailable", 503, None, "Please try again later.";
    /// OpenID Connect Core 3.1.2.6
    LoginRequired = "login_required", 400, None, "The resident has to sign in.";
    /// OpenID Connect Core 3.1.2.6
    InteractionRequired = "interaction_required", 400, None, "The resident has to do something first.";
    /// OpenID Connect Core 3.1.2.6
    ConsentRequired = "consent_required", 400, None, "The resident has to agree first.";
    /// OpenID Connect Core 3.1.2.6
    AccountSelectionRequired = "account_selection_required", 400, None, "The resident has to choose a person.";
    /// Unmet Authentication Requirements 1.0
    UnmetAuthenticationRequirements = "unmet_authentication_requirements", 400, None,
        "The sign-in is not as strong as the request needs.";
    /// OpenID Connect Core 3.1.2.6
    RequestNotSupported = "request_not_supported", 400, None, "The request parameter is not supported.";
    /// OpenID Connect Core 3.1.2.6
    RequestUriNotSupported = "request_uri_not_supported", 400, None, "The request_uri parameter is not supported.";
    /// OpenID Connect Core 3.1.2.6
    RegistrationNotSupported = "registration_not_supported", 400, None, "The registration parameter is not supported.";
    /// RFC 7591 3.2.2
    InvalidRedirectUri = "invalid_redirect_uri", 400, None, "A redirect_uri is not acceptable.";
    /// RFC 7591 3.2.2
    InvalidClientMetadata = "invalid_client_metadata", 400, None, "The client metadata is not acceptable.";
    /// RFC 7591 3.2.2
    InvalidSoftwareStatement = "invalid_software_statement", 400, None, "Software statements are not supported.";
    /// RFC 9101 7
    InvalidRequestObject = "invalid_request_object", 400, None, "The request object is not valid.";
    /// RFC 9101 7
    InvalidRequestUri = "invalid_request_uri", 400, None, "The request object could not be fetched.";
    /// RFC 6750 3.1
    InvalidToken = "invalid_token", 401, Bearer, "The access token is not valid.";
    /// RFC 6750 3.1
    InsufficientScope = "insufficient_scope", 403, Bearer, "The access token does not reach that far.";
}

/// An error for a program. What it may read is fixed text; what only operators may read stands apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    code: ErrorCode,
    description: Cow<'static, str>,
    detail: Option<String>,
    bearer: bool,
}

impl OAuthError {
    /// The error with the description of its code.
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, description: Cow::Borrowed(code.description()), detail: None, bearer: false }
    }

    /// With a more exact, fixed description (plain ASCII without `"` and `\`, RFC 6749 5.2).
    pub const fn because(code: ErrorCode, description: &'static str) -> Self {
        Self { code, description: Cow::Borrowed(description), detail: None, bearer: false }
    }

    /// With the name of the parameter that is at fault. A name that may not stand in a description is left out.
    pub fn about(code: ErrorCode, parameter: &str, what: &str) -> Self {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        let description = if (1..=40).contains(&parameter.len()) && parameter.bytes().all(plain) {
            format!("The parameter {parameter} {what}.")
        } else {
            format!("A parameter {what}.")
        };
        Self { code, description: Cow::Owned(description), detail: None, bearer: false }
    }

    /// With a detail for the log of operators. It must hold no personal value and no secret.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With the name of the rule that refused, where nothing more exact is known.
    #[must_use]
    pub fn or_detail(mut self, rule: &str) -> Self {
        self.detail.get_or_insert_with(|| rule.to_owned());
        self
    }

    /// The same error where a bearer token was asked for: it is challenged for one (RFC 6750 3).
    #[must_use]
    pub const fn at_resource(mut self) -> Self {
        self.bearer = true;
        self
    }

    /// Its code.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The text for the program.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The text for operators, if there is one.
    pub fn private_detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// HTTP status.
    pub const fn status(&self) -> u16 {
        self.code.status()
    }

    /// The JSON body (RFC 6749 5.2).
    pub fn body(&self) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("error".into(), self.code.as_str().into());
        body.insert("error_description".into(), self.description().into());
        body
    }

    /// The `WWW-Authenticate` header, where there is one.
    pub fn challenge(&self) -> Option<String> {
        match self.code.challenge() {
            Challenge::Basic => Some(r#"Basic realm="pass", charset="UTF-8""#.into()),
            Challenge::None if !self.bearer => None,
            Challenge::Bearer | Challenge::None => Some(format!(
                r#"Bearer realm="pass", error="{}", error_description="{}""#,
                self.code.as_str(),
                self.description
            )),
        }
    }
}

impl From<ErrorCode> for OAuthError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

/// The challenge of a request that brought no token at all: no error code (RFC 6750 3.1).
pub const NO_TOKEN_CHALLENGE: &str = r#"Bearer realm="pass""#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_49_every_error_has_one_code_a_safe_description_and_its_status() {
        let mut words: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ErrorCode::ALL.len());
        for &code in ErrorCode::ALL {
            let error = OAuthError::new(code);
            // RFC 6749 5.2: %x20-21 / %x23-5B / %x5D-7E.
            assert!(
                error.description().bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\'),
                "{code:?}"
            );
            assert_eq!(error.body()["error"], code.as_str());
        }
    }

    #[test]
    fn cap_49_status_and_challenge_follow_the_table() {
        let cases = [
            (ErrorCode::InvalidRequest, 400, None),
            (ErrorCode::InvalidGrant, 400, None),
            (ErrorCode::InvalidScope, 400, None),
            (ErrorCode::UnsupportedGrantType, 400, None),
            (ErrorCode::UnauthorizedClient, 400, None),
            (ErrorCode::InvalidClient, 401, Some("Basic realm")),
            (ErrorCode::InvalidToken, 401, Some(r#"Bearer realm="pass", error="invalid_token""#)),
            (ErrorCode::InsufficientScope, 403, Some(r#"Bearer realm="pass", error="insufficient_scope""#)),
            (ErrorCode::ServerError, 500, None),
            (ErrorCode::TemporarilyUnavailable, 503, None),
        ];
        for (code, status, challenge) in cases {
            let error = OAuthError::new(code);
            assert_eq!(error.status(), status, "{code:?}");
            match challenge {
                None => assert_eq!(error.challenge(), None, "{code:?}"),
                Some(start) => assert!(error.challenge().unwrap().starts_with(start), "{code:?}"),
            }
        }
        let at_userinfo = OAuthError::new(ErrorCode::InvalidRequest).at_resource();
        assert!(at_userinfo.challenge().unwrap().contains(r#"error="invalid_request""#));
    }

    #[test]
    fn the_detail_for_operators_never_reaches_the_body() {
        let error = OAuthError::new(ErrorCode::InvalidClient).detail("secret does not match");
        assert!(!serde_json::to_string(&error.body()).unwrap().contains("match"));
        assert_eq!(error.private_detail(), Some("secret does not match"));
    }

    #[test]
    fn an_error_names_the_parameter_unless_its_name_is_no_plain_word() {
        let about = |name: &str| OAuthError::about(ErrorCode::InvalidRequest, name, "is missing");
        assert_eq!(about("code_verifier").body()["error_description"], "The parameter code_verifier is missing.");
        for strange in ["", "a\"b", "日本", "a b", &"x".repeat(41)] {
            assert_eq!(about(strange).description(), "A parameter is missing.");
        }
    }
}
