//! A child's card, read with its four digits by a guardian who is proofed: the child becomes a person that the guardian's account
//! acts for. Nothing is kept before the guardian has seen what was read and said who the child is to them.

use super::endpoints::{PROOF, VERIFIED};
use super::settle::{Brought, audit, card_key, find};
use super::ticket;
use super::way_back::{WayBack, come_back};
use crate::app::App;
use crate::people::{PROVEN, Resident, sealed, unsealed};
use crate::visit::Visit;
use pass_core::domain::audit::Act;
use pass_core::domain::person::{Birthdate, Person, ProvenRecord};
use pass_core::domain::proofing::{CardTicket, NewProofing};
use pass_core::domain::relation::{CardPath, Relation, RelationKind, card_path, majority};
use pass_core::id::{PersonId, ProofingId, RelationId};
use pass_core::jpki::{AnyStatement, TextProof, TextReading, VerifiedText, verify_text};
use pass_core::{Fault, Time};

/// Old enough to sign: the own password, not a guardian's word.
pub const NEEDS_SIGNATURE: &str = "needs_signature";
/// The child is in this family already.
pub const ALREADY_FAMILY: &str = "already_family";

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
    Read(Box<ProvenRecord>),
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// The agent has not posted.
    Nothing,
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
    if outcome != VERIFIED {
        return refuse(app, visit, resident, &ticket, outcome).await;
    }
    let new = match waiting(app, visit, resident, &ticket)? {
        Ok(new) => new,
        Err(code) => return refuse(app, visit, resident, &ticket, code).await,
    };
    if let Some(completion) = ticket.completion {
        let hash = ticket.hash;
        app.store.write(move |tx| pass_store::card_tickets::arrive(tx, &hash, &completion)).await?;
    }
    Ok(Arrived::Read(Box::new(new.record().clone())))
}

fn is_of(ticket: &CardTicket, visit: &Visit, resident: &Resident) -> bool {
    ticket.browser.matches(&visit.browser_hash())
        && ticket.interaction.is_none()
        && ticket.account == Some(resident.account.id)
}

/// The proofing that a reading makes of a new person, by everything that can be checked without writing.
fn waiting(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
) -> Result<Result<NewProofing, &'static str>, Fault> {
    let (Some(held), Some((guardian, _))) = (&ticket.sealed_proof, resident.proven()) else {
        return Ok(Err("ticket_expired"));
    };
    let AnyStatement::Text(expected) = ticket::statement(ticket)? else { return Ok(Err("foreign_statement")) };
    let proof: TextProof = unsealed(&resident.key, resident.person(), PROOF, held)?;
    Ok(check(app, &expected, &proof, visit.now).map(|verified| {
        let (proofing, person) = (ProofingId::new(visit.now, &*app.entropy), PersonId::new(visit.now, &*app.entropy));
        NewProofing::from_text(proofing, person, &verified, &card_key(app), guardian, visit.now)
    }))
}

async fn refuse(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
    code: &str,
) -> Result<Arrived, Fault> {
    let code = code.to_string();
    let (hash, audit) = (ticket.hash, audit(app, visit, resident.ids(), Act::ProofingRefuse, code.clone()));
    app.store
        .write(
            move |tx| {
                if pass_store::card_tickets::close(tx, &hash)? { pass_store::audit::insert(tx, &audit) } else { Ok(()) }
            },
        )
        .await?;
    Ok(Arrived::Refused(code))
}

/// Erases what was read.
pub async fn forget(app: &App, visit: &Visit, resident: &Resident, secret: &str) -> Result<(), Fault> {
    let Some(ticket) = find(app, secret).await?.filter(|ticket| is_of(ticket, visit, resident)) else { return Ok(()) };
    let (hash, audit) = (ticket.hash, audit(app, visit, resident.ids(), Act::ProofingDrop, String::new()));
    app.store
        .write(
            move |tx| {
                if pass_store::card_tickets::close(tx, &hash)? { pass_store::audit::insert(tx, &audit) } else { Ok(()) }
            },
        )
        .await
}

/// What came of the guardian's word.
pub enum Kept {
    /// The child is in the family.
    Added,
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(&'static str),
}

/// The guardian has seen it and says as what they act for the child.
pub async fn keep(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    secret: &str,
    kind: RelationKind,
) -> Result<Kept, Fault> {
    let found = find(app, secret).await?;
    let Some(ticket) = found.filter(|one| {
        is_of(one, visit, resident) && one.completion.is_none() && one.used_at.is_some() && one.expires_at > visit.now
    }) else {
        return Ok(Kept::Refused("ticket_expired"));
    };
    let new = match waiting(app, visit, resident, &ticket)? {
        Ok(new) => new,
        Err(code) => return Ok(Kept::Refused(code)),
    };
    let Some(until) = majority(new.record().birthdate) else { return Ok(Kept::Refused("unusable_identity")) };
    let person = Person { id: new.proofing().person, created_at: visit.now, erased_at: None };
    let key = crate::account::insert_key(app, person.id, visit.now).await?;
    let record = sealed(app, &key, person.id, PROVEN, new.record());
    let relation = Relation {
        id: RelationId::new(visit.now, &*app.entropy),
        account: resident.account.id,
        person: person.id,
        kind,
        from: visit.now,
        until,
        ended_at: None,
    };
    // In the histories of both: whoever acts for the child reads it, and so does the child, one day.
    let added = [person.id, resident.person()]
        .map(|of| audit(app, visit, (resident.account.id, of), Act::FamilyAdd, kind.as_str().into()));
    let (hash, chip, now) = (ticket.hash, new.proofing().keyed_serial, visit.now);
    let written = app
        .store
        .write(move |tx| {
            // One card, one person: whoever acts for the child already is asked, not a second person made.
            if let Some(known) = pass_store::proofings::find_by_serial(tx, &chip)?.first() {
                let mine = pass_store::relations::find_all_to(tx, known.person)?;
                let mine = mine.iter().any(|one| one.account == relation.account);
                return Ok(Err(if mine { ALREADY_FAMILY } else { "already_other_account" }));
            }
            // Of two answers to one page only the first writes.
            if !pass_store::card_tickets::close(tx, &hash)? {
                return Ok(Err("ticket_used"));
            }
            pass_store::persons::insert(tx, &person)?;
            pass_store::proofings::insert(tx, &new)?;
            pass_store::sealed_records::put(tx, person.id, &record, now)?;
            pass_store::relations::insert(tx, &relation)?;
            for event in &added {
                pass_store::audit::insert(tx, event)?;
            }
            Ok(Ok(()))
        })
        .await?;
    Ok(match written {
        Ok(()) => Kept::Added,
        Err(code) => Kept::Refused(code),
    })
}
