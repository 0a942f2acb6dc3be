//! `/me/face`: whether there is a face, and deleting it at any time.

use super::{Entry, enter, event, reception};
use crate::app::App;
use crate::face::ending::AHEAD;
use crate::flow::{self, see_other};
use crate::kit::{date, show};
use crate::page::MeFace;
use crate::page::me_face::{FaceBarrier, FaceDone};
use crate::page::me_home::FaceState;
use crate::people::Resident;
use crate::problem::{Broken, PageError, Shown};
use crate::step::finish;
use crate::step::form::Form;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::session::{Act as Wish, NotNow, may};
use pass_core::domain::audit::Act;
use pass_core::domain::interaction::OwnErrand;
use pass_core::id::PersonId;
use pass_core::time::Day;
use pass_core::{Fault, Time};
use pass_store::audit::Filter;

const HERE: &str = "/me/face";

/// The page; `done` names what was just done.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let resident = match enter(&app, &visit, OwnErrand::Home, HERE).await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        draw(&app, &visit, &resident, Form::parse(request.query_string())?.text("done")).await
    }
    .await;
    finish(&app, &visit, shown)
}

/// Deletes it, or turns reception by face at a facility on or off.
pub(super) async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        // Any session may: to withdraw one's face takes no more than to be oneself.
        match (enter(&app, &visit, OwnErrand::Home, HERE).await?, form.text("do")) {
            (Entry::Elsewhere(first), _) => Ok(first),
            (Entry::In(resident), "delete") => delete(&app, &visit, &resident).await,
            (Entry::In(resident), "reception-on") => {
                reception::turn_on(&app, &visit, &resident, form.text("facility")).await
            }
            (Entry::In(resident), "reception-off") => {
                reception::turn_off(&app, &visit, &resident, form.text("facility")).await
            }
            _ => Err(PageError::form().into()),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// Template and count of failures go; what remains is that there was a face until now.
async fn delete(app: &App, visit: &Visit, resident: &Resident) -> Shown {
    let person = resident.person();
    let audit = event(app, visit, resident, Act::FaceDelete, String::new());
    app.store
        .write(move |tx| {
            pass_store::face_attempts::reset(tx, person)?;
            match pass_store::face_templates::remove(tx, person)? {
                true => pass_store::audit::insert(tx, &audit),
                false => Ok(()),
            }
        })
        .await?;
    Ok(see_other("/me/face?done=deleted"))
}

/// Whether there is a face. One that is stored can be deleted also while none can be compared.
pub(super) async fn state(app: &App, visit: &Visit, resident: &Resident) -> Result<FaceState, Fault> {
    let day = |at: Time| date::Day::of(at.0).words(visit.lang).text().to_string();
    Ok(match &resident.face {
        Some(face) if visit.now < face.expires_at && resident.face_off => FaceState::Off,
        Some(face) if visit.now + AHEAD >= face.expires_at && visit.now < face.expires_at => {
            FaceState::Ending { until: day(face.expires_at) }
        }
        Some(face) if visit.now < face.expires_at => FaceState::Registered { until: day(face.expires_at) },
        _ if app.faces.unavailable().is_some() => FaceState::Unavailable,
        Some(face) => FaceState::Expired { since: day(face.expires_at) },
        None => match last_end(app, resident.person(), visit.now).await? {
            Some(since) => FaceState::Expired { since: day(since) },
            None => FaceState::None,
        },
    })
}

/// The end of a face that ended by itself. The template is gone by then; the log remembers the day.
async fn last_end(app: &App, person: PersonId, now: Time) -> Result<Option<Time>, Fault> {
    let filter = Filter { person: Some(person), acts: vec![Act::FaceEnrol, Act::FaceDelete], ..Filter::default() };
    let last = app.store.read_now(move |tx| pass_store::audit::page(tx, &filter, 1)).await?.pop();
    let detail = last.filter(|last| last.event.act == Act::FaceEnrol).map(|last| last.event.detail);
    let day = detail.and_then(|detail| detail.strip_prefix("until ").and_then(|rest| Day::parse(rest.get(..10)?)));
    Ok(day.map(Day::jst_start).filter(|end| *end <= now))
}

async fn draw(app: &App, visit: &Visit, resident: &Resident, done: &str) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    let state = state(app, visit, resident).await?;
    // The word in the address is believed only where it is so.
    let done = match (done, &state) {
        ("registered", FaceState::Registered { .. } | FaceState::Ending { .. }) => Some(FaceDone::Registered),
        ("deleted", FaceState::None | FaceState::Unavailable) => Some(FaceDone::Deleted),
        ("reception-on", FaceState::Registered { .. } | FaceState::Ending { .. }) => Some(FaceDone::ReceptionOn),
        ("reception-off", _) => Some(FaceDone::ReceptionOff),
        _ => None,
    };
    let barrier = match may(Wish::EnrolFace, session, resident.proofed_at(), visit.now) {
        Ok(()) => None,
        Err(NotNow::Proof) => Some(FaceBarrier::NotProofed),
        Err(NotNow::SignIn(_) | NotNow::SignInAgain(_)) => {
            Some(FaceBarrier::Stronger { href: "/me/stronger?for=face".into() })
        }
    };
    let receptions = match state {
        FaceState::Registered { .. } | FaceState::Ending { .. } => reception::lines(app, visit, resident).await?,
        _ => Vec::new(),
    };
    let page = MeFace { shell: visit.shell(app), csrf: visit.csrf(app), state, barrier, done, receptions };
    Ok(show(StatusCode::OK, &page))
}
