//! Reception by face, for each facility: off until the person turns it on there, and off at once when she turns it off.
//!
//! It is offered where she shares something with the facility, for a face that holds; turning it on takes what registering a face
//! takes, turning it off takes no more than to be oneself.

use super::row::{handle, is};
use super::sharing;
use super::subject::Subject;
use crate::app::App;
use crate::face::copies;
use crate::flow::see_other;
use crate::kit::date;
use crate::page::me_face::ReceptionLine;
use crate::people::Resident;
use crate::problem::{PageError, Shown};
use crate::visit::Visit;
use pass_core::authn::session::{Act as Wish, may};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::face::FaceCopy;
use pass_core::domain::facility::Facility;
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, FacilityId, PersonId};
use pass_core::{Fault, Time};
use pass_store::Tx;

/// The facilities where it is on, or could be.
pub(super) async fn lines(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    subject: &Subject,
) -> Result<Vec<ReceptionLine>, Fault> {
    let person = subject.person;
    let copies = app.store.read_now(move |tx| pass_store::face_copies::find_all_of(tx, person)).await?;
    let sharing = sharing::all(app, resident).await?;
    let mut lines: Vec<(FacilityId, ReceptionLine)> = Vec::new();
    // It stands on a consent; were there ever one without, it can be turned off all the same.
    let directory = app.directory();
    for facility in directory.facilities().filter(|facility| copies.iter().any(|copy| copy.facility == facility.id)) {
        lines.push((facility.id, line(app, visit, facility, &copies)));
    }
    for one in sharing.iter().filter(|one| one.ended.is_none()) {
        if lines.iter().all(|(facility, _)| *facility != one.party.facility.id) {
            lines.push((one.party.facility.id, line(app, visit, &one.party.facility, &copies)));
        }
    }
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn line(app: &App, visit: &Visit, facility: &Facility, copies: &[FaceCopy]) -> ReceptionLine {
    let on = copies.iter().find(|copy| copy.facility == facility.id);
    ReceptionLine {
        id: handle(app, &facility.id.0),
        name: facility.name.get(visit.language()).to_string(),
        since: on.map(|copy| date::Day::of(copy.created_at.0).words(visit.lang).text().to_string()),
    }
}

/// The facility that a form names, if something is shared with it.
async fn named(app: &App, resident: &Resident, posted: &str) -> Result<Option<FacilityId>, Fault> {
    let all = sharing::all(app, resident).await?;
    let live = all.iter().filter(|one| one.ended.is_none()).map(|one| one.party.facility.id);
    Ok(live.into_iter().find(|facility| is(app, &facility.0, posted)))
}

fn shares(tx: &mut Tx, person: PersonId, facility: FacilityId) -> Outcome<bool> {
    Ok(!pass_store::consents::find_live_at(tx, facility, &[person])?.is_empty())
}

/// Ends what stood on sharing something with a facility, once nothing is shared any more: the person's own, and that of each child
/// for whom nobody else acts who still shares there. Whose it was.
pub(super) fn end(
    tx: &mut Tx,
    (account, person): (AccountId, PersonId),
    facility: FacilityId,
    now: Time,
) -> Outcome<Vec<PersonId>> {
    if shares(tx, person, facility)? {
        return Ok(Vec::new());
    }
    let mut ended = vec![person];
    for relation in pass_store::relations::find_all_of(tx, account)? {
        let mut others = pass_store::relations::find_all_to(tx, relation.person)?;
        others.retain(|other| other.account != account && other.holds(now));
        let mut stays = false;
        for other in others {
            let guardian = pass_store::accounts::find(tx, other.account)?;
            stays |= guardian.map_or(Ok(false), |guardian| shares(tx, guardian.person, facility))?;
        }
        if !stays {
            ended.push(relation.person);
        }
    }
    let mut removed = Vec::new();
    for person in ended {
        if pass_store::face_copies::remove(tx, person, facility)? {
            removed.push(person);
        }
    }
    Ok(removed)
}

/// Turns it on.
pub(super) async fn turn_on(app: &App, visit: &Visit, resident: &Resident, subject: &Subject, posted: &str) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    if may(Wish::EnrolFace, session, resident.proofed_at(), visit.now).is_err() {
        // Asks for the stronger sign-in by itself; for oneself it comes back here.
        let href = match subject.relation {
            None => "/me/stronger?for=face".to_string(),
            Some(_) => format!("{}/consent", subject.base),
        };
        return Ok(see_other(&href));
    }
    let Some(facility) = named(app, resident, posted).await? else { return Ok(see_other(&subject.base)) };
    let audit = AuditEvent {
        facility: Some(facility),
        ..subject.event(app, visit, resident, Act::FaceReceptionOn, String::new())
    };
    let Some(face) = &subject.face else { return Ok(see_other(&subject.base)) };
    let standing = subject.standing();
    let (sharer, now) = (resident.person(), visit.now);
    // A withdrawal at this moment waits, or has ended it.
    let stands = move |tx: &mut Tx| {
        Ok(pass_store::persons::hold(tx, sharer)? && shares(tx, sharer, facility)? && standing.holds(tx, now)?)
    };
    Ok(match copies::turn_on(app, &subject.key, face, facility, (audit, now), stands).await? {
        true => see_other(&format!("{}?done=reception-on", subject.base)),
        false => see_other(&subject.base),
    })
}

/// Turns it off, also where nothing is shared any more.
pub(super) async fn turn_off(app: &App, visit: &Visit, resident: &Resident, subject: &Subject, posted: &str) -> Shown {
    let person = subject.person;
    let copies = app.store.read_now(move |tx| pass_store::face_copies::find_all_of(tx, person)).await?;
    let Some(copy) = copies.into_iter().find(|copy| is(app, &copy.facility.0, posted)) else {
        return Ok(see_other(&subject.base));
    };
    let facility = copy.facility;
    let audit = AuditEvent {
        facility: Some(facility),
        ..subject.event(app, visit, resident, Act::FaceReceptionOff, String::new())
    };
    app.store
        .write(move |tx| match pass_store::face_copies::remove(tx, person, facility)? {
            true => pass_store::audit::insert(tx, &audit),
            false => Ok(()),
        })
        .await?;
    Ok(see_other(&format!("{}?done=reception-off", subject.base)))
}
