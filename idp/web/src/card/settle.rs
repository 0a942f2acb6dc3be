//! A proof becomes a proofing: checked once when the agent posts it, and again when the right browser returns with the secret
//! that only whoever signed was given.

use super::endpoints::{PROOF, VERIFIED};
use crate::app::App;
use crate::flow::Stage;
use crate::people::{PROVEN, Resident, sealed, unsealed};
use crate::visit::Visit;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::proofing::{CardTicket, NewProofing};
use pass_core::id::{AccountId, AuditId, PersonId, ProofingId};
use pass_core::jpki::{Enrolment, Refusal, SignedProof, Verified};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};

/// The ticket came back to a browser, an interaction or an account that it did not leave from, or without its secret.
pub const OTHER_BROWSER: &str = "other_browser";

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
        Err(refusal) => return refuse(app, visit, resident, refusal.code().to_string()).await,
    };
    let id = ProofingId::new(visit.now, &*app.entropy);
    let key = card_key(app);
    let new = NewProofing::from_card(id, resident.person(), &verified, &key, visit.now);
    let record = sealed(app, &resident.key, resident.person(), PROVEN, new.record());
    let mut progress = stage.interaction.progress.clone();
    progress.proofed = Some(id);
    let audit = audit(app, visit, resident.ids(), Act::ProofingSucceed, "sign_certificate".into());
    let (interaction, hash, person, now) = (stage.interaction.hash, ticket.hash, resident.person(), visit.now);
    let serial = new.proofing().keyed_serial;
    let taken = app
        .store
        .write(move |tx| {
            // One card, one person: a card that proofed somebody else is not taken for a second account.
            let known = pass_store::proofings::find_by_serial(tx, &serial)?;
            if known.iter().any(|other| other.person != person) {
                return Ok(false);
            }
            // Of two returns with one ticket only the first writes.
            if !pass_store::card_tickets::close(tx, &hash)? {
                return Ok(true);
            }
            pass_store::proofings::insert(tx, &new)?;
            pass_store::sealed_records::put(tx, person, &record, now)?;
            pass_store::interactions::save_progress(tx, &interaction, &progress)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(true)
        })
        .await?;
    if taken { Ok(Settled::Proofed(id)) } else { refuse(app, visit, resident, "already_other_account".into()).await }
}

/// The key of certificate serials: the same card is known again without keeping its serial.
pub fn card_key(app: &App) -> [u8; 32] {
    app.keys.index.mac(&[b"card key"]).0
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
