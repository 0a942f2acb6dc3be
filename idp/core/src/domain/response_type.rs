//! What an authorization endpoint may be asked for (OAuth 2.0 Multiple Response Type Encoding Practices 2 and 5). Data: checks
//! and answers ask these questions, none of them forks by the type.

use serde::{Deserialize, Serialize};

/// A `response_type`. Those that answer in the front channel are off unless the client's flags say otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResponseType {
    /// The code flow.
    #[default]
    #[serde(rename = "code")]
    Code,
    /// Implicit: an ID token alone.
    #[serde(rename = "id_token")]
    IdToken,
    /// Implicit: an ID token and an access token.
    #[serde(rename = "id_token token")]
    IdTokenToken,
    /// Hybrid.
    #[serde(rename = "code id_token")]
    CodeIdToken,
    /// Hybrid.
    #[serde(rename = "code token")]
    CodeToken,
    /// Hybrid.
    #[serde(rename = "code id_token token")]
    CodeIdTokenToken,
}

impl ResponseType {
    /// All of them, in the order of discovery.
    pub const ALL: [Self; 6] =
        [Self::Code, Self::IdToken, Self::IdTokenToken, Self::CodeIdToken, Self::CodeToken, Self::CodeIdTokenToken];

    /// The registered value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::IdToken => "id_token",
            Self::IdTokenToken => "id_token token",
            Self::CodeIdToken => "code id_token",
            Self::CodeToken => "code token",
            Self::CodeIdTokenToken => "code id_token token",
        }
    }

    /// Reads a value. RFC 6749 3.1.1: "the order of values does not matter".
    pub fn parse(text: &str) -> Option<Self> {
        let sorted = |text: &str| {
            let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        let asked = sorted(text);
        Self::ALL.into_iter().find(|one| sorted(one.as_str()) == asked)
    }

    /// Whether a code comes of it.
    pub const fn code(self) -> bool {
        !matches!(self, Self::IdToken | Self::IdTokenToken)
    }

    /// Whether an ID token comes through the browser.
    pub const fn id_token(self) -> bool {
        !matches!(self, Self::Code | Self::CodeToken)
    }

    /// Whether an access token comes through the browser.
    pub const fn token(self) -> bool {
        matches!(self, Self::IdTokenToken | Self::CodeToken | Self::CodeIdTokenToken)
    }

    /// Whether anything but a code comes through the browser.
    pub const fn in_front(self) -> bool {
        !matches!(self, Self::Code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_words_does_not_matter_and_their_number_does() {
        for one in ResponseType::ALL {
            assert_eq!(ResponseType::parse(one.as_str()), Some(one));
            let words = one.as_str().split(' ').collect::<Vec<_>>();
            assert_eq!(
                (one.code(), one.id_token(), one.token()),
                (words.contains(&"code"), words.contains(&"id_token"), words.contains(&"token"))
            );
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
        }
        assert_eq!(ResponseType::parse("token id_token code"), Some(ResponseType::CodeIdTokenToken));
        for other in ["", "token", "none", "code code", "code  token", "id_token code code", "CODE", "code none"] {
            assert_eq!(ResponseType::parse(other), None, "{other:?}");
        }
    }
}
