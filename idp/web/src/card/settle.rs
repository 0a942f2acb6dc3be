//! A proof becomes a proofing: checked once when the agent posts it, and again when the right browser returns.

use super::endpoints::PROOF;
use crate::app::App;
use crate::flow::Stage;
use crate::people::{PROVEN, Resident, sealed, unsealed};
use crate::visit::Visit;
use jpki::{Enrolment, Refusal, SignedProof, Verified};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::proofing::{CardTicket, NewProofing};
use pass_core::id::{AuditId, ProofingId};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};

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
pub fn check(app: &App, ticket: &CardTicket, proof: &SignedProof, now: Time) -> Result<Result<Verified, Refusal>, Fault> {
    let expected =
        Enrolment::parse(ticket.statement.as_bytes()).map_err(|error| Fault::because("read a stored statement", error))?;
    Ok(jpki::verify(proof, &app.anchors, &app.revocation.of_sign_certificates(), &expected, now.seconds()))
}

/// The browser came back with its ticket.
pub async fn settle(app: &App, visit: &Visit, stage: &Stage, secret: &str) -> Result<Settled, Fault> {
    let hash = Hash::of(secret);
    let ticket = app.store.read_now(move |tx| pass_store::card_tickets::find(tx, &hash)).await?;
    let Some((ticket, resident)) = ticket.zip(stage.resident.as_ref()) else {
        return Ok(Settled::Refused("ticket_expired".into()));
    };
    // Only the browser that left, in the interaction it left from, with the account it left with.
    let ours = ticket.browser.matches(&visit.browser_hash())
        && ticket.interaction == Some(stage.interaction.hash)
        && ticket.account == resident.account.id;
    if !ours {
        return Ok(Settled::Refused("other_browser".into()));
    }
    match (ticket.outcome.as_deref(), &ticket.sealed_proof) {
        (Some("verified"), Some(proof)) => {
            let proof: SignedProof = unsealed(&resident.key, resident.person(), PROOF, proof)?;
            accept(app, visit, stage, resident, &ticket, &proof).await
        }
        (Some(refusal), _) => refuse(app, visit, resident, refusal.to_string()).await,
        (None, _) => Ok(Settled::Nothing),
    }
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
    let audit = audit(app, visit, resident, Act::ProofingSucceed, "sign_certificate".into());
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
    let audit = audit(app, visit, resident, Act::ProofingRefuse, code.clone());
    app.store.write(move |tx| pass_store::audit::insert(tx, &audit)).await?;
    Ok(Settled::Refused(code))
}

fn audit(app: &App, visit: &Visit, resident: &Resident, act: Act, detail: String) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Account(resident.account.id),
        act,
        person: Some(resident.person()),
        facility: None,
        client: None,
        detail,
    }
}
