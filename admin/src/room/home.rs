//! `GET /manager`, `POST /manager/switch`, `POST /manager/sign-out`.

use super::lines;
use crate::access::may;
use crate::duty::{Halt, OnDuty, enter, see_other};
use crate::page::{Home, Refusal, Room, figures};
use crate::session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, ChainedEvent};
use pass_core::domain::staff::Staff;
use pass_core::fault::Outcome;
use pass_store::audit::Filter;
use pass_web::app::App;
use pass_web::kit::date;
use pass_web::problem::Broken;

/// Lines of the log on the home page.
const RECENT: i64 = 8;

/// The home page.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let loaded = load(on_duty).await?;
        on_duty.record(Act::ManagerRead, None, "home".into()).await?;
        Ok(on_duty.show(StatusCode::OK, &page(on_duty, loaded)))
    })
    .await
}

struct Loaded {
    counts: [i64; 4],
    recent: Vec<ChainedEvent>,
    calls: usize,
    staff: Vec<Staff>,
}

async fn load(on_duty: &OnDuty<'_>) -> Outcome<Loaded> {
    let (facility, since) = (on_duty.facility.id, on_duty.visit.now.jst_day().jst_start());
    on_duty
        .app
        .store
        .read(move |tx| {
            let mut counts = [0; 4];
            for (count, act) in counts.iter_mut().zip(COUNTED) {
                *count = pass_store::audit::count(tx, facility, act, since)?;
            }
            let filter = Filter { facility: Some(facility), ..Filter::default() };
            let recent = pass_store::audit::page(tx, &filter, RECENT)?;
            let calls = pass_store::staff_calls::find_open(tx, facility)?.len();
            Ok(Loaded { counts, recent, calls, staff: pass_store::staff::find_all(tx)? })
        })
        .await
}

/// What the figures count, in their order on the page.
const COUNTED: [Act; 4] = [Act::SignIn, Act::ConsentGive, Act::ConsentRefuse, Act::ConsentWithdraw];

fn page(on_duty: &OnDuty<'_>, loaded: Loaded) -> Home {
    let (app, visit, rank) = (on_duty.app, on_duty.visit, on_duty.rank());
    let sees = |room: Room| may(rank, "GET", room.href());
    let names = lines::names(loaded.staff);
    Home {
        shell: visit.shell(app),
        desk: on_duty.desk(Room::Home),
        at: date::moment(visit.lang, visit.now.0),
        calls: loaded.calls,
        figures: figures(loaded.counts),
        clients: sees(Room::Clients).then(|| lines::clients(app, visit, &on_duty.facility)),
        events: sees(Room::Audit).then(|| lines::events(app, visit, &names, &loaded.recent)),
    }
}

/// Goes to another facility of the city.
pub async fn switch(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let there = on_duty.facility_of(form.text("facility")).ok_or(Halt::Refused(Refusal::NotHere))?;
        let mut answer = see_other("/manager");
        set(&mut answer, session::choose_facility(&app, there.slug.clone()));
        Ok(answer)
    })
    .await
}

/// Leaves.
pub async fn sign_out(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        on_duty.form(&request, &body)?;
        let event = on_duty.event(Act::StaffSignOut, None, String::new());
        if let Some(hash) = session::presented(&app, &request) {
            app.store
                .write(move |tx| {
                    pass_store::staff_sessions::end(tx, &hash)?;
                    pass_store::audit::insert(tx, &event)
                })
                .await?;
        }
        let mut answer = see_other("/manager/sign-in?left=1");
        set(&mut answer, session::gone(&app));
        Ok(answer)
    })
    .await
}

pub(super) fn set(answer: &mut HttpResponse, cookie: actix_web::cookie::Cookie<'static>) {
    answer.add_cookie(&cookie).expect("our cookies hold no characters that cannot be sent");
}
