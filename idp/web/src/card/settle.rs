//! A proof becomes a proofing: checked once when the agent posts it, and again when the right browser returns with the secret
//! that only whoever signed was given.

use super::endpoints::{PROOF, VERIFIED};
use super::overtaken::Overtaken;
use crate::app::App;
use crate::flow::Stage;
use crate::people::{PROVEN, Resident, sealed, unsealed};
use crate::visit::Visit;
use pass_core::authn::session::{Act as Wish, may};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::proofing::{CardTicket, NewProofing};
use pass_core::id::{AccountId, AuditId, PersonId, ProofingId};
use pass_core::jpki::{Enrolment, Refusal, SignedProof, Verified};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};

/// The ticket came back to a browser, an interaction or an account that it did not leave from, or without its secret.
pub const OTHER_BROWSER: &str = "other_browser";

/// A card of somebody who was born on another day or is of another sex than whoever was proofed here before.
pub const OTHER_PERSON: &str = "other_person";

/// What came of a card visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The person is proofed now.
    Proofed(ProofingId),
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// The agent has not posted: the person came back without reading the card.
    Nothing,
}

/// Runs the whole checklist of `jpki::verify`.
pub fn check(
    app: &App,
    ticket: &CardTicket,
    proof: &SignedProof,
    now: Time,
) -> Result<Result<Verified, Refusal>, Fault> {
    let expected = Enrolment::parse(ticket.statement.as_bytes())
        .map_err(|error| Fault::because("read a stored statement", error))?;
    Ok(pass_core::jpki::verify(proof, &app.anchors, &app.revocation.of_sign_certificates(), &expected, now.seconds()))
}

/// What the browser brings from the agent.
#[derive(Clone, Copy)]
pub struct Brought<'a> {
    /// The ticket it left with.
    pub ticket: &'a str,
    /// The secret that the issuer gave the agent of whoever signed. Empty when nothing was signed.
    pub completion: &'a str,
}

/// Whether the ticket is one that another browser left with. Then somebody was sent to the agent by whoever started it: the
/// ticket ends for good, with the proof in it.
pub async fn is_of_another_browser(app: &App, visit: &Visit, secret: &str) -> Result<bool, Fault> {
    match find(app, secret).await? {
        Some(ticket) if !ticket.browser.matches(&visit.browser_hash()) => {
            close(app, visit, &ticket).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// The browser came back.
pub async fn settle(app: &App, visit: &Visit, stage: &Stage, brought: Brought<'_>) -> Result<Settled, Fault> {
    let ticket = find(app, brought.ticket).await?.filter(|ticket| ticket.expires_at > visit.now);
    let Some((ticket, resident)) = ticket.zip(stage.resident.as_ref()) else {
        return Ok(Settled::Refused("ticket_expired".into()));
    };
    // Only the browser that left, in the interaction it left from, with the account it left with.
    let left_here = ticket.browser.matches(&visit.browser_hash())
        && ticket.interaction == Some(stage.interaction.hash)
        && ticket.account == resident.account.id;
    let Some(outcome) = ticket.outcome.as_deref() else {
        return Ok(if left_here { Settled::Nothing } else { Settled::Refused(OTHER_BROWSER.into()) });
    };
    // And only with what the agent of whoever signed was told: who started this for somebody else to sign, or only waits for
    // the outcome here, does not have it.
    let signed_here = ticket.completion.is_some_and(|secret| secret.matches(&Hash::of(brought.completion)));
    if !left_here || !signed_here {
        close(app, visit, &ticket).await?;
        return Ok(Settled::Refused(OTHER_BROWSER.into()));
    }
    match (outcome, &ticket.sealed_proof) {
        (VERIFIED, Some(proof)) => {
            let proof: SignedProof = unsealed(&resident.key, resident.person(), PROOF, proof)?;
            accept(app, visit, stage, resident, &ticket, &proof).await
        }
        (refusal, _) => refuse(app, visit, resident, refusal.to_string()).await,
    }
}

async fn find(app: &App, secret: &str) -> Result<Option<CardTicket>, Fault> {
    let hash = Hash::of(secret);
    app.store.read_now(move |tx| pass_store::card_tickets::find(tx, &hash)).await
}

/// Ends a ticket that came back to the wrong place.
async fn close(app: &App, visit: &Visit, ticket: &CardTicket) -> Result<(), Fault> {
    let person = crate::account::person_of(app, ticket.account).await?;
    let audit = audit(app, visit, (ticket.account, person), Act::ProofingRefuse, OTHER_BROWSER.into());
    let hash = ticket.hash;
    app.store
        .write(
            move |tx| {
                if pass_store::card_tickets::close(tx, &hash)? { pass_store::audit::insert(tx, &audit) } else { Ok(()) }
            },
        )
        .await
}

async fn accept(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    resident: &Resident,
    ticket: &CardTicket,
    proof: &SignedProof,
) -> Result<Settled, Fault> {
    let verified = match check(app, ticket, proof, visit.now)? {
        Ok(verified) => verified,
        Err(refusal) => return reject(app, visit, resident, ticket, refusal.code()).await,
    };
    let id = ProofingId::new(visit.now, &*app.entropy);
    let key = card_key(app);
    let new = NewProofing::from_card(id, resident.person(), &verified, &key, visit.now);
    let earlier = resident.proven().map(|(record, _)| record);
    if earlier.is_some_and(|earlier| !new.record().may_be_same_person(earlier)) {
        return reject(app, visit, resident, ticket, OTHER_PERSON).await;
    }
    // Looked at when the ticket was written; the session of the way back may be a weaker one.
    if !may_be_proofed(visit, resident) {
        return Ok(Settled::Nothing);
    }
    let record = sealed(app, &resident.key, resident.person(), PROVEN, new.record());
    let mut progress = stage.interaction.progress.clone();
    progress.proofed = Some(id);
    let audit = audit(app, visit, resident.ids(), Act::ProofingSucceed, "sign_certificate".into());
    let (interaction, hash, person, now) = (stage.interaction.hash, ticket.hash, resident.person(), visit.now);
    let serial = new.proofing().keyed_serial;
    let overtaken = Overtaken::by(app, resident, &new, visit.now);
    let before = resident.proven().map(|(_, proofing)| proofing.id);
    let written = app
        .store
        .write(move |tx| {
            // One card, one person: a card that proofed somebody else is not taken for a second account.
            let known = pass_store::proofings::find_by_serial(tx, &serial)?;
            if known.iter().any(|other| other.person != person) {
                return Ok(Err("already_other_account"));
            }
            // Two cards at once: the second is held against what the first one wrote.
            if pass_store::proofings::find_current(tx, person)?.map(|current| current.id) != before {
                return Ok(Err("ticket_used"));
            }
            // Of two returns with one ticket only the first writes.
            if !pass_store::card_tickets::close(tx, &hash)? {
                return Ok(Err("ticket_used"));
            }
            pass_store::proofings::insert(tx, &new)?;
            pass_store::sealed_records::put(tx, person, &record, now)?;
            overtaken.revoke(tx)?;
            pass_store::interactions::save_progress(tx, &interaction, &progress)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(Ok(()))
        })
        .await?;
    match written {
        Ok(()) => Ok(Settled::Proofed(id)),
        Err(code) => reject(app, visit, resident, ticket, code).await,
    }
}

/// Whether this session may have the person proofed, for the first time or once more (docs/acr.md).
fn may_be_proofed(visit: &Visit, resident: &Resident) -> bool {
    let session = visit.session.as_ref();
    session.is_some_and(|session| may(Wish::Proof, session, resident.protected_since(), visit.now).is_ok())
}

/// The key of certificate serials: the same card is known again without keeping its serial.
pub fn card_key(app: &App) -> [u8; 32] {
    app.keys.index.mac(&[b"card key"]).0
}

/// Refuses a proof that is good for another one, or for nobody: it is not kept.
async fn reject(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
    code: &str,
) -> Result<Settled, Fault> {
    let hash = ticket.hash;
    app.store.write(move |tx| pass_store::card_tickets::close(tx, &hash)).await?;
    refuse(app, visit, resident, code.to_string()).await
}

async fn refuse(app: &App, visit: &Visit, resident: &Resident, code: String) -> Result<Settled, Fault> {
    let audit = audit(app, visit, resident.ids(), Act::ProofingRefuse, code.clone());
    app.store.write(move |tx| pass_store::audit::insert(tx, &audit)).await?;
    Ok(Settled::Refused(code))
}

fn audit(app: &App, visit: &Visit, (account, person): (AccountId, PersonId), act: Act, detail: String) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Account(account),
        act,
        person: Some(person),
        facility: None,
        client: None,
        detail,
    }
}
