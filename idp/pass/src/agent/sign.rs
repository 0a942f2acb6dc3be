//! `/sign`: the statement, the password, the signature, and the way back.

use super::Desk;
use super::answer::{self, PasswordFault};
use super::cards::Trouble;
use super::guard::{self, Refused};
use super::issuer::leads_back;
use super::stage::Stage;
use super::visit::Visit;
use crate::wiring::{SystemClock, SystemEntropy};
use actix_web::{HttpRequest, HttpResponse, web};
use jpki::agent::Typed;
use jpki::pin::Secret;
use jpki::{AnyStatement, Pin};
use pass_core::Clock;
use pass_core::secret::{Hash, token};
use std::time::Duration;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

/// Opening a page waits this long for another one that looks at the card.
const PATIENCE: Duration = Duration::from_secs(3);
/// Longest form: a token, a name of a card, a password.
const LONGEST_FORM: usize = 1024;

/// `GET /sign?issuer=&ticket=&back=&lang=`: the browser comes from the issuer.
pub(super) async fn show(desk: web::Data<Desk>, request: HttpRequest) -> HttpResponse {
    let asked = Fields::parse(request.query_string().as_bytes());
    let stage = Stage::of(&desk, &request);
    match open(&desk, &request, &asked, &stage).await {
        Ok((visit, cookie)) => {
            let mut page = look(&desk, &stage, &visit, None).await;
            answer::set_cookie(&mut page, cookie);
            page
        }
        Err(page) => page,
    }
}

/// `POST /sign`: sign, look again, put another soft card down, or go back.
pub(super) async fn act(desk: web::Data<Desk>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let stage = Stage::of(&desk, &request);
    let checked = guard::addressed_to_us(&desk, &request).and_then(|()| guard::own_form(&request));
    if let Err(refused) = checked {
        return answer::refused(&desk, &stage, refused);
    }
    let Some(form) = read(payload).await else {
        return answer::expired(&desk, &stage);
    };
    let browser = request.cookie(answer::COOKIE);
    let browser = browser.as_ref().map_or("", |cookie| cookie.value());
    let Some(mut visit) = desk.visits.find(form.get("csrf"), browser, SystemClock.now()) else {
        return answer::expired(&desk, &stage);
    };
    if !form.get("card").is_empty() {
        visit.card = form.get("card").to_string();
        desk.visits.place(&visit);
    }
    match (form.get("do"), visit.done) {
        ("cancel", _) | ("again" | "place", true) => answer::back(&visit),
        ("again" | "place", false) => look(&desk, &stage, &visit, None).await,
        ("sign", false) => match typed(&visit.statement, &form) {
            Ok(typed) => sign(desk, &stage, &visit, typed).await,
            Err(fault) => look(&desk, &stage, &visit, Some(fault)).await,
        },
        _ => answer::expired(&desk, &stage),
    }
}

/// Everything that must be true before a page is shown.
async fn open(
    desk: &Desk,
    request: &HttpRequest,
    asked: &Fields,
    stage: &Stage,
) -> Result<(Visit, String), HttpResponse> {
    let refused = |refused| answer::refused(desk, stage, refused);
    guard::addressed_to_us(desk, request).and_then(|()| guard::navigation(request)).map_err(refused)?;
    let at = desk.issuers.iter().position(|issuer| issuer.is(asked.get("issuer")));
    let at = at.ok_or_else(|| refused(Refused::Issuer))?;
    let issuer = &desk.issuers[at];
    let back = issuer.way_back(asked.get("back")).ok_or_else(|| refused(Refused::Back))?;
    let ticket = asked.get("ticket").to_string();
    let statement =
        issuer.statement(&ticket).await.map_err(|unanswered| answer::unanswered(desk, stage, None, unanswered))?;
    if !leads_back(&back, &statement) {
        return Err(refused(Refused::Back));
    }
    let cookie = token(&SystemEntropy);
    let visit = Visit {
        form: token(&SystemEntropy),
        browser: Hash::of(&cookie),
        issuer: at,
        ticket,
        back,
        statement,
        card: desk.cards.choices().into_iter().next().map_or_else(String::new, |(name, _)| name),
        done: false,
        completion: Zeroizing::default(),
        opened: SystemClock.now(),
    };
    desk.visits.insert(visit.clone());
    Ok((visit, cookie))
}

/// Looks at the card and asks for the password, or says why not.
async fn look(desk: &web::Data<Desk>, stage: &Stage, visit: &Visit, fault: Option<PasswordFault>) -> HttpResponse {
    let Ok(_card) = tokio::time::timeout(PATIENCE, desk.card.lock()).await else {
        return answer::busy(desk, stage, visit);
    };
    let (at, card, statement) = (desk.clone(), visit.card.clone(), visit.statement.clone());
    match web::block(move || at.cards.look(&card, &statement).map(|looked| (looked, at.cards.place(&card)))).await {
        Ok(Ok((looked, place))) => answer::ask(desk, stage, visit, looked, place, fault),
        Ok(Err(trouble)) => answer::trouble(desk, stage, visit, trouble),
        Err(_) => answer::trouble(desk, stage, visit, Trouble::Code("card_failed")),
    }
}

/// The secrets that this statement asks for. What cannot be one is not tried on the card.
fn typed(statement: &AnyStatement, form: &Fields) -> Result<Typed, PasswordFault> {
    let (password, pin) = (narrow(form.get("password")), narrow(form.get("pin")));
    let of_pin = |text: &str| Pin::auth(text).map_err(|_| PasswordFault::PinShape);
    let of_password = || Pin::signature(&password).map_err(|_| PasswordFault::Shape);
    match statement {
        AnyStatement::Login(_) => Ok(Typed { pin: Some(of_pin(&pin)?), ..Typed::default() }),
        AnyStatement::Text(_) => {
            Ok(Typed { text: Some(Pin::text(&pin).map_err(|_| PasswordFault::PinShape)?), ..Typed::default() })
        }
        AnyStatement::Enrolment(_) | AnyStatement::Recovery(_) => Ok(Typed {
            password: Some(of_password()?),
            pin: if pin.is_empty() { None } else { Some(of_pin(&pin)?) },
            text: None,
        }),
        AnyStatement::Consent(_) => Ok(Typed { password: Some(of_password()?), ..Typed::default() }),
    }
}

/// A Japanese keyboard may type full-width letters and digits, which look the same in a field that shows dots.
fn narrow(typed: &str) -> Zeroizing<String> {
    let mut narrow = Zeroizing::new(String::with_capacity(LONGEST_FORM));
    narrow.extend(typed.nfkc().take(LONGEST_FORM / 4));
    narrow
}

/// One card, one request: a second one hears that the card is at work.
async fn sign(desk: web::Data<Desk>, stage: &Stage, visit: &Visit, typed: Typed) -> HttpResponse {
    let Ok(card) = desk.card.try_lock() else {
        return answer::busy(&desk, stage, visit);
    };
    // The first of two equal forms may have finished while this one was on its way here.
    if !desk.visits.is_open(visit) {
        return answer::expired(&desk, stage);
    }
    let (at, name, statement) = (desk.clone(), visit.card.clone(), visit.statement.clone());
    let signed = web::block(move || at.cards.sign(&name, &statement, &typed)).await;
    let proof = match signed {
        Ok(Ok(proof)) => proof,
        Ok(Err(Trouble::Wrong(secret))) => {
            drop(card);
            let fault = if secret == Secret::Sign { PasswordFault::Wrong } else { PasswordFault::WrongPin };
            return look(&desk, stage, visit, Some(fault)).await;
        }
        Ok(Err(trouble)) => return answer::trouble(&desk, stage, visit, trouble),
        Err(_) => return answer::trouble(&desk, stage, visit, Trouble::Code("card_failed")),
    };
    match desk.issuers[visit.issuer].result(&visit.ticket, &proof).await {
        Ok(completion) => {
            let visit = Visit { completion: completion.into(), ..visit.clone() };
            desk.visits.close(&visit);
            answer::back(&visit)
        }
        Err(unanswered) => answer::unanswered(&desk, stage, Some(visit), unanswered),
    }
}

/// The fields of the body, which is wiped as soon as they are out of it.
async fn read(payload: web::Payload) -> Option<Fields> {
    let body = payload.to_bytes_limited(LONGEST_FORM).await.ok()?.ok()?;
    let form = Fields::parse(&body);
    if let Ok(mut body) = body.try_into_mut() {
        body[..].zeroize();
    }
    Some(form)
}

/// The fields of a form or a query, wiped when dropped. A field that comes twice counts as it came last.
pub(super) struct Fields(Vec<(String, Zeroizing<String>)>);

impl Fields {
    pub(super) fn parse(text: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(text);
        Self(pairs.map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned()))).collect())
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}
