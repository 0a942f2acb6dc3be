//! What the agent answers: its two pages, and the way back to the issuer.

use super::Desk;
use super::cards::{Looked, Trouble};
use super::guard::{self, Refused};
use super::issuer::Unanswered;
use super::visit::Visit;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};
use jpki::AnyStatement;
use jpki::pin::Secret;
use pass_web::kit::{Lang, Shell, date, show};
use pass_web::page::{AgentProblem, AgentSign, SampleCard, SignKind};

pub(super) use pass_web::page::PasswordFault;

/// The cookie that binds a form to the browser that opened the page. Loopback ports share their cookies, so the form's
/// token must fit as well.
pub(super) const COOKIE: &str = "pass-agent";

/// The statement, and the fields for the secrets it needs.
pub(super) fn ask(
    desk: &Desk,
    visit: &Visit,
    looked: Looked,
    reader: String,
    fault: Option<PasswordFault>,
) -> HttpResponse {
    let statement = &visit.statement;
    let page = AgentSign {
        shell: shell(desk, visit.lang),
        csrf: visit.form.clone(),
        kind: match statement {
            AnyStatement::Enrolment(_) => SignKind::Enrolment,
            AnyStatement::Login(_) => SignKind::Login,
            AnyStatement::Recovery(_) => SignKind::Recovery,
            AnyStatement::Text(_) => SignKind::Text,
        },
        issuer: statement.issuer().to_string(),
        account: statement.account().unwrap_or_default().to_string(),
        purpose: statement.purpose().to_string(),
        issued: date::moment(visit.lang, statement.issued_at().saturating_mul(1000)).plain(),
        statement: statement.shown(),
        reader,
        cards: samples(desk, visit),
        left: looked.password,
        pin_left: looked.pin,
        fault,
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    own(show(status, &page))
}

/// The card cannot be used, or did not sign.
pub(super) fn trouble(desk: &Desk, visit: &Visit, trouble: Trouble) -> HttpResponse {
    let code = match trouble {
        Trouble::Wrong(Secret::Sign) => "wrong_password",
        Trouble::Wrong(Secret::Text) => "wrong_text_pin",
        Trouble::Wrong(_) => "wrong_pin",
        Trouble::Code(code) => code,
    };
    tracing::info!(code, "the card did not sign");
    problem(desk, visit.lang, Some(visit), StatusCode::UNPROCESSABLE_ENTITY, code)
}

/// Another request holds the card.
pub(super) fn busy(desk: &Desk, visit: &Visit) -> HttpResponse {
    problem(desk, visit.lang, Some(visit), StatusCode::CONFLICT, "card_busy")
}

/// The form is of no open visit: too old, used, of another browser, or too long.
pub(super) fn expired(desk: &Desk, lang: Lang) -> HttpResponse {
    problem(desk, lang, None, StatusCode::GONE, "ticket_unknown")
}

/// The issuer gave no statement, or took no proof.
pub(super) fn unanswered(desk: &Desk, lang: Lang, visit: Option<&Visit>, unanswered: Unanswered) -> HttpResponse {
    match unanswered {
        Unanswered::Ticket => expired(desk, lang),
        Unanswered::Unreachable => problem(desk, lang, visit, StatusCode::BAD_GATEWAY, "issuer_unreachable"),
        Unanswered::Statement => problem(desk, lang, visit, StatusCode::FORBIDDEN, "foreign_statement"),
    }
}

/// A request that is none of ours. A wrong `Host` gets no page: it would be read under a stranger's name.
pub(super) fn refused(desk: &Desk, lang: Lang, refused: Refused) -> HttpResponse {
    tracing::warn!(?refused, "refused a request");
    match refused {
        Refused::Host => HttpResponse::MisdirectedRequest().body("The card agent has another address.\n"),
        Refused::Issuer | Refused::Back => problem(desk, lang, None, StatusCode::FORBIDDEN, "foreign_issuer"),
        Refused::Navigation | Refused::Site => problem(desk, lang, None, StatusCode::FORBIDDEN, "foreign_page"),
    }
}

/// Back to the issuer's page.
pub(super) fn back(visit: &Visit) -> HttpResponse {
    own(HttpResponse::SeeOther()
        .insert_header((LOCATION, visit.way_back()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish())
}

/// `GET /`: for whoever opens the address by hand, and for whoever waits until the agent is there.
pub(super) async fn greeting(desk: web::Data<Desk>, request: HttpRequest) -> HttpResponse {
    match guard::addressed_to_us(&desk, &request) {
        Ok(()) => own(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("PASS card agent\n")),
        Err(refused_for) => refused(&desk, Lang::default(), refused_for),
    }
}

/// Gives the browser the secret of its visit.
pub(super) fn set_cookie(page: &mut HttpResponse, secret: String) {
    let cookie = Cookie::build(COOKIE, secret).path("/sign").http_only(true).same_site(SameSite::Strict).finish();
    // A cookie that we wrote ourselves is always a header.
    let _ = page.add_cookie(&cookie);
}

fn problem(desk: &Desk, lang: Lang, visit: Option<&Visit>, status: StatusCode, code: &str) -> HttpResponse {
    let page = AgentProblem {
        shell: shell(desk, lang),
        csrf: visit.map_or_else(String::new, |visit| visit.form.clone()),
        issuer: visit.map_or_else(String::new, |visit| desk.issuers[visit.issuer].url().to_string()),
        code: code.to_string(),
        cards: visit.map_or_else(Vec::new, |visit| samples(desk, visit)),
    };
    own(show(status, &page))
}

/// Our forms must tell where they stood, and tell nobody else.
fn own(mut page: HttpResponse) -> HttpResponse {
    page.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    page
}

fn samples(desk: &Desk, visit: &Visit) -> Vec<SampleCard> {
    let cards = desk.cards.choices().into_iter();
    cards.map(|(name, what)| SampleCard { chosen: name == visit.card, name, what }).collect()
}

/// The agent knows no city, and its pages are not opened again in another language: the issuer chose it.
fn shell(desk: &Desk, lang: Lang) -> Shell {
    let host = desk.hosts.first().cloned().unwrap_or_default();
    Shell { lang, city: String::new(), here: String::new(), host, demo: desk.cards.demo() }
}
