//! An error that ends the flow: what happened, what to do now, a reference number. It never redirects.

use askama::Template;

use super::Page;
use super::sample::shell;
use crate::kit::{Lang, Shell, Way, WayKind};

/// The error page.
#[derive(Template)]
#[template(path = "page/error_page.html")]
pub struct ErrorPage {
    /// The frame.
    pub shell: Shell,
    /// What happened.
    pub kind: ErrorKind,
    /// The word for technicians: an OAuth error code or one of ours.
    pub code: String,
    /// What technicians may need to know beside the code, plain ASCII.
    pub detail: Option<String>,
    /// The number people tell the operator.
    pub reference: String,
    /// When it happened, in words ([`crate::kit::date::moment`]).
    pub at: String,
    /// What can be done now.
    pub ways: Vec<Way>,
}

/// What happened, as people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The client is unknown to us.
    UnknownFacility,
    /// The return address is not a registered one.
    ReturnAddress,
    /// The request of the facility is wrong in another way.
    Request,
    /// The sign-out request cannot be proven.
    SignOut,
    /// The interaction is over, used, or belongs to another browser.
    Expired,
    /// The form was not ours, or too old.
    Form,
    /// The page does not exist.
    NotFound,
    /// The person may not see it.
    Forbidden,
    /// Our fault.
    Ours,
    /// Too many tries in a short time.
    TooMany,
    /// A part of us is resting.
    Unavailable,
}

impl ErrorKind {
    /// Keys of the title and of the explanation.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            ErrorKind::UnknownFacility => ("error-facility-title", "error-facility"),
            ErrorKind::ReturnAddress => ("error-return-title", "error-return"),
            ErrorKind::Request => ("error-request-title", "error-request"),
            ErrorKind::SignOut => ("error-sign-out-title", "error-sign-out"),
            ErrorKind::Expired => ("error-expired-title", "error-expired"),
            ErrorKind::Form => ("error-form-title", "error-form"),
            ErrorKind::NotFound => ("error-not-found-title", "error-not-found"),
            ErrorKind::Forbidden => ("error-forbidden-title", "error-forbidden"),
            ErrorKind::Ours => ("error-ours-title", "error-ours"),
            ErrorKind::TooMany => ("error-too-many-title", "error-too-many"),
            ErrorKind::Unavailable => ("error-unavailable-title", "error-unavailable"),
        }
    }
}

impl Page for ErrorPage {
    const NAME: &'static str = "error_page";

    fn frozen_ids(&self) -> Vec<&'static str> {
        vec!["pass-error-page", "pass-error-code", "pass-error-message"]
    }

    fn samples(lang: Lang) -> Vec<(&'static str, ErrorPage)> {
        let of = |kind, code: &str| ErrorPage {
            shell: shell(lang, "/authorize?client_id=x"),
            kind,
            code: code.into(),
            detail: None,
            reference: "R3H8-P1KT".into(),
            at: crate::kit::date::moment(lang, 1_795_502_520_000).plain(),
            ways: vec![Way::new(WayKind::Facility, "https://library.example/")],
        };
        let home = || vec![Way::new(WayKind::Home, "/me")];
        vec![
            ("ordinary", of(ErrorKind::ReturnAddress, "invalid_request")),
            (
                "detail",
                ErrorPage {
                    detail: Some("redirect_uri is not registered".into()),
                    ..of(ErrorKind::Request, "invalid_request")
                },
            ),
            ("facility", ErrorPage { ways: Vec::new(), ..of(ErrorKind::UnknownFacility, "invalid_client") }),
            ("sign-out", of(ErrorKind::SignOut, "invalid_request")),
            ("expired", of(ErrorKind::Expired, "interaction_expired")),
            ("form", ErrorPage { ways: vec![Way::new(WayKind::Again, "/me")], ..of(ErrorKind::Form, "bad_form") }),
            ("not-found", ErrorPage { ways: home(), ..of(ErrorKind::NotFound, "not_found") }),
            ("forbidden", ErrorPage { ways: home(), ..of(ErrorKind::Forbidden, "forbidden") }),
            ("ours", ErrorPage { ways: home(), ..of(ErrorKind::Ours, "server_error") }),
            ("too-many", ErrorPage { ways: home(), ..of(ErrorKind::TooMany, "too_many_requests") }),
            ("unavailable", ErrorPage { ways: home(), ..of(ErrorKind::Unavailable, "temporarily_unavailable") }),
        ]
    }
}
