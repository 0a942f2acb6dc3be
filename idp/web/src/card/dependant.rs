//! A child's card, read with its four digits by a guardian who is proofed: the child becomes a person that the guardian's account
//! acts for. Nothing is kept before the guardian has seen what was read and said who the child is to them (`guardian`).

use super::endpoints::{PROOF, VERIFIED};
use super::settle::{Brought, audit, card_key, find};
use super::ticket;
use super::way_back::{WayBack, come_back};
use crate::app::App;
use crate::people::{Resident, unsealed};
use crate::visit::Visit;
use pass_core::domain::audit::Act;
use pass_core::domain::person::Birthdate;
use pass_core::domain::proofing::{CardTicket, NewProofing};
use pass_core::domain::relation::{CardPath, card_path};
use pass_core::id::{PersonId, ProofingId};
use pass_core::jpki::{AnyStatement, TextProof, TextReading, VerifiedText, verify_text};
use pass_core::{Fault, Time};

/// Old enough to sign: the own password, not a guardian's word.
pub const NEEDS_SIGNATURE: &str = "needs_signature";

/// Runs the checklist of a reading, and looks whether its holder is a child at all.
pub(super) fn check(
    app: &App,
    expected: &TextReading,
    proof: &TextProof,
    now: Time,
) -> Result<VerifiedText, &'static str> {
    let verified = verify_text(proof, expected, &app.text_anchors, now.seconds()).map_err(|refusal| refusal.code())?;
    match card_path(Birthdate::read(&verified.basic_four().birth_date), now) {
        Some(CardPath::Text) => Ok(verified),
        Some(CardPath::Signature) => Err(NEEDS_SIGNATURE),
        None => Err(pass_core::jpki::Refusal::UnusableIdentity.code()),
    }
}

/// What came of the way to the agent.
pub enum Arrived {
    /// What the card says, for the guardian to see.
    Read(Box<NewProofing>),
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// The agent has not posted.
    Nothing,
    /// The guardian has answered already: the list of the family says how.
    Done,
}

/// The browser came back. Only the one that left, with the account it left with and the secret of whoever read the card.
pub async fn arrive(app: &App, visit: &Visit, resident: &Resident, brought: Brought<'_>) -> Result<Arrived, Fault> {
    let Some(ticket) = find(app, brought.ticket).await?.filter(|ticket| ticket.expires_at > visit.now) else {
        return Ok(Arrived::Refused("ticket_expired".into()));
    };
    let left_here = is_of(&ticket, visit, resident);
    let outcome = match come_back(app, visit, &ticket, brought, left_here, true).await? {
        WayBack::Nothing => return Ok(Arrived::Nothing),
        WayBack::Refused(code) => return Ok(Arrived::Refused(code.into())),
        WayBack::Signed(outcome) | WayBack::Again(outcome) => outcome,
    };
    if [CardTicket::DONE, CardTicket::DROPPED].contains(&outcome) {
        return Ok(Arrived::Done);
    }
    if outcome != VERIFIED {
        return refuse(app, visit, resident, &ticket, outcome).await;
    }
    let nobody_yet = PersonId::new(visit.now, &*app.entropy);
    let new = match waiting(app, visit, resident, &ticket, nobody_yet)? {
        Ok(new) => new,
        Err(code) => return refuse(app, visit, resident, &ticket, code).await,
    };
    if let Some(completion) = ticket.completion {
        let hash = ticket.hash;
        app.store.write(move |tx| pass_store::card_tickets::arrive(tx, &hash, &completion)).await?;
    }
    Ok(Arrived::Read(Box::new(new)))
}

pub(super) fn is_of(ticket: &CardTicket, visit: &Visit, resident: &Resident) -> bool {
    ticket.browser.matches(&visit.browser_hash())
        && ticket.interaction.is_none()
        && ticket.account == Some(resident.account.id)
}

/// The proofing that a reading makes of a person, by everything that can be checked without writing.
pub(super) fn waiting(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
    of: PersonId,
) -> Result<Result<NewProofing, &'static str>, Fault> {
    let (Some(held), Some((guardian, _))) = (&ticket.sealed_proof, resident.proven()) else {
        return Ok(Err("ticket_expired"));
    };
    let AnyStatement::Text(expected) = ticket::statement(ticket)? else { return Ok(Err("foreign_statement")) };
    let proof: TextProof = unsealed(&resident.key, resident.person(), PROOF, held)?;
    Ok(check(app, &expected, &proof, visit.now).map(|verified| {
        let proofing = ProofingId::new(visit.now, &*app.entropy);
        NewProofing::from_text(proofing, of, &verified, &card_key(app), guardian, visit.now)
    }))
}

pub(super) async fn refuse(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
    code: &str,
) -> Result<Arrived, Fault> {
    let code = code.to_string();
    let (hash, audit) = (ticket.hash, audit(app, visit, resident.ids(), Act::ProofingRefuse, code.clone()));
    let (why, now) = (code.clone(), visit.now);
    app.store
        .write(move |tx| match pass_store::card_tickets::end(tx, &hash, &why, now)? {
            true => pass_store::audit::insert(tx, &audit),
            false => Ok(()),
        })
        .await?;
    Ok(Arrived::Refused(code))
}

/// Erases what was read.
pub async fn forget(app: &App, visit: &Visit, resident: &Resident, secret: &str) -> Result<(), Fault> {
    let Some(ticket) = find(app, secret).await?.filter(|ticket| is_of(ticket, visit, resident)) else { return Ok(()) };
    let (hash, audit) = (ticket.hash, audit(app, visit, resident.ids(), Act::ProofingDrop, String::new()));
    let now = visit.now;
    app.store
        .write(move |tx| match pass_store::card_tickets::end(tx, &hash, CardTicket::DROPPED, now)? {
            true => pass_store::audit::insert(tx, &audit),
            false => Ok(()),
        })
        .await
}
