//! What goes wrong in front of a person: a page that says what happened and what to do now.

use crate::app::App;
use crate::kit::{Way, WayKind, date, show};
use crate::page::{ErrorPage, error_page::ErrorKind};
use crate::visit::Visit;
use actix_web::http::header::HeaderValue;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use pass_core::Fault;
use std::fmt;

/// An error for people.
pub struct PageError {
    /// HTTP status.
    pub status: StatusCode,
    /// What happened.
    pub kind: ErrorKind,
    /// The word for technicians.
    pub code: &'static str,
    /// What technicians may need beside it, plain ASCII.
    pub detail: Option<String>,
    /// What can be done now.
    pub ways: Vec<Way>,
}

impl PageError {
    /// An error with the way home.
    pub fn new(status: StatusCode, kind: ErrorKind, code: &'static str) -> Self {
        Self { status, kind, code, detail: None, ways: vec![Way::new(WayKind::Home, "/me")] }
    }

    /// The interaction is over, used, or belongs to another browser.
    pub fn expired() -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorKind::Expired, "interaction_expired")
    }

    /// The form was not ours, or too old.
    pub fn form() -> Self {
        Self::new(StatusCode::FORBIDDEN, ErrorKind::Form, "bad_form")
    }

    /// All workers for faces are busy and their queue is full.
    pub fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "temporarily_unavailable")
    }

    /// The page does not exist.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorKind::NotFound, "not_found")
    }

    /// As a page for this visitor.
    pub fn respond(self, app: &App, visit: &Visit) -> HttpResponse {
        let reference = reference(app);
        tracing::info!(code = self.code, reference, "error page");
        let page = ErrorPage {
            shell: visit.shell(app),
            kind: self.kind,
            code: self.code.into(),
            detail: self.detail,
            reference,
            at: date::moment(visit.lang, visit.now.0).plain(),
            ways: self.ways,
        };
        let mut answer = show(self.status, &page);
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            // RFC 9110 10.2.3: a crowd that passes, so a program may ask again.
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        answer
    }
}

/// Why a handler gave up.
pub enum Stop {
    /// The person's or the facility's doing: shown as a page.
    Page(Box<PageError>),
    /// Ours: logged once, shown as "our fault".
    Fault(Fault),
}

/// What page handlers return.
pub type Shown = Result<HttpResponse, Stop>;

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<PageError> for Stop {
    fn from(error: PageError) -> Self {
        Self::Page(Box::new(error))
    }
}

impl Stop {
    /// As a page for this visitor.
    pub fn respond(self, app: &App, visit: &Visit) -> HttpResponse {
        match self {
            Self::Page(error) => error.respond(app, visit),
            Self::Fault(fault) => {
                tracing::error!(%fault, "fault");
                PageError::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorKind::Ours, "server_error").respond(app, visit)
            }
        }
    }
}

/// A fault on the way to knowing the visitor: no page can be made, the machine's own words do.
#[derive(Debug)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PASS cannot answer now. Please try again in a minute.")
    }
}

impl ResponseError for Broken {
    fn status_code(&self) -> StatusCode {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "fault");
        Self
    }
}

/// A short number that people can read out and operators find in the log.
pub fn reference(app: &App) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = [0; 8];
    app.entropy.fill(&mut bytes);
    let text: String = bytes.iter().map(|byte| LETTERS[usize::from(byte % 32)] as char).collect();
    format!("{}-{}", &text[..4], &text[4..])
}
