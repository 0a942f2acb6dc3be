//! `/me/facilities` and `/me/facilities/{client_id}`: who gets what and why, in the words of `core::release`.

use super::sharing::{Sharing, given};
use super::{Entry, activity, enter, sharing};
use crate::app::App;
use crate::flow;
use crate::kit::{date, show};
use crate::page::me_facility::Withheld;
use crate::page::slip::{Given, kept, rows};
use crate::page::{MeFacilities, MeFacility};
use crate::people::Resident;
use crate::problem::{Broken, PageError, Shown};
use crate::step::consent::city;
use crate::step::finish;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::claims::release::Release;
use pass_core::domain::interaction::OwnErrand;
use serde_json::Value;

/// How much of the history stands on a facility's page.
const HISTORY: usize = 10;

/// The list.
pub(super) async fn list(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let resident = match enter(&app, &visit, OwnErrand::Protected, "/me/facilities").await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        let lines = sharing::all(&app, &resident).await?.into_iter().map(|one| one.line(&app, &visit, &resident));
        let (ended, active) = lines.partition(|line| line.ended.is_some());
        Ok(show(StatusCode::OK, &MeFacilities { shell: visit.shell(&app), active, ended }))
    }
    .await;
    finish(&app, &visit, shown)
}

/// One of them.
pub(super) async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    client: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let resident = match enter(&app, &visit, OwnErrand::Protected, request.path()).await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        let sharing = of_client(&app, &resident, &client).await?;
        draw(&app, &visit, &resident, &sharing).await
    }
    .await;
    finish(&app, &visit, shown)
}

/// What the resident shares with a client, or a page that says there is no such thing.
pub(super) async fn of_client(
    app: &App,
    resident: &Resident,
    client_id: &str,
) -> Result<Sharing, crate::problem::Stop> {
    let all = sharing::all(app, resident).await?;
    let found = all.into_iter().find(|one| one.party.client.client_id == client_id);
    found.ok_or_else(|| PageError::not_found().into())
}

async fn draw(app: &App, visit: &Visit, resident: &Resident, sharing: &Sharing) -> Shown {
    let party = &sharing.party;
    let city = city(app, party);
    let released = sharing.release(visit, resident);
    let sub = Value::from(flow::subject_of(app, party, resident));
    let live = sharing.ended.is_none();
    let gets: Vec<Given<'_>> = given(&released, &sub).filter(|_| live).collect();
    let day = |at: Time| date::Day::of(at.0).words(visit.lang).text().to_string();
    let page = MeFacility {
        shell: visit.shell(app),
        name: sharing.name(visit),
        operator: flow::operator(visit.language(), &party.organisation, &party.facility),
        purpose: party.ceiling.purpose.get(visit.language()).to_string(),
        since: day(sharing.since),
        quiet_until: sharing.consent.remembered_until.filter(|until| visit.now < *until).map(day),
        rows: rows(visit.lang, &city, &gets),
        kept: kept(visit.lang, &gets),
        withheld: if live { withheld(visit, &city, &released) } else { Vec::new() },
        ended: sharing.ended.map(day),
        withdraw: format!("{}/withdraw", sharing.path()),
        history: activity::recent(app, visit, resident.person(), Some(party.client.id), HISTORY).await?,
    };
    Ok(show(StatusCode::OK, &page))
}

/// What was asked for and is not given today. A claim nobody asked for is not missing.
fn withheld(visit: &Visit, city: &str, released: &Release) -> Vec<Withheld> {
    let lines = released.explain().into_iter().filter(|line| !line.given && line.reasons != ["not_asked"]);
    lines.map(|line| Withheld::new(visit.lang, city, line.claim.as_str(), &line.reasons)).collect()
}
