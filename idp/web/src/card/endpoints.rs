//! What the card agent calls: `POST /card/statement` and `POST /card/result`. JSON, no cookies, no CORS.
//!
//! The answer to a result holds a completion secret, of which the issuer keeps only the hash. The agent puts it into the way
//! back, so that it reaches the browser of whoever signed, and no other: whoever started this for somebody else has none.

use super::{Held, come_in, dependant, settle, ticket};
use crate::app::App;
use crate::limits::{Attempt, address};
use crate::people::person_key;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::proofing::CardTicket;
use pass_core::id::AccountId;
use pass_core::jpki::{AnyStatement, LoginProof, SignedProof, TextProof};
use pass_core::seal::context;
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::Taken;
use pass_store::card_tickets::Came;
use serde::{Deserialize, Serialize};

/// The context of a sealed proof.
pub(super) const PROOF: &str = "card_ticket.proof";
/// The outcome of a proof that is good.
pub(super) const VERIFIED: &str = CardTicket::VERIFIED;

/// The agent names its ticket.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    ticket: String,
}

/// Gives the statement of a ticket to show and sign, field by field: the agent builds the bytes itself.
pub async fn statement(app: web::Data<App>, request: HttpRequest, asked: web::Json<Asked>) -> HttpResponse {
    if !allowed(&app, &request, Attempt::CardStatement, &asked.ticket) {
        return refused(TOO_MANY);
    }
    match open_ticket(&app, &asked.ticket).await {
        Ok(Some(ticket)) => match ticket::statement(&ticket) {
            Ok(statement) => json(&statement.to_fields()),
            Err(fault) => broken(fault),
        },
        Ok(None) => refused("ticket_expired"),
        Err(fault) => broken(fault),
    }
}

const TOO_MANY: &str = "too_many_requests";

/// Counted by address, so that nobody guesses tickets, and by ticket, so that one that many know is not worked on for ever. A
/// sign-in is counted apart: whoever posts junk here locks nobody out of it.
fn allowed(app: &App, request: &HttpRequest, what: Attempt, ticket: &str) -> bool {
    app.limits.allow(what, address(app, request)) && app.limits.allow_ticket(Hash::of(ticket))
}

/// The agent's answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    ticket: String,
    /// Of the signature key: for an enrolment and a recovery.
    proof: Option<SignedProof>,
    /// Of the login key: for a login, and beside the other one to bind both to one card.
    login: Option<LoginProof>,
    /// Of the chip, over what was read of the text application.
    text: Option<TextProof>,
}

/// Takes the ticket once, verifies, and keeps the proof sealed until the browser comes back.
pub async fn result(app: web::Data<App>, request: HttpRequest, posted: web::Json<Posted>) -> HttpResponse {
    if !allowed(&app, &request, Attempt::CardResult, &posted.ticket) {
        return refused(TOO_MANY);
    }
    match take(&app, posted.into_inner()).await {
        Ok(Ok(Taking { refusal, completion })) => {
            let (status, outcome) = match refusal {
                None => (StatusCode::OK, VERIFIED),
                Some(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal),
            };
            answer(status, &serde_json::json!({ "outcome": outcome, "completion": completion }))
        }
        Ok(Err(code)) => refused(code),
        Err(fault) => broken(fault),
    }
}

/// A ticket that was taken, whatever came of its proof.
struct Taking {
    refusal: Option<&'static str>,
    /// What the browser must bring back.
    completion: String,
}

async fn take(app: &App, posted: Posted) -> Result<Result<Taking, &'static str>, Fault> {
    let now = app.now();
    let hash = Hash::of(&posted.ticket);
    // One conditional UPDATE takes the ticket: a replayed answer finds none, and learns no secret.
    let ticket = match app.store.write(move |tx| pass_store::card_tickets::take(tx, &hash, now)).await? {
        Taken::First(ticket) => ticket,
        Taken::Again(_) => return Ok(Err("ticket_used")),
        Taken::Expired(_) | Taken::Unknown => return Ok(Err("ticket_expired")),
    };
    let judged = judge(app, &ticket, posted, now).await?;
    let refusal = judged.as_ref().err().copied();
    let good = judged.unwrap_or_default();
    let completion = app.token();
    let secret = Hash::of(&completion);
    let waited = app
        .store
        .write(move |tx| {
            let came = Came {
                outcome: refusal.unwrap_or(VERIFIED),
                account: good.account,
                sealed_proof: good.sealed.as_deref(),
                completion: secret,
            };
            pass_store::card_tickets::set_outcome(tx, &hash, &came)
        })
        .await?;
    if !waited {
        return Ok(Err("ticket_used"));
    }
    Ok(Ok(Taking { refusal, completion }))
}

/// What is kept of a good proof until the browser is back.
#[derive(Clone, Default)]
struct Good {
    /// Whose card it is, where the ticket did not say.
    account: Option<AccountId>,
    /// The proof, sealed under the person's key.
    sealed: Option<Vec<u8>>,
}

async fn judge(app: &App, ticket: &CardTicket, posted: Posted, now: Time) -> Result<Result<Good, &'static str>, Fault> {
    let statement = ticket::statement(ticket)?;
    if let (AnyStatement::Text(expected), Some(account), Some(text)) = (&statement, ticket.account, &posted.text) {
        return Ok(match dependant::check(app, expected, text, now) {
            Ok(_) => Ok(Good { account: None, sealed: Some(seal(app, account, text).await?) }),
            Err(code) => Err(code),
        });
    }
    match (statement, ticket.account, posted.proof, posted.login) {
        (AnyStatement::Enrolment(expected), Some(account), Some(proof), login) => {
            let held = Held { proof, login };
            Ok(match settle::check(app, &expected, &held, now).await {
                Ok(_) => Ok(Good { account: None, sealed: Some(seal(app, account, &held).await?) }),
                Err(refusal) => Err(refusal.code()),
            })
        }
        (AnyStatement::Login(expected), None, None, Some(login)) => {
            recognised(app, come_in::by_login_key(app, &expected, &login, now).await?).await
        }
        (AnyStatement::Recovery(expected), None, Some(proof), login) => {
            let held = Held { proof, login };
            recognised(app, come_in::by_signature_key(app, &expected, held, now).await?).await
        }
        _ => Ok(Err("foreign_statement")),
    }
}

/// Whose the card is, and what was seen of it, until the browser is back.
async fn recognised(
    app: &App,
    found: Result<(AccountId, come_in::Recognised), &'static str>,
) -> Result<Result<Good, &'static str>, Fault> {
    Ok(match found {
        Ok((account, seen)) => Ok(Good { account: Some(account), sealed: Some(seal(app, account, &seen).await?) }),
        Err(code) => Err(code),
    })
}

async fn seal(app: &App, account: AccountId, held: &impl Serialize) -> Result<Vec<u8>, Fault> {
    let person = crate::account::person_of(app, account).await?;
    let key = person_key(app, person).await?;
    let plain = serde_json::to_vec(held).map_err(|error| Fault::because("write a card proof", error))?;
    Ok(key.seal(&context(person, PROOF), &plain, &*app.entropy))
}

async fn open_ticket(app: &App, secret: &str) -> Result<Option<CardTicket>, Fault> {
    let (hash, now) = (Hash::of(secret), app.now());
    let found = app.store.read_now(move |tx| pass_store::card_tickets::find(tx, &hash)).await?;
    Ok(found.filter(|ticket| ticket.used_at.is_none() && ticket.expires_at > now))
}

fn json(value: &impl Serialize) -> HttpResponse {
    answer(StatusCode::OK, value)
}

fn refused(code: &str) -> HttpResponse {
    answer(StatusCode::UNPROCESSABLE_ENTITY, &serde_json::json!({ "outcome": code }))
}

fn answer(status: StatusCode, value: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(value)
}

fn broken(fault: Fault) -> HttpResponse {
    tracing::error!(%fault, "fault");
    HttpResponse::InternalServerError().json(serde_json::json!({ "outcome": "server_error" }))
}
