//! What a client was refused, kept for its integrators for a few days: no value of a person, no token, no state.

use crate::Time;
use crate::id::{ClientErrorId, ClientId};

/// One refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientError {
    /// Row; later ones are greater.
    pub id: ClientErrorId,
    /// Which client, as the request named it: proven or not.
    pub client: ClientId,
    /// When.
    pub at: Time,
    /// Where.
    pub endpoint: Endpoint,
    /// The value of `error`, or the word of a page.
    pub code: String,
    /// What was said about it, plain ASCII.
    pub description: String,
    /// The number by which operators find it in the log.
    pub reference: String,
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// Where a client is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Endpoint { $($(#[$doc])* $name,)* }

        impl Endpoint {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Reads the word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

endpoints! {
    /// The authorization endpoint and the pages behind it.
    Authorize = "authorize";
    /// The token endpoint.
    Token = "token";
    /// Introspection.
    Introspect = "introspect";
    /// Revocation.
    Revoke = "revoke";
    /// Userinfo.
    Userinfo = "userinfo";
    /// Registration.
    Register = "register";
    /// The end of a session.
    EndSession = "end_session";
    /// The client's own keys, which PASS fetches.
    JwksUri = "jwks_uri";
}

/// Parameters whose names may stand in a description. Any other name was chosen by whoever asked, and may be anything.
const KNOWN: &[&str] = &[
    "acr_values",
    "assertion",
    "claims",
    "claims_locales",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "display",
    "grant_type",
    "id_token_hint",
    "login_hint",
    "logout_hint",
    "max_age",
    "nonce",
    "post_logout_redirect_uri",
    "prompt",
    "purpose",
    "redirect_uri",
    "refresh_token",
    "registration",
    "request",
    "request_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "token",
    "token_type_hint",
    "ui_locales",
    "username",
    "password",
];

/// The longest description that is kept.
const LONGEST: usize = 160;

/// A description as it may be kept.
pub fn kept_description(text: &str) -> String {
    let Some((name, what)) = text.strip_prefix("The parameter ").and_then(|rest| rest.split_once(' ')) else {
        return text.chars().filter(char::is_ascii).take(LONGEST).collect();
    };
    if what == "is repeated." && !KNOWN.contains(&name) {
        return "A parameter is repeated.".into();
    }
    text.chars().filter(char::is_ascii).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_somebody_chose_is_not_kept() {
        assert_eq!(kept_description("The parameter nonce is repeated."), "The parameter nonce is repeated.");
        assert_eq!(kept_description("The parameter 09012345678 is repeated."), "A parameter is repeated.");
        assert_eq!(kept_description("The parameter jwks_uri is missing."), "The parameter jwks_uri is missing.");
        assert_eq!(kept_description(&"x".repeat(500)).len(), LONGEST);
    }

    #[test]
    fn words_of_endpoints_read_back() {
        for one in Endpoint::ALL {
            assert_eq!(Endpoint::parse(one.as_str()), Some(*one));
        }
    }
}
