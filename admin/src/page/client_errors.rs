//! `/manager/clients/{client_id}/errors`: what a program was refused, newest first, with the usual cause.

use askama::Template;
use pass_core::domain::client_error::{ClientError, Endpoint};
use pass_web::kit::{Lang, PageHeaders, Shell};

use super::Page;
use super::clients::ClientLine;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;
use crate::{trouble, words};

/// The errors of a program.
#[derive(Template)]
#[template(path = "manager/client_errors.html")]
pub struct ClientErrors {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// The program.
    pub client: ClientLine,
    /// The newest first.
    pub errors: Vec<ErrorLine>,
}

/// One refusal.
#[derive(Clone)]
pub struct ErrorLine {
    /// To the second.
    pub at: String,
    /// Where.
    pub endpoint: &'static str,
    /// The value of `error`.
    pub code: String,
    /// What was said about it.
    pub description: String,
    /// The number operators find it by.
    pub reference: String,
    /// Key of the usual cause.
    pub cause: &'static str,
}

impl ErrorLine {
    /// Of a row.
    pub fn of(error: &ClientError) -> Self {
        Self {
            at: words::stamp(error.at),
            endpoint: error.endpoint.as_str(),
            code: error.code.clone(),
            description: error.description.clone(),
            reference: error.reference.clone(),
            cause: trouble::cause(error.endpoint, &error.code),
        }
    }
}

impl Page for ClientErrors {
    const NAME: &'static str = "desk-client-errors";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |errors| Self {
            shell: sample::shell(lang, "/manager/clients/kaga-library/errors"),
            desk: sample::desk(lang, Rank::Facility, Room::Clients),
            client: sample::clients(lang).remove(0),
            errors,
        };
        let line = |(n, (endpoint, code, description)): (i64, (Endpoint, &str, &str))| ErrorLine {
            at: words::stamp(pass_core::Time(sample::NOW.0 - n * 61_000)),
            endpoint: endpoint.as_str(),
            code: code.into(),
            description: description.into(),
            reference: format!("K7QM-{}XPA", 2 + n % 8),
            cause: trouble::cause(endpoint, code),
        };
        vec![("empty", of(Vec::new())), ("full", of((0..).zip(SAMPLES).map(line).collect()))]
    }
}

/// One of every kind.
const SAMPLES: [(Endpoint, &str, &str); 24] = [
    (Endpoint::Token, "invalid_grant", "The code or token is not valid, or not for this client."),
    (Endpoint::Token, "invalid_client", "Client authentication failed."),
    (Endpoint::Authorize, "redirect_uri_mismatch", "The resident saw an error page; the program was told nothing."),
    (Endpoint::Authorize, "invalid_request", "The parameter code_challenge is missing."),
    (Endpoint::Authorize, "request_repeated", "The resident saw an error page; the program was told nothing."),
    (Endpoint::Authorize, "invalid_scope", "The scope is malformed or not allowed."),
    (Endpoint::Authorize, "unsupported_response_type", "The response_type is not supported."),
    (Endpoint::Authorize, "login_required", "The resident has to sign in."),
    (Endpoint::Authorize, "access_denied", "The resident did not agree."),
    (Endpoint::Authorize, "unmet_authentication_requirements", "The sign-in is not as strong as the request needs."),
    (Endpoint::Authorize, "request_not_supported", "The request parameter is not supported."),
    (Endpoint::Authorize, "invalid_request_object", "The request object is not valid."),
    (Endpoint::Authorize, "invalid_request_uri", "The request object could not be fetched."),
    (Endpoint::Authorize, "client_disabled", "The resident saw an error page; the program was told nothing."),
    (Endpoint::Token, "unauthorized_client", "The client may not use this grant."),
    (Endpoint::Token, "temporarily_unavailable", "The client's keys to encrypt to cannot be had."),
    (Endpoint::Introspect, "invalid_client", "Client authentication failed."),
    (Endpoint::Userinfo, "invalid_token", "The access token is not valid."),
    (Endpoint::Userinfo, "insufficient_scope", "The access token does not reach that far."),
    (Endpoint::Userinfo, "invalid_request", "The request is malformed."),
    (Endpoint::Register, "invalid_client_metadata", "The client metadata is not acceptable."),
    (Endpoint::EndSession, "logout_redirect_uri_mismatch", "The resident saw an error page."),
    (Endpoint::JwksUri, "jwks_uri_unreadable", "The keys at the jwks_uri could not be read."),
    (Endpoint::Revoke, "something_new", "The request is malformed."),
];
