//! `/me/activity`: who saw what and what happened: the audit events that concern the person, in words.

use super::{Entry, enter};
use crate::app::App;
use crate::directory::Directory;
use crate::kit::{date, show};
use crate::page::{Happening, MeActivity};
use crate::problem::Broken;
use crate::step::finish;
use crate::step::form::Form;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{AuditEvent, ChainedEvent};
use pass_core::domain::interaction::OwnErrand;
use pass_core::id::{ClientId, PersonId};
use pass_core::{Fault, Time};
use pass_store::audit::Filter;

/// How many lines a page holds.
const PAGE: usize = 50;

/// The page; `before` is a time in milliseconds.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let resident = match enter(&app, &visit, OwnErrand::Home, "/me/activity").await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        let until = Form::parse(request.query_string())?.text("before").parse().ok().map(Time);
        let filter = Filter { person: Some(resident.person()), until, ..Filter::default() };
        let (events, older) = page(found(&app, filter, PAGE + 1).await?);
        let directory = app.directory();
        let page = MeActivity {
            shell: visit.shell(&app),
            happenings: events.iter().map(|event| happening(&visit, &directory, event)).collect(),
            older: older.map(|until| format!("/me/activity?before={}", until.0)),
        };
        Ok(show(StatusCode::OK, &page))
    }
    .await;
    finish(&app, &visit, shown)
}

/// The last happenings of a person, with one client or at all.
pub(super) async fn recent(
    app: &App,
    visit: &Visit,
    person: PersonId,
    client: Option<ClientId>,
    count: usize,
) -> Result<Vec<Happening>, Fault> {
    let events = found(app, Filter { person: Some(person), client, ..Filter::default() }, count).await?;
    let directory = app.directory();
    Ok(events.iter().map(|event| happening(visit, &directory, event)).collect())
}

async fn found(app: &App, filter: Filter, count: usize) -> Result<Vec<AuditEvent>, Fault> {
    let limit = i64::try_from(count).unwrap_or(i64::MAX);
    let rows: Vec<ChainedEvent> = app.store.read(move |tx| pass_store::audit::page(tx, &filter, limit)).await?;
    Ok(rows.into_iter().map(|row| row.event).collect())
}

/// A page's worth, and where the next begins. Events of one millisecond stay together, so that none falls between two pages.
fn page(mut events: Vec<AuditEvent>) -> (Vec<AuditEvent>, Option<Time>) {
    if events.len() <= PAGE {
        return (events, None);
    }
    let next = events[PAGE].at;
    events.truncate(PAGE);
    if events.first().is_some_and(|first| first.at != next) {
        events.retain(|event| event.at != next);
    }
    (events, Some(Time(next.0 + 1)))
}

fn happening(visit: &Visit, directory: &Directory, event: &AuditEvent) -> Happening {
    let facility = event.facility.and_then(|id| directory.facilities().find(|facility| facility.id == id));
    Happening {
        act: event.act,
        facility: facility.map(|facility| facility.name.get(visit.language()).to_string()),
        at: date::moment(visit.lang, event.at.0).text().to_string(),
        detail: Happening::detail(visit.lang, event.act, &event.detail),
        refusal: Happening::refusal(event.act, &event.detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass_core::domain::audit::{Act, Actor};
    use pass_core::id::AuditId;

    #[test]
    fn no_event_falls_between_two_pages() {
        let of = |n: i64| AuditEvent {
            id: AuditId([0; 16]),
            at: Time(n),
            actor: Actor::System,
            act: Act::SignIn,
            person: None,
            facility: None,
            client: None,
            detail: String::new(),
        };
        // Newest first: 48 apart, then four of one millisecond over the edge of the page.
        let times: Vec<i64> = (0..48).map(|n| 1_000 - n).chain([500; 4]).collect();
        let (first, older) = page(times[..51].iter().map(|at| of(*at)).collect());
        assert_eq!(first.len(), 48);
        assert_eq!(times.iter().filter(|at| **at < older.unwrap().0).count(), 4);
        assert_eq!(page(vec![of(1); 3]).1, None);
    }
}
