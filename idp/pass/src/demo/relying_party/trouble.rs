//! What can go wrong for a relying party, and what its page says about it.

use std::fmt;

use openidconnect::{
    HttpClientError, RequestTokenError, StandardErrorResponse, UserInfoError, core::CoreErrorResponseType, reqwest,
};
use serde_json::Value;

type Http = HttpClientError<reqwest::Error>;

/// Why there is no signed-in visitor, or no answer about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The issuer does not answer, or its documents do not fit.
    Unreachable(String),
    /// The issuer said no with an OAuth code, at any of its endpoints.
    Refused { code: String, description: Option<String> },
    /// The answer fits no request of this browser: old tab, second use, or somebody else's link.
    Stray,
    /// A token or document of the issuer failed our checks.
    Invalid(String),
}

impl Trouble {
    pub(super) fn code(&self) -> &str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Refused { code, .. } => code,
            Self::Stray => "unknown_state",
            Self::Invalid(_) => "invalid_token_received",
        }
    }

    /// The visitor said no herself: no fault of anybody.
    pub(super) fn declined(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "access_denied")
    }

    pub(super) fn headline(&self) -> &'static str {
        match self {
            Self::Refused { .. } if self.declined() => "ログインをやめました",
            Self::Unreachable(_) => "いまPASSにつながりません",
            Self::Stray => "ログインの続きが見つかりません",
            Self::Refused { .. } | Self::Invalid(_) => "ログインできませんでした",
        }
    }

    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Refused { .. } if self.declined() => "情報は何も受け取っていません。カウンターでも登録できます。",
            Self::Unreachable(_) => "少し待ってから、もう一度お試しください。急ぐときはカウンターへお越しください。",
            Self::Stray => {
                "画面を長く開いたままにしたか、戻るボタンを使ったときに起こります。最初からやり直してください。"
            }
            Self::Refused { .. } | Self::Invalid(_) => {
                "もう一度お試しください。続くときは、下の番号を係員にお知らせください。"
            }
        }
    }

    /// RFC 6750 3.1: the code of a refused bearer token, from the body where there is one.
    pub(super) fn from_body(status: u16, body: &[u8]) -> Self {
        let parsed = serde_json::from_slice::<Value>(body).unwrap_or_default();
        let text = |key: &str| parsed.get(key).and_then(Value::as_str).map(str::to_owned);
        let code = text("error").unwrap_or_else(|| match status {
            401 => "invalid_token".to_owned(),
            other => format!("http_{other}"),
        });
        Self::Refused { code, description: text("error_description") }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) | Self::Invalid(why) => write!(f, "{}: {why}", self.code()),
            Self::Refused { code, description } => write!(f, "{code}: {}", description.as_deref().unwrap_or("-")),
            Self::Stray => f.write_str(self.code()),
        }
    }
}

impl From<RequestTokenError<Http, StandardErrorResponse<CoreErrorResponseType>>> for Trouble {
    fn from(error: RequestTokenError<Http, StandardErrorResponse<CoreErrorResponseType>>) -> Self {
        match error {
            RequestTokenError::ServerResponse(answer) => Self::Refused {
                code: answer.error().as_ref().to_owned(),
                description: answer.error_description().cloned(),
            },
            RequestTokenError::Request(why) => Self::Unreachable(why.to_string()),
            RequestTokenError::Parse(why, _) => Self::Invalid(why.to_string()),
            RequestTokenError::Other(why) => Self::Invalid(why),
        }
    }
}

impl From<UserInfoError<Http>> for Trouble {
    fn from(error: UserInfoError<Http>) -> Self {
        match error {
            UserInfoError::Response(status, body, _) => Self::from_body(status.as_u16(), &body),
            UserInfoError::Request(why) => Self::Unreachable(why.to_string()),
            other => Self::Invalid(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_token_keeps_the_code_of_the_answer() {
        for (status, body, code) in [
            (401, r#"{"error":"invalid_token"}"#, "invalid_token"),
            (403, r#"{"error":"insufficient_scope","error_description":"x"}"#, "insufficient_scope"),
            (401, "", "invalid_token"),
            (503, "<html>", "http_503"),
        ] {
            assert_eq!(Trouble::from_body(status, body.as_bytes()).code(), code, "{status} {body}");
        }
    }

    #[test]
    fn only_access_denied_is_the_visitors_own_no() {
        let refused = |code: &str| Trouble::Refused { code: code.to_owned(), description: None };
        assert!(refused("access_denied").declined());
        assert!(!refused("server_error").declined());
        assert!(!Trouble::Stray.declined());
    }
}
