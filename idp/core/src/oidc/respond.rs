//! The authorization response: where it goes and what it says (RFC 6749 4.1.2, 4.1.2.1 and 4.2.2, RFC 9207, OAuth 2.0 Multiple
//! Response Type Encoding Practices, Form Post Response Mode, OpenID Connect Core 3.2.2.5 and 3.3.2.5).

use super::code::FRONT_LIFE;
use super::error::OAuthError;
use super::request::{Destination, ResponseMode};
use std::fmt;
use url::form_urlencoded;

/// What is said.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// What was given.
    Granted(&'a Granted),
    /// Why there is none.
    Error(&'a OAuthError),
}

/// What a response type names, as far as it was given.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Granted {
    /// The authorization code.
    pub code: Option<String>,
    /// The access token.
    pub access_token: Option<String>,
    /// The ID token.
    pub id_token: Option<String>,
    /// Session Management 2.
    pub session_state: Option<String>,
}

// Whoever has the text of one has the access.
impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted").finish_non_exhaustive()
    }
}

/// How a handler sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// A redirect (303) to this address.
    Redirect(String),
    /// A page with a form that the browser posts.
    FormPost {
        /// The redirect_uri.
        action: String,
        /// Hidden fields.
        fields: Vec<(&'static str, String)>,
    },
}

/// Builds the response.
pub fn respond(to: &Destination, issuer: &str, answer: Answer<'_>) -> Response {
    let fields = fields(to, issuer, answer);
    match to.response_mode {
        ResponseMode::Query => Response::Redirect(with_query(&to.redirect_uri, &fields)),
        ResponseMode::Fragment => Response::Redirect(format!("{}#{}", to.redirect_uri, encoded(&fields))),
        ResponseMode::FormPost => Response::FormPost { action: to.redirect_uri.clone(), fields },
    }
}

fn fields(to: &Destination, issuer: &str, answer: Answer<'_>) -> Vec<(&'static str, String)> {
    let mut fields = match answer {
        Answer::Granted(granted) => of_grant(granted),
        Answer::Error(error) => {
            vec![("error", error.code().as_str().into()), ("error_description", error.description().into())]
        }
    };
    // RFC 6749 4.1.2: "the exact value received from the client"
    fields.extend(to.state.iter().map(|state| ("state", state.clone())));
    // RFC 9207 2
    fields.push(("iss", issuer.to_owned()));
    fields
}

fn of_grant(granted: &Granted) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    let mut set = |name, value: &Option<String>| fields.extend(value.iter().map(|value| (name, value.clone())));
    set("code", &granted.code);
    set("access_token", &granted.access_token);
    // RFC 6749 4.2.2
    if granted.access_token.is_some() {
        set("token_type", &Some("Bearer".to_owned()));
        set("expires_in", &Some(FRONT_LIFE.as_secs().to_string()));
    }
    set("id_token", &granted.id_token);
    set("session_state", &granted.session_state);
    fields
}

/// Parameters in one line. A space as %20 reads the same for form parsers and for those that only undo percent-encoding.
fn encoded(fields: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().replace('+', "%20")
}

/// Appends parameters to an address and keeps the query it has (RFC 6749 3.1.2: "which MUST be retained").
pub(crate) fn with_query(address: &str, fields: &[(&'static str, String)]) -> String {
    let query = encoded(fields);
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, kept)) if kept.ends_with('&') => "",
        Some(_) => "&",
    };
    if query.is_empty() { address.to_owned() } else { format!("{address}{joint}{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::error::ErrorCode;

    fn destination(redirect_uri: &str, response_mode: ResponseMode, state: Option<&str>) -> Destination {
        Destination { redirect_uri: redirect_uri.into(), response_mode, state: state.map(str::to_owned) }
    }

    fn code() -> Granted {
        Granted { code: Some("abc".into()), ..Granted::default() }
    }

    #[test]
    fn cap_49_what_goes_through_the_browser_stands_in_the_fragment_where_no_server_reads_it() {
        let granted = Granted {
            code: Some("c+/".into()),
            access_token: Some("t".into()),
            id_token: Some("e.y.J".into()),
            session_state: Some("h.s".into()),
        };
        let to = destination("https://rp.example/cb?a=1", ResponseMode::Fragment, Some("a b"));
        let Response::Redirect(location) = respond(&to, "https://pass.example", Answer::Granted(&granted)) else {
            panic!("a fragment is a redirect")
        };
        assert_eq!(
            location,
            "https://rp.example/cb?a=1#code=c%2B%2F&access_token=t&token_type=Bearer&expires_in=300&id_token=e.y.J\
             &session_state=h.s&state=a%20b&iss=https%3A%2F%2Fpass.example"
        );
        assert_eq!(format!("{granted:?}"), "Granted { .. }");
    }

    #[test]
    fn cap_49_state_comes_back_exactly_and_the_registered_query_stays() {
        let states = ["plain", "a b+c", "%2B&=?#/", "日本語", &"x".repeat(128), "\"'<>"];
        for redirect_uri in ["https://rp.example/cb", "https://rp.example/cb?a=1&b=%20", "https://rp.example/cb?"] {
            for state in states {
                let to = destination(redirect_uri, ResponseMode::Query, Some(state));
                let Response::Redirect(location) = respond(&to, "https://pass.example", Answer::Granted(&code()))
                else {
                    panic!("a query answer is a redirect")
                };
                assert!(location.starts_with(redirect_uri));
                let pairs: Vec<(String, String)> =
                    url::Url::parse(&location).unwrap().query_pairs().into_owned().collect();
                let find =
                    |name: &str| pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect::<Vec<_>>();
                assert_eq!(find("state"), [state]);
                assert_eq!(find("code"), ["abc"]);
                assert_eq!(find("iss"), ["https://pass.example"]);
                assert_eq!(find("a").len(), usize::from(redirect_uri.contains("a=1")));
            }
        }
    }

    #[test]
    fn cap_49_an_error_says_only_what_the_standard_names() {
        let error = OAuthError::new(ErrorCode::AccessDenied).detail("secret");
        let to = destination("https://rp.example/cb?x=1", ResponseMode::FormPost, None);
        let Response::FormPost { action, fields } = respond(&to, "https://pass.example", Answer::Error(&error)) else {
            panic!("form_post is a form")
        };
        assert_eq!(action, "https://rp.example/cb?x=1");
        let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["error", "error_description", "iss"]);
    }
}
