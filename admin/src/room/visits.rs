//! `GET` and `POST /manager/visits`: the reception of a day, and calls for staff. The page looks each second whether anything changed;
//! looking at it is an act for the audit log, once in a quarter of an hour for each day that is shown.

use crate::duty::{OnDuty, enter, see_other};
use crate::named;
use crate::page::{CallLine, Room, VisitLine, Visits, counts};
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::claims::Claim;
use pass_core::domain::audit::{Act, Actor};
use pass_core::domain::consent::Consent;
use pass_core::domain::reception::{ReceptionEvent, StaffCall};
use pass_core::fault::Outcome;
use pass_core::id::{PersonId, StaffCallId, TerminalId};
use pass_core::secret::{base64url, from_base64url};
use pass_core::time::Day;
use pass_store::audit::Filter;
use pass_web::app::App;
use pass_web::kiosk::masked;
use pass_web::kit::date;
use pass_web::people::{self, SealedRecords};
use pass_web::problem::Broken;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// How long one look at a day lasts in the log.
const LOOK: Duration = Duration::from_secs(15 * 60);

/// The day as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Query {
    day: String,
}

/// A day.
pub async fn get(app: web::Data<App>, request: HttpRequest, query: web::Query<Query>) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let day = day(&query.day).unwrap_or_else(|| on_duty.visit.now.jst_day());
        looked(on_duty, &day.iso()).await?;
        let loaded = load(on_duty, day).await?;
        Ok(on_duty.show(StatusCode::OK, &page(on_duty, day, loaded)?))
    })
    .await
}

/// What changes with each visit and call, so that an open page loads a day only then.
pub async fn mark(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let facility = on_duty.facility.id;
        let (last, calls) = on_duty
            .app
            .store
            .read_now(move |tx| {
                let calls = pass_store::staff_calls::find_open(tx, facility)?;
                Ok((pass_store::reception_events::newest(tx, facility)?, calls))
            })
            .await?;
        let ids = last.iter().map(|id| id.0).chain(calls.iter().map(|call| call.id.0));
        let mark = ids.map(|id| base64url(&id)).collect::<Vec<_>>().join(" ");
        Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain").body(mark))
    })
    .await
}

/// Takes a call on.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let id = from_base64url(form.text("call")).and_then(|bytes| StaffCallId::from_slice(&bytes));
        let Some(id) = id else { return Ok(see_other("/manager/visits")) };
        let (facility, now, by) = (on_duty.facility.id, on_duty.visit.now, on_duty.staff.id);
        let event = on_duty.event(Act::StaffCallClose, None, base64url(&id.0));
        on_duty
            .app
            .store
            .write(move |tx| {
                // Two who press at once: the first one goes.
                if pass_store::staff_calls::close(tx, facility, id, now, by)? {
                    pass_store::audit::insert(tx, &event)?;
                }
                Ok(())
            })
            .await?;
        Ok(see_other("/manager/visits"))
    })
    .await
}

async fn looked(on_duty: &OnDuty<'_>, day: &str) -> Outcome<()> {
    let detail = format!("visits {day}");
    let event = on_duty.event(Act::ManagerRead, None, detail.clone());
    let (facility, since, me) = (on_duty.facility.id, on_duty.visit.now - LOOK, Actor::Staff(on_duty.staff.id));
    let filter =
        Filter { facility: Some(facility), acts: vec![Act::ManagerRead], from: Some(since), ..Filter::default() };
    let recent = on_duty.app.store.read_now(move |tx| pass_store::audit::page(tx, &filter, 50)).await?;
    if recent.iter().any(|one| one.event.actor == me && one.event.detail == detail) {
        return Ok(());
    }
    on_duty.app.store.write(move |tx| pass_store::audit::insert(tx, &event)).await
}

struct Loaded {
    events: Vec<ReceptionEvent>,
    calls: Vec<StaffCall>,
    terminals: HashMap<TerminalId, String>,
    sharing: Vec<(Consent, SealedRecords)>,
}

async fn load(on_duty: &OnDuty<'_>, day: Day) -> Outcome<Loaded> {
    let (facility, from) = (on_duty.facility.id, day.jst_start());
    on_duty
        .app
        .store
        .read(move |tx| {
            let events = pass_store::reception_events::between(tx, facility, from, from + Duration::from_secs(86_400))?;
            let terminals = pass_store::terminals::find_all(tx, facility)?;
            let persons: BTreeSet<PersonId> = events.iter().map(|event| event.person).collect();
            let persons: Vec<PersonId> = persons.into_iter().collect();
            let (mut sharing, mut newest) = (Vec::new(), BTreeSet::new());
            for consent in pass_store::consents::find_live_at(tx, facility, &persons)? {
                // Whoever agreed again and left the name out does not share it any more.
                if newest.insert((consent.person, consent.client))
                    && consent.claims.contains(&Claim::Name)
                    && let Some(records) = people::sealed_of(tx, consent.person)?
                {
                    sharing.push((consent, records));
                }
            }
            Ok(Loaded {
                events,
                calls: pass_store::staff_calls::find_open(tx, facility)?,
                terminals: terminals.into_iter().map(|one| (one.id, one.name)).collect(),
                sharing,
            })
        })
        .await
}

/// The masked names of those who let a program of this facility have the name.
fn names(on_duty: &OnDuty<'_>, sharing: Vec<(Consent, SealedRecords)>) -> Outcome<HashMap<PersonId, String>> {
    let directory = on_duty.app.directory();
    let mut names = HashMap::new();
    for (consent, sealed) in sharing {
        let Ok(party) = directory.party_of(consent.client) else { continue };
        if party.client.disabled_at.is_some() {
            continue;
        }
        let records = people::open_records(on_duty.app, consent.person, sealed)?;
        let name = named::name(&records, &consent, &party.facility, &party.ceiling, on_duty.visit.now);
        if let Some(name) = name.map(|name| masked(&name)).filter(|name| !name.is_empty()) {
            names.insert(consent.person, name);
        }
    }
    Ok(names)
}

fn page(on_duty: &OnDuty<'_>, day: Day, loaded: Loaded) -> Outcome<Visits> {
    let Loaded { events, calls, terminals, sharing } = loaded;
    let names = names(on_duty, sharing)?;
    let terminal = |id: &TerminalId| terminals.get(id).cloned().unwrap_or_default();
    let visits: Vec<VisitLine> = events
        .iter()
        .map(|event| VisitLine {
            at: clock(event.at),
            name: names.get(&event.person).cloned(),
            direction: event.direction,
            by: event.way,
            class: event.fee_class,
            seconds: format!("{:.1}", event.took.as_secs_f32()),
            terminal: terminal(&event.terminal),
        })
        .collect();
    let line = |call: &StaffCall| CallLine {
        id: base64url(&call.id.0),
        at: if call.raised_at.jst_day() == on_duty.visit.now.jst_day() {
            clock(call.raised_at)[..5].to_owned()
        } else {
            date::moment(on_duty.visit.lang, call.raised_at.0).text().to_owned()
        },
        terminal: terminal(&call.terminal),
        reason: call.reason,
    };
    Ok(Visits {
        shell: on_duty.visit.shell(on_duty.app),
        desk: on_duty.desk(Room::Visits),
        day: day.iso(),
        calls: calls.iter().map(line).collect(),
        counts: counts(&visits),
        visits,
    })
}

fn day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '-').map(str::parse::<i32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Day::new(year, month.try_into().ok()?, day.try_into().ok()?)
}

fn clock(time: Time) -> String {
    let (hour, minute) = time.jst_clock();
    format!("{hour:02}:{minute:02}:{:02}", time.seconds().rem_euclid(60))
}
