//! The same list of checks, walked for somebody who wants to see it: which passed, which one refuses.

use super::{Failure, Loaded, SCOPE, checked};
use crate::oidc::error::ErrorCode;
use crate::oidc::params::Params;
use crate::oidc::request::AuthorizationRequest;
use std::cell::RefCell;

/// A check with the clause it enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in the list of checks.
    pub name: &'static str,
    /// A word for texts about it.
    pub key: &'static str,
    /// Where it is written.
    pub clause: &'static str,
}

const fn rule(name: &'static str, key: &'static str, clause: &'static str) -> Rule {
    Rule { name, key, clause }
}

/// All checks in their order.
pub const RULES: [Rule; 18] = [
    rule("client_id and redirect_uri once", "once", "RFC 6749 3.1"),
    rule("client_id", "client_id", "RFC 6749 4.1.1"),
    rule("redirect_uri", "redirect_uri", "OpenID Connect Core 3.1.2.1"),
    rule("response_mode", "response_mode", "OAuth 2.0 Multiple Response Type Encoding Practices 5"),
    rule("repeated parameters", "repeats", "RFC 6749 3.1"),
    rule("request, request_uri, registration", "unsupported", "OpenID Connect Core 6"),
    rule("client may ask for this response_type", "may_ask", "RFC 6749 4.1.2.1, 4.2.2.1"),
    rule("response_type", "response_type", "RFC 6749 3.1.1"),
    rule("PKCE", "pkce", "RFC 7636 4.3"),
    rule("state and nonce", "nonce", "OpenID Connect Core 3.1.2.1"),
    rule("prompt", "prompt", "OpenID Connect Core 3.1.2.1"),
    rule("max_age", "max_age", "OpenID Connect Core 3.1.2.1"),
    rule("acr_values", "acr_values", "OpenID Connect Core 3.1.2.1"),
    rule("claims", "claims", "OpenID Connect Core 5.5"),
    rule("id_token_hint", "id_token_hint", "OpenID Connect Core 3.1.2.1"),
    rule("login_hint, ui_locales", "hints", "OpenID Connect Core 3.1.2.1"),
    rule("purpose", "purpose", "OpenID Connect for Identity Assurance"),
    rule("scope", "scope", "RFC 6749 3.3"),
];

/// How far a request came.
pub struct Walk {
    /// The place in [`RULES`] of the check that refuses.
    pub refused_by: Option<usize>,
    /// What the endpoint would make of it.
    pub outcome: Result<AuthorizationRequest, Failure>,
}

/// Runs `check` and keeps which checks it began.
pub fn walk(params: &Params, loaded: &Loaded<'_>) -> Walk {
    let last = RefCell::new(RULES[0].name);
    let outcome = checked(params, loaded, &|name| {
        last.replace(name);
    });
    let refused_by = match &outcome {
        Ok(_) => None,
        // A scope that cannot be read is refused where response_type is.
        Err(Failure::Redirect(refused)) if refused.error.code() == ErrorCode::InvalidScope => place(SCOPE),
        Err(_) => place(&last.borrow()),
    };
    Walk { refused_by, outcome }
}

fn place(name: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::super::{EXTENSION, FIRST, IDENTITY, RESPONSE_TYPE};
    use super::*;

    #[test]
    fn the_rules_are_the_checks_in_their_order() {
        let names: Vec<&str> = IDENTITY
            .into_iter()
            .chain(FIRST.iter().map(|(name, _)| *name))
            .chain([RESPONSE_TYPE])
            .chain(EXTENSION.iter().map(|(name, _)| *name))
            .chain([SCOPE])
            .collect();
        assert_eq!(RULES.map(|rule| rule.name).to_vec(), names);
    }
}
