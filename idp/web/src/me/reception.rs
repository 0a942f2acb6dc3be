//! Reception by face, for each facility: off until the person turns it on there, and off at once when she turns it off.
//!
//! It is offered where she shares something with the facility, for a face that holds; turning it on takes what registering a face
//! takes, turning it off takes no more than to be oneself.

use super::event;
use super::row::{handle, is};
use super::sharing::{self, Sharing};
use crate::app::App;
use crate::face::copies;
use crate::flow::see_other;
use crate::kit::date;
use crate::page::me_face::ReceptionLine;
use crate::people::Resident;
use crate::problem::{PageError, Shown};
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::authn::session::{Act as Wish, may};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::face::FaceCopy;
use pass_core::id::FacilityId;

/// The facilities where it is on, or could be.
pub(super) async fn lines(app: &App, visit: &Visit, resident: &Resident) -> Result<Vec<ReceptionLine>, Fault> {
    let person = resident.person();
    let copies = app.store.read_now(move |tx| pass_store::face_copies::find_all_of(tx, person)).await?;
    let sharing = sharing::all(app, resident).await?;
    let mut lines: Vec<(FacilityId, ReceptionLine)> = Vec::new();
    for one in sharing.iter().filter(|one| one.ended.is_none()) {
        if lines.iter().all(|(facility, _)| *facility != one.party.facility.id) {
            lines.push((one.party.facility.id, line(app, visit, one, &copies)));
        }
    }
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn line(app: &App, visit: &Visit, one: &Sharing, copies: &[FaceCopy]) -> ReceptionLine {
    let facility = &one.party.facility;
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

/// Turns it on.
pub(super) async fn turn_on(app: &App, visit: &Visit, resident: &Resident, posted: &str) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    if may(Wish::EnrolFace, session, resident.proofed_at(), visit.now).is_err() {
        return Ok(see_other("/me/stronger?for=face"));
    }
    let Some(facility) = named(app, resident, posted).await? else { return Ok(see_other("/me/face")) };
    let audit =
        AuditEvent { facility: Some(facility), ..event(app, visit, resident, Act::FaceReceptionOn, String::new()) };
    Ok(match copies::turn_on(app, resident, facility, audit, visit.now).await? {
        true => see_other("/me/face?done=reception-on"),
        false => see_other("/me/face"),
    })
}

/// Turns it off, also where nothing is shared any more.
pub(super) async fn turn_off(app: &App, visit: &Visit, resident: &Resident, posted: &str) -> Shown {
    let person = resident.person();
    let copies = app.store.read_now(move |tx| pass_store::face_copies::find_all_of(tx, person)).await?;
    let Some(copy) = copies.into_iter().find(|copy| is(app, &copy.facility.0, posted)) else {
        return Ok(see_other("/me/face"));
    };
    let facility = copy.facility;
    let audit =
        AuditEvent { facility: Some(facility), ..event(app, visit, resident, Act::FaceReceptionOff, String::new()) };
    app.store
        .write(move |tx| match pass_store::face_copies::remove(tx, person, facility)? {
            true => pass_store::audit::insert(tx, &audit),
            false => Ok(()),
        })
        .await?;
    Ok(see_other("/me/face?done=reception-off"))
}
