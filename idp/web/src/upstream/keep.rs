//! What the service said waits, sealed: the person sees it, and it is kept or erased. A proofing by the certificate of the card
//! that still holds is stronger and stays; then only the subject is bound, so that the person can sign in by the app.

use crate::app::App;
use crate::card::keep::{Kept, may_be_proofed};
use crate::card::overtaken::Overtaken;
use crate::card::settle::audit;
use crate::flow::Stage;
use crate::people::{PROVEN, Resident, sealed, unsealed};
use crate::visit::Visit;
use pass_core::domain::attested::Attested;
use pass_core::domain::audit::Act;
use pass_core::domain::interaction::Progress;
use pass_core::domain::person::ProvenRecord;
use pass_core::domain::proofing::life::{Passage, Turned};
use pass_core::domain::proofing::{NewProofing, ProofingMethod, ProofingStatus};
use pass_core::domain::upstream_visit::UpstreamVisit;
use pass_core::id::ProofingId;
use pass_core::secret::Hash;
use pass_core::upstream::Refusal;
use pass_core::{Fault, Time};
use std::time::Duration;

/// The context of what waits.
const TOLD: &str = "upstream_visits.told";

/// Long enough to read one's own address.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Lets it wait for the person's word, if anything could come of it.
pub(super) async fn wait(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    hash: Hash,
    attested: &Attested,
) -> Result<Result<(), Refusal>, Fault> {
    let Some(resident) = &stage.resident else { return Ok(Err(Refusal::OtherBrowser)) };
    let new = match new_proofing(app, visit, resident, attested) {
        Ok((new, _)) => new,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let kept = sealed(app, &resident.key, resident.person(), TOLD, attested);
    let (subject, person, until) = (new.proofing().keyed_serial, resident.person(), visit.now + PATIENCE);
    let mut progress = stage.interaction.progress.clone();
    let replaced = progress.read.replace(hash).filter(|other| *other != hash);
    let (interaction, now) = (stage.interaction.hash, visit.now);
    app.store
        .write(move |tx| {
            let known = pass_store::proofings::find_by_serial(tx, &subject)?;
            if known.iter().any(|other| other.person != person) {
                return Ok(Err(Refusal::OtherAccount));
            }
            if let Some(replaced) = replaced {
                pass_store::card_tickets::end(tx, &replaced, "ticket_used", now)?;
                pass_store::upstream_visits::close(tx, &replaced)?;
            }
            pass_store::upstream_visits::set_told(tx, &hash, &kept, until)?;
            pass_store::interactions::save_progress(tx, &interaction, &progress)?;
            Ok(Ok(()))
        })
        .await
}

/// What waits, as the person sees it.
pub struct Read {
    /// The four.
    pub record: ProvenRecord,
    /// A stronger check holds, and stays.
    pub beside: bool,
}

/// What waits in this interaction, in this browser, for the word of this account.
async fn waiting(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    resident: &Resident,
) -> Result<Option<(UpstreamVisit, Attested)>, Fault> {
    let Some(hash) = stage.interaction.progress.read else { return Ok(None) };
    let row = app.store.read_now(move |tx| pass_store::upstream_visits::find(tx, &hash)).await?;
    let row = row.filter(|row| {
        row.expires_at > visit.now
            && row.account == Some(resident.account.id)
            && row.interaction == stage.interaction.hash
            && row.browser.matches(&visit.browser_hash())
    });
    let Some((row, told)) = row.and_then(|row| row.sealed_told.clone().map(|told| (row, told))) else {
        return Ok(None);
    };
    let attested = unsealed(&resident.key, resident.person(), TOLD, &told)?;
    Ok(Some((row, attested)))
}

/// For the person to see.
pub async fn read(app: &App, visit: &Visit, stage: &Stage, resident: &Resident) -> Result<Option<Read>, Fault> {
    let Some((_, attested)) = waiting(app, visit, stage, resident).await? else { return Ok(None) };
    let new = new_proofing(app, visit, resident, &attested).ok();
    Ok(new.map(|(new, _)| Read { record: new.record().clone(), beside: stronger_holds(resident, visit.now) }))
}

/// `keep`. None: it is not the service's word that waits here.
pub async fn keep(app: &App, visit: &Visit, stage: &Stage, resident: &Resident) -> Result<Option<Kept>, Fault> {
    let Some((row, attested)) = waiting(app, visit, stage, resident).await? else { return Ok(None) };
    // Looked at when the browser left; the session of the way back may be a weaker one.
    if !may_be_proofed(visit, resident) {
        return Ok(Some(Kept::Nothing));
    }
    let written = match new_proofing(app, visit, resident, &attested) {
        Ok(made) => write(app, visit, stage, resident, row.hash, made).await?,
        Err(refusal) => Err(refusal),
    };
    Ok(Some(match written {
        Ok(progress) => Kept::Proofed(progress),
        Err(refusal) => {
            let event = audit(app, visit, resident.ids(), Act::ProofingRefuse, refusal.code().into());
            app.store
                .write(move |tx| {
                    pass_store::upstream_visits::close(tx, &row.hash)?;
                    pass_store::audit::insert(tx, &event)
                })
                .await?;
            Kept::Refused(refusal.code().into())
        }
    }))
}

async fn write(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    resident: &Resident,
    hash: Hash,
    (new, passage): (NewProofing, Passage),
) -> Result<Result<Progress, Refusal>, Fault> {
    let beside = stronger_holds(resident, visit.now);
    let record = sealed(app, &resident.key, resident.person(), PROVEN, new.record());
    let mut progress = stage.interaction.progress.clone();
    (progress.read, progress.proofed) = (None, Some(new.proofing().id));
    let kept = progress.clone();
    let beside_what = if beside { ", beside sign_certificate" } else { "" };
    let how = format!("{}, {}{beside_what}", ProofingMethod::DigitalAuthApp.as_str(), passage.as_str());
    let event = audit(app, visit, resident.ids(), Act::ProofingSucceed, how);
    let (interaction, person, now) = (stage.interaction.hash, resident.person(), visit.now);
    let (subject, account) = (new.proofing().keyed_serial, resident.account.id);
    let overtaken = Overtaken::by(app, resident, &new, visit.now);
    let before = resident.proven().map(|(_, proofing)| proofing.id);
    let written = app
        .store
        .write(move |tx| {
            if !pass_store::accounts::hold_open(tx, account)? {
                return Ok(Err(Refusal::UsedState));
            }
            // One person of the service, one person here: two accounts at once wait for each other.
            pass_store::card_turns::take(tx, [&subject])?;
            let known = pass_store::proofings::find_by_serial(tx, &subject)?;
            if known.iter().any(|other| other.person != person) {
                return Ok(Err(Refusal::OtherAccount));
            }
            // Two ways at once: the second is held against what the first one wrote.
            if pass_store::proofings::find_current(tx, person)?.map(|current| current.id) != before {
                return Ok(Err(Refusal::UsedState));
            }
            // Of two answers to one page only the first writes.
            if !pass_store::upstream_visits::close(tx, &hash)? {
                return Ok(Err(Refusal::UsedState));
            }
            if beside {
                pass_store::proofings::insert_beside(tx, &new)?;
            } else {
                pass_store::proofings::insert(tx, &new)?;
                pass_store::sealed_records::put(tx, person, &record, now)?;
                overtaken.revoke(tx)?;
            }
            pass_store::interactions::save_progress(tx, &interaction, &kept)?;
            pass_store::audit::insert(tx, &event)?;
            Ok(Ok(()))
        })
        .await?;
    Ok(written.map(|()| progress))
}

/// The proofing that it makes and what comes of it for this person, by everything that can be checked without writing; for the
/// app as for a card by the first table of `core::domain::proofing::life`.
fn new_proofing(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    attested: &Attested,
) -> Result<(NewProofing, Passage), Refusal> {
    let id = ProofingId::new(visit.now, &*app.entropy);
    let new = NewProofing::from_app(id, resident.person(), attested, &app.keys.index, visit.now);
    // A certificate never changes what it says; a subject may, and born on another day it is nobody we know.
    let earlier = resident.proven();
    if earlier.is_some_and(|(record, _)| !new.record().may_be_same_person(record)) {
        return Err(Refusal::OtherPerson);
    }
    let passage = new.passage(earlier, visit.now).map_err(|turned| match turned {
        Turned::OtherPerson => Refusal::OtherPerson,
        Turned::OtherAccount => Refusal::OtherAccount,
        Turned::Revoked => Refusal::Failed,
    })?;
    Ok((new, passage))
}

/// Whether the certificate of the card proved this person, and still does.
fn stronger_holds(resident: &Resident, now: Time) -> bool {
    resident.proven().is_some_and(|(_, proofing)| {
        proofing.method == ProofingMethod::SignCertificate
            && proofing.status == ProofingStatus::Valid
            && now < proofing.valid_until
    })
}
