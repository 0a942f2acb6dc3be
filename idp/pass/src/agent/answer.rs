//! What the agent answers: its two pages, and the way back to the issuer.

use super::Desk;
use super::cards::{Looked, Trouble};
use super::guard::{self, Refused};
use super::issuer::Unanswered;
use super::stage::Stage;
use super::visit::Visit;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};
use jpki::AnyStatement;
use jpki::pin::Secret;
use pass_web::kit::{Shell, date, show};
use pass_web::page::{AgentConsent, AgentProblem, AgentSign, SampleCard, SignKind};

pub(super) use pass_web::page::PasswordFault;

/// The cookie that binds a form to the browser that opened the page. Loopback ports share their cookies, so the form's
/// token must fit as well.
pub(super) const COOKIE: &str = "pass-agent";

/// The statement, and the fields for the secrets it needs.
pub(super) fn ask(
    desk: &Desk,
    stage: &Stage,
    visit: &Visit,
    looked: Looked,
    reader: String,
    fault: Option<PasswordFault>,
) -> HttpResponse {
    let statement = &visit.statement;
    let page = AgentSign {
        shell: shell(desk, stage),
        csrf: visit.form.clone(),
        kind: match statement {
            AnyStatement::Enrolment(_) => SignKind::Enrolment,
            AnyStatement::Login(_) => SignKind::Login,
            AnyStatement::Recovery(_) => SignKind::Recovery,
            AnyStatement::Text(_) => SignKind::Text,
            AnyStatement::Consent(_) => SignKind::Consent,
        },
        consent: consent(statement),
        issuer: statement.issuer().to_string(),
        account: statement.account().unwrap_or_default().to_string(),
        purpose: statement.purpose().to_string(),
        issued: date::moment(stage.lang, statement.issued_at().saturating_mul(1000)).plain(),
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

/// The facility and the values that a consent is about.
fn consent(statement: &AnyStatement) -> Option<AgentConsent> {
    let AnyStatement::Consent(consent) = statement else { return None };
    let fields = consent.fields();
    let values = fields.values.iter().map(|value| (value.claim.clone(), value.value.clone())).collect();
    Some(AgentConsent { facility: fields.facility.clone(), values })
}

/// The card cannot be used, or did not sign.
pub(super) fn trouble(desk: &Desk, stage: &Stage, visit: &Visit, trouble: Trouble) -> HttpResponse {
    let code = match trouble {
        Trouble::Wrong(Secret::Sign) => "wrong_password",
        Trouble::Wrong(Secret::Text) => "wrong_text_pin",
        Trouble::Wrong(_) => "wrong_pin",
        Trouble::Code(code) => code,
    };
    tracing::info!(code, "the card did not sign");
    problem(desk, stage, Some(visit), StatusCode::UNPROCESSABLE_ENTITY, code)
}

/// Another request holds the card.
pub(super) fn busy(desk: &Desk, stage: &Stage, visit: &Visit) -> HttpResponse {
    problem(desk, stage, Some(visit), StatusCode::CONFLICT, "card_busy")
}

/// The form is of no open visit: too old, used, of another browser, or too long.
pub(super) fn expired(desk: &Desk, stage: &Stage) -> HttpResponse {
    problem(desk, stage, None, StatusCode::GONE, "ticket_unknown")
}

/// The issuer gave no statement, or took no proof.
pub(super) fn unanswered(desk: &Desk, stage: &Stage, visit: Option<&Visit>, unanswered: Unanswered) -> HttpResponse {
    match unanswered {
        Unanswered::Ticket => expired(desk, stage),
        Unanswered::Unreachable => problem(desk, stage, visit, StatusCode::BAD_GATEWAY, "issuer_unreachable"),
        Unanswered::Statement => problem(desk, stage, visit, StatusCode::FORBIDDEN, "foreign_statement"),
    }
}

/// A request that is none of ours. A wrong `Host` gets no page: it would be read under a stranger's name.
pub(super) fn refused(desk: &Desk, stage: &Stage, refused: Refused) -> HttpResponse {
    tracing::warn!(?refused, "refused a request");
    match refused {
        Refused::Host => HttpResponse::MisdirectedRequest().body("The card agent has another address.\n"),
        Refused::Issuer | Refused::Back => problem(desk, stage, None, StatusCode::FORBIDDEN, "foreign_issuer"),
        Refused::Navigation | Refused::Site => problem(desk, stage, None, StatusCode::FORBIDDEN, "foreign_page"),
    }
}

/// The browser is of another user of this machine.
pub(super) fn other_user(desk: &Desk, request: &HttpRequest) -> HttpResponse {
    tracing::warn!("refused another user of this machine");
    match guard::addressed_to_us(desk, request) {
        Ok(()) => problem(desk, &Stage::of(desk, request), None, StatusCode::FORBIDDEN, "other_user"),
        Err(host) => refused(desk, &Stage::of(desk, request), host),
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
        Err(refused_for) => refused(&desk, &Stage::of(&desk, &request), refused_for),
    }
}

/// Gives the browser the secret of its visit.
pub(super) fn set_cookie(page: &mut HttpResponse, secret: String) {
    let cookie = Cookie::build(COOKIE, secret).path("/sign").http_only(true).same_site(SameSite::Strict).finish();
    // A cookie that we wrote ourselves is always a header.
    let _ = page.add_cookie(&cookie);
}

fn problem(desk: &Desk, stage: &Stage, visit: Option<&Visit>, status: StatusCode, code: &str) -> HttpResponse {
    let page = AgentProblem {
        shell: shell(desk, stage),
        csrf: visit.map_or_else(String::new, |visit| visit.form.clone()),
        issuer: visit.map_or_else(String::new, |visit| desk.issuers[visit.issuer].url().to_string()),
        code: code.to_string(),
        // Only the issuer's own page can begin anew what is over.
        home: if code == "ticket_unknown" { stage.home.clone() } else { String::new() },
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

/// The agent knows no city. Its page in another language is a visit of its own.
fn shell(desk: &Desk, stage: &Stage) -> Shell {
    let host = desk.hosts.first().cloned().unwrap_or_default();
    Shell { lang: stage.lang, city: String::new(), here: stage.here.clone(), host, demo: desk.cards.demo() }
}
