//! What the card agent calls: `POST /card/statement` and `POST /card/result`. JSON, no cookies, no CORS.
//!
//! The answer to a result holds a completion secret, of which the issuer keeps only the hash. The agent puts it into the way
//! back, so that it reaches the browser of whoever signed, and no other: whoever started this for somebody else has none.

use super::settle;
use crate::app::App;
use crate::limits::{Attempt, address};
use crate::people::person_key;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Fault;
use pass_core::domain::proofing::CardTicket;
use pass_core::jpki::{Enrolment, Refusal, SignedProof};
use pass_core::seal::context;
use pass_core::secret::Hash;
use pass_store::Taken;
use pass_store::card_tickets::Came;
use serde::{Deserialize, Serialize};

/// The context of a sealed proof.
pub(super) const PROOF: &str = "card_ticket.proof";
/// The outcome of a proof that is good.
pub(super) const VERIFIED: &str = "verified";

/// The agent names its ticket.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    ticket: String,
}

/// The statement to show and sign, field by field: the agent builds the bytes itself.
#[derive(Serialize)]
struct Statement {
    issuer: String,
    account: String,
    purpose: String,
    nonce: String,
    ticket: String,
    issued_at: i64,
}

/// Gives the statement of a ticket.
pub async fn statement(app: web::Data<App>, request: HttpRequest, asked: web::Json<Asked>) -> HttpResponse {
    if !app.limits.allow(Attempt::SignIn, address(&app, &request)) {
        return refused("too_many_requests");
    }
    match open_ticket(&app, &asked.ticket).await {
        Ok(Some(ticket)) => match Enrolment::parse(ticket.statement.as_bytes()) {
            Ok(enrolment) => {
                let fields = enrolment.fields();
                json(&Statement {
                    issuer: fields.issuer.clone(),
                    account: fields.account.clone(),
                    purpose: fields.purpose.clone(),
                    nonce: pass_core::id::hex(&fields.nonce),
                    ticket: fields.ticket.clone(),
                    issued_at: fields.issued_at,
                })
            }
            Err(error) => broken(Fault::because("read a stored statement", error)),
        },
        Ok(None) => refused("ticket_expired"),
        Err(fault) => broken(fault),
    }
}

/// The agent's answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    ticket: String,
    proof: SignedProof,
}

/// Takes the ticket once, verifies, and keeps the proof sealed until the browser comes back.
pub async fn result(app: web::Data<App>, posted: web::Json<Posted>) -> HttpResponse {
    match take(&app, posted.into_inner()).await {
        Ok(Ok(Taking { refusal, completion })) => {
            let (status, outcome) = match refusal {
                None => (StatusCode::OK, VERIFIED),
                Some(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.code()),
            };
            answer(status, &serde_json::json!({ "outcome": outcome, "completion": completion }))
        }
        Ok(Err(code)) => refused(code),
        Err(fault) => broken(fault),
    }
}

/// A ticket that was taken, whatever came of its proof.
struct Taking {
    refusal: Option<Refusal>,
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
    let refusal = settle::check(app, &ticket, &posted.proof, now)?.err();
    let (outcome, sealed) = match refusal {
        None => (VERIFIED, Some(seal(app, &ticket, &posted.proof).await?)),
        Some(refusal) => (refusal.code(), None),
    };
    let completion = app.token();
    let secret = Hash::of(&completion);
    app.store
        .write(move |tx| {
            let came = Came { outcome, sealed_proof: sealed.as_deref(), completion: secret };
            pass_store::card_tickets::set_outcome(tx, &hash, &came)
        })
        .await?;
    Ok(Ok(Taking { refusal, completion }))
}

async fn seal(app: &App, ticket: &CardTicket, proof: &SignedProof) -> Result<Vec<u8>, Fault> {
    let account = ticket.account;
    let person = app
        .store
        .read_now(move |tx| pass_store::accounts::find(tx, account))
        .await?
        .ok_or_else(|| Fault::new("a card ticket names no account"))?
        .person;
    let key = person_key(app, person).await?;
    let plain = serde_json::to_vec(proof).map_err(|error| Fault::because("write a card proof", error))?;
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
