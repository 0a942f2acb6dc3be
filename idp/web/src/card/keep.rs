//! The proof is back where it was started and waits: the person sees what it says, and it is kept or erased. Until then nothing
//! of it is anywhere but in the ticket, sealed.

use super::binding::{Binding, forget_cards, letter};
use super::overtaken::Overtaken;
use super::settle::{Waiting, audit, reject, seen_proof, waiting_proof};
use crate::app::App;
use crate::flow::Stage;
use crate::mail::CardNews;
use crate::people::{PROVEN, Resident, sealed};
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::authn::session::{Act as Wish, may};
use pass_core::domain::audit::Act;
use pass_core::domain::interaction::Progress;
use pass_core::domain::person::ProvenRecord;
use pass_core::domain::proofing::life::{Passage, Turned};
use pass_core::domain::proofing::{CardTicket, NewProofing, revocation_words};

/// The ticket that came back to this interaction, in this browser, to this account.
async fn at_hand(app: &App, visit: &Visit, stage: &Stage, resident: &Resident) -> Result<Option<CardTicket>, Fault> {
    let Some(hash) = stage.interaction.progress.read else { return Ok(None) };
    let ticket = app.store.read_now(move |tx| pass_store::card_tickets::find(tx, &hash)).await?;
    Ok(ticket.filter(|ticket| {
        ticket.expires_at > visit.now
            && ticket.account == Some(resident.account.id)
            && ticket.interaction == Some(stage.interaction.hash)
            && ticket.browser.matches(&visit.browser_hash())
    }))
}

/// Whether its proof waits for the person's word.
fn waits(ticket: &CardTicket) -> bool {
    ticket.completion.is_none() && ticket.outcome.as_deref() == Some(CardTicket::VERIFIED)
}

/// What there is to see.
pub enum Seen {
    /// What the waiting proof says.
    Record(Box<ProvenRecord>),
    /// It was refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// Nothing waits.
    Nothing,
}

/// What the waiting proof says, for the person to see.
pub async fn read(app: &App, visit: &Visit, stage: &Stage, resident: &Resident) -> Result<Seen, Fault> {
    let Some(ticket) = at_hand(app, visit, stage, resident).await? else { return Ok(Seen::Nothing) };
    if let Some(code) = ticket.refusal() {
        return Ok(Seen::Refused(code.into()));
    }
    if !waits(&ticket) {
        return Ok(Seen::Nothing);
    }
    Ok(match seen_proof(app, visit, resident, &ticket)? {
        Ok(waiting) => Seen::Record(Box::new(waiting.new.record().clone())),
        Err(code) => {
            reject(app, visit, resident, &ticket, code).await?;
            Seen::Refused(code.into())
        }
    })
}

/// What came of the person's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The person is proofed now, and these are the steps of the interaction.
    Proofed(Progress),
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// Nothing waits here any more, or the session is too weak by now.
    Nothing,
}

/// `keep`: the waiting proof becomes a proofing.
pub async fn keep(app: &App, visit: &Visit, stage: &Stage, resident: &Resident) -> Result<Kept, Fault> {
    let Some(ticket) = at_hand(app, visit, stage, resident).await? else {
        // Seen too late, or answered before.
        let late = stage.interaction.progress.read.is_some();
        return Ok(if late { Kept::Refused("ticket_expired".into()) } else { Kept::Nothing });
    };
    if let Some(code) = ticket.refusal() {
        return Ok(Kept::Refused(code.into()));
    }
    if !waits(&ticket) {
        return Ok(Kept::Nothing);
    }
    // Looked at when the ticket was written; the session of the way back may be a weaker one.
    if !may_be_proofed(visit, resident) {
        return Ok(Kept::Nothing);
    }
    let written = match waiting_proof(app, visit, resident, &ticket).await? {
        Ok(waiting) => write(app, visit, stage, resident, &ticket, waiting).await?,
        Err(code) => Err(code),
    };
    match written {
        Ok(progress) => Ok(Kept::Proofed(progress)),
        Err(code) => {
            reject(app, visit, resident, &ticket, code).await?;
            Ok(Kept::Refused(code.to_string()))
        }
    }
}

async fn write(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    resident: &Resident,
    ticket: &CardTicket,
    Waiting { new, passage, login }: Waiting,
) -> Result<Result<Progress, &'static str>, Fault> {
    let record = sealed(app, &resident.key, resident.person(), PROVEN, new.record());
    let mut progress = stage.interaction.progress.clone();
    (progress.read, progress.proofed) = (None, Some(new.proofing().id));
    let kept = progress.clone();
    let audit = audit(app, visit, resident.ids(), Act::ProofingSucceed, detail(passage, &new));
    let (interaction, hash, person, now) = (stage.interaction.hash, ticket.hash, resident.person(), visit.now);
    let (serial, applicant) = (new.proofing().keyed_serial, new.proofing().keyed_applicant);
    let overtaken = Overtaken::by(app, resident, &new, visit.now);
    let binding = login.map(|login| Binding::of(app, visit, resident, &login)).transpose()?;
    let removed = letter(app, visit, resident, CardNews::Removed)?;
    let before = resident.proven().map(|(_, proofing)| proofing.id);
    let account = resident.account.id;
    let another_card = resident.proven().is_some_and(|(_, proofing)| proofing.keyed_serial != serial);
    let written = app
        .store
        .write(move |tx| {
            // Given up since this was loaded: nothing of it is kept.
            if !pass_store::accounts::hold_open(tx, account)? {
                return Ok(Err("ticket_expired"));
            }
            let key = binding.as_ref().map(Binding::lookup);
            pass_store::card_turns::take(tx, [&serial].into_iter().chain(&applicant).chain(key))?;
            // One card, one person: a card that proofed somebody else is not taken for a second account, nor is one that the
            // platform operator says is of the same person.
            let mut known = pass_store::proofings::find_by_serial(tx, &serial)?;
            if let Some(applicant) = &applicant {
                known.extend(pass_store::proofings::find_by_applicant(tx, applicant)?);
            }
            if known.iter().any(|other| other.person != person) {
                return Ok(Err(Turned::OtherAccount.code()));
            }
            if let Some(binding) = &binding
                && binding.is_taken(tx)?
            {
                return Ok(Err("already_other_account"));
            }
            // Two cards at once: the second is held against what the first one wrote.
            if pass_store::proofings::find_current(tx, person)?.map(|current| current.id) != before {
                return Ok(Err("ticket_used"));
            }
            // Of two answers to one page only the first writes.
            if !pass_store::card_tickets::end(tx, &hash, CardTicket::DONE, now)? {
                return Ok(Err("ticket_used"));
            }
            pass_store::proofings::insert(tx, &new)?;
            pass_store::sealed_records::put(tx, person, &record, now)?;
            overtaken.revoke(tx)?;
            match &binding {
                Some(binding) => binding.write(tx)?,
                // A newer card took the older one's place: whoever has that one signs in no more.
                None if another_card && forget_cards(tx, account)? => {
                    if let Some(letter) = &removed {
                        pass_store::outbox::insert(tx, letter)?;
                    }
                }
                None => {}
            }
            pass_store::interactions::save_progress(tx, &interaction, &kept)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(Ok(()))
        })
        .await?;
    app.outbox.notify_one();
    Ok(written.map(|()| progress))
}

/// How, what came of it, and what was checked or not: staff and residents read it.
fn detail(passage: Passage, new: &NewProofing) -> String {
    format!("sign_certificate, {}, {}", passage.as_str(), revocation_words(&new.proofing().checks))
}

/// Anything but `keep`: the waiting proof is erased, and nothing but the fact is written. Gives the steps of the interaction.
pub async fn forget(app: &App, visit: &Visit, stage: &Stage, resident: &Resident) -> Result<Progress, Fault> {
    let mut progress = stage.interaction.progress.clone();
    let Some(hash) = progress.read.take() else { return Ok(progress) };
    let audit = audit(app, visit, resident.ids(), Act::ProofingDrop, String::new());
    let (interaction, left, now) = (stage.interaction.hash, progress.clone(), visit.now);
    app.store
        .write(move |tx| {
            pass_store::interactions::save_progress(tx, &interaction, &left)?;
            // Pressed twice, written once.
            let card = pass_store::card_tickets::end(tx, &hash, CardTicket::DROPPED, now)?;
            let app = pass_store::upstream_visits::close(tx, &hash)?;
            if card || app { pass_store::audit::insert(tx, &audit) } else { Ok(()) }
        })
        .await?;
    Ok(progress)
}

/// Whether this session may have the person proofed, for the first time or once more (docs/acr.md).
pub fn may_be_proofed(visit: &Visit, resident: &Resident) -> bool {
    let session = visit.session.as_ref();
    session.is_some_and(|session| may(Wish::Proof, session, resident.protected_since(), visit.now).is_ok())
}
