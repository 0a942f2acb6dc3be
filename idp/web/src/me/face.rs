//! `/me/face`: whether there is a face, and deleting it at any time.

use super::reception;
use super::subject::{self, Subject, Who};
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

/// The page; `done` names what was just done.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let (resident, subject) = match subject::of(&app, &visit, &request, OwnErrand::Home, "").await? {
            Who::In(resident, subject) => (resident, subject),
            Who::Elsewhere(first) => return Ok(first),
        };
        draw(&app, &visit, &resident, &subject, Form::parse(request.query_string())?.text("done")).await
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
        let (resident, subject) = match subject::of(&app, &visit, &request, OwnErrand::Home, "").await? {
            Who::In(resident, subject) => (resident, subject),
            Who::Elsewhere(first) => return Ok(first),
        };
        match form.text("do") {
            "delete" => delete(&app, &visit, &resident, &subject).await,
            "reception-on" => reception::turn_on(&app, &visit, &resident, &subject, form.text("facility")).await,
            "reception-off" => reception::turn_off(&app, &visit, &resident, &subject, form.text("facility")).await,
            _ => Err(PageError::form().into()),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// Template and count of failures go; what remains is that there was a face until now.
async fn delete(app: &App, visit: &Visit, resident: &Resident, subject: &Subject) -> Shown {
    let person = subject.person;
    let audit = subject.event(app, visit, resident, Act::FaceDelete, String::new());
    app.store
        .write(move |tx| {
            pass_store::face_attempts::reset(tx, person)?;
            match pass_store::face_templates::remove(tx, person)? {
                true => pass_store::audit::insert(tx, &audit),
                false => Ok(()),
            }
        })
        .await?;
    Ok(see_other(&format!("{}?done=deleted", subject.base)))
}

/// Whether there is a face. One that is stored can be deleted also while none can be compared.
pub(super) async fn state(app: &App, visit: &Visit, subject: &Subject) -> Result<FaceState, Fault> {
    let day = |at: Time| date::Day::of(at.0).words(visit.lang).text().to_string();
    Ok(match &subject.face {
        Some(face) if visit.now < face.expires_at && subject.face_off => FaceState::Off,
        Some(face) if visit.now + AHEAD >= face.expires_at && visit.now < face.expires_at => {
            FaceState::Ending { until: day(face.expires_at) }
        }
        Some(face) if visit.now < face.expires_at => FaceState::Registered { until: day(face.expires_at) },
        _ if app.faces.unavailable().is_some() => FaceState::Unavailable,
        Some(face) => FaceState::Expired { since: day(face.expires_at) },
        None => match last_end(app, subject.person, visit.now).await? {
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

async fn draw(app: &App, visit: &Visit, resident: &Resident, subject: &Subject, done: &str) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    let state = state(app, visit, subject).await?;
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
            let href = match subject.relation {
                None => "/me/stronger?for=face".to_string(),
                // Asks for the stronger sign-in by itself, and comes back.
                Some(_) => format!("{}/consent", subject.base),
            };
            Some(FaceBarrier::Stronger { href })
        }
    };
    let receptions = match state {
        FaceState::Registered { .. } | FaceState::Ending { .. } => {
            reception::lines(app, visit, resident, subject).await?
        }
        _ => Vec::new(),
    };
    let page = MeFace {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        state,
        barrier,
        done,
        receptions,
        child: subject.child(),
        base: subject.base.clone(),
    };
    Ok(show(StatusCode::OK, &page))
}
