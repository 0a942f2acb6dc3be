//! `GET` and `POST /manager/facility`: the ceiling of claims. Checking shows the consequences; saving makes a new version.

use crate::ceiling::{Change, Draft};
use crate::duty::{Answered, OnDuty, enter, see_other};
use crate::page::{FacilityPage, Room, State, change_words};
use crate::preview::Preview;
use crate::words;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Fault;
use pass_core::claims::Claim;
use pass_core::claims::scopes::{Place, wanted};
use pass_core::domain::audit::Act;
use pass_core::domain::facility::Ceiling;
use pass_core::fault::Outcome;
use pass_core::oidc::claims_request::ClaimsRequest;
use pass_store::changes::{self, Topic};
use pass_web::app::App;
use pass_web::directory::Directory;
use pass_web::problem::Broken;
use std::collections::{BTreeSet, HashMap};

/// The present version.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let (present, _) = load(on_duty).await?;
        on_duty.record(Act::ManagerRead, None, format!("ceiling version={}", present.version)).await?;
        let state = if request.query_string() == "saved" { State::Saved } else { State::Present };
        Ok(draw(on_duty, StatusCode::OK, &present, &Draft::of(&present), state))
    })
    .await
}

/// Checks, saves or goes back.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        if form.text("do") == "reset" {
            return Ok(see_other("/manager/facility"));
        }
        let draft = Draft::read(&fields(&body));
        let (present, asked) = load(on_duty).await?;
        if form.text("base") != present.version.to_string() {
            return Ok(draw(on_duty, StatusCode::CONFLICT, &present, &draft, State::Stale));
        }
        match (decide(on_duty, &draft, &present, asked), form.text("do")) {
            (State::Draft { .. }, "save") => save(on_duty, &draft, &present).await,
            (state @ State::Faulty(_), _) => {
                Ok(draw(on_duty, StatusCode::UNPROCESSABLE_ENTITY, &present, &draft, state))
            }
            (state, _) => Ok(draw(on_duty, StatusCode::OK, &present, &draft, state)),
        }
    })
    .await
}

fn decide(on_duty: &OnDuty<'_>, draft: &Draft, present: &Ceiling, asked: i64) -> State {
    if let Some(fault) = draft.fault() {
        return State::Faulty(fault);
    }
    let changes = draft.changes(present);
    if changes.is_empty() {
        return State::Same;
    }
    let (lang, city) = (on_duty.visit.lang, &on_duty.app.settings.city);
    State::Draft {
        changes: changes.into_iter().map(|change| change_words(lang, city, change)).collect(),
        asked: words::grouped(asked),
    }
}

/// The newest version, and how many residents would be asked again: those whose consent is open.
async fn load(on_duty: &OnDuty<'_>) -> Outcome<(Ceiling, i64)> {
    let facility = on_duty.facility.id;
    on_duty
        .app
        .store
        .read(move |tx| {
            let ceiling = pass_store::ceilings::find_latest(tx, facility)?;
            let ceiling = ceiling.ok_or_else(|| Fault::new(format!("{facility:?} has no ceiling")))?;
            Ok((ceiling, pass_store::consents::count_live_persons(tx, facility)?))
        })
        .await
}

async fn save(on_duty: &OnDuty<'_>, draft: &Draft, present: &Ceiling) -> Answered {
    let next = draft.next(present, on_duty.visit.now);
    let event = on_duty.event(Act::CeilingChange, None, summary(next.version, &draft.changes(present)));
    let saved = on_duty
        .app
        .store
        .write(move |tx| {
            // The version is half of the primary key: of two who save at once one is told so.
            let newest = pass_store::ceilings::find_latest(tx, next.facility)?.map_or(0, |ceiling| ceiling.version);
            if newest + 1 != next.version {
                return Ok(false);
            }
            pass_store::ceilings::insert(tx, &next)?;
            changes::bump(tx, Topic::Facilities)?;
            pass_store::audit::insert(tx, &event)?;
            Ok(true)
        })
        .await?;
    if !saved {
        let (newest, _) = load(on_duty).await?;
        return Ok(draw(on_duty, StatusCode::CONFLICT, &newest, draft, State::Stale));
    }
    on_duty.app.reload().await?;
    Ok(see_other("/manager/facility?saved"))
}

/// The change in fixed words for the audit log.
fn summary(version: i32, changes: &[Change]) -> String {
    let words = changes.iter().map(|change| match change {
        Change::Purpose => "purpose".to_owned(),
        Change::Added(claim) => format!("+{}", claim.as_str()),
        Change::Removed(claim) => format!("-{}", claim.as_str()),
        Change::Requirement(claim, _) => format!("requirement:{}", claim.as_str()),
        Change::Least(claim, acr) => format!("least:{}={}", claim.as_str(), acr.as_str()),
    });
    std::iter::once(format!("version={version}")).chain(words).collect::<Vec<_>>().join(" ")
}

fn fields(body: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn draw(on_duty: &OnDuty<'_>, status: StatusCode, present: &Ceiling, draft: &Draft, state: State) -> HttpResponse {
    let (app, visit) = (on_duty.app, on_duty.visit);
    let frame = (visit.shell(app), on_duty.desk(Room::Facility));
    let preview = Preview::of(draft, &on_duty.facility, &app.settings.city, visit.lang, visit.now);
    let wanted = wanted_by_clients(&app.directory(), on_duty);
    on_duty.show(status, &FacilityPage::new(frame, present, draft, preview, state).with_scopes(&wanted))
}

/// What the scopes of the facility's programs ask for, all together.
fn wanted_by_clients(directory: &Directory, on_duty: &OnDuty<'_>) -> BTreeSet<Claim> {
    let facility = on_duty.facility.id;
    let live = directory.parties().filter(|party| party.facility.id == facility && party.client.disabled_at.is_none());
    live.flat_map(|party| wanted(&party.client.metadata.scope, &ClaimsRequest::default(), Place::Anywhere)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass_core::authn::acr::Acr;

    #[test]
    fn the_audit_line_names_every_change_in_fixed_words() {
        let changes = [
            Change::Purpose,
            Change::Added(Claim::Email),
            Change::Removed(Claim::Name),
            Change::Least(Claim::IsResident, Acr::Aal2),
        ];
        assert_eq!(summary(4, &changes), "version=4 purpose +email -name least:is_resident=aal2");
    }
}
