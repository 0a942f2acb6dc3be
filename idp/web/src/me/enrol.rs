//! `/me/face/consent` and `/me/face/enrol`: decide first, then the pictures, then a sealed template and no picture.
//!
//! The decision is an audit event of its own, written before any pixel comes; it is good for one enrolment within a
//! quarter of an hour. The face belongs to the person whom the card proved (CAP-65): only a proofed person with a passkey or
//! card in this session, just now, enrols it. Everything else fails closed.

use super::{Entry, enter, event};
use crate::app::App;
use crate::face::{capture, copies, term};
use crate::flow::{self, see_other};
use crate::kit::{Way, WayKind, date, html, show};
use crate::limits::{Attempt, address};
use crate::page::notice::NoticeKind;
use crate::page::{FaceCapture, FaceConsent, Notice, Page};
use crate::people::Resident;
use crate::pictures;
use crate::problem::{Broken, PageError, Shown, Stop};
use crate::step::finish;
use crate::step::form::Form;
use crate::step::login::too_many;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::session::{Act as Wish, FRESH, may};
use pass_core::domain::audit::Act;
use pass_core::domain::face::StoredTemplate;
use pass_core::domain::interaction::OwnErrand;
use pass_core::face::{NotEnrolled, Template};
use pass_core::{Fault, Time};
use pass_store::audit::Filter;

const HERE: &str = "/me/face/enrol";

/// Version of the text on the consent page; the template keeps it.
const CONSENT_VERSION: i32 = 1;

/// What is kept, why, where and until when.
pub(super) async fn get_consent(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let resident = match entitled(&app, &visit, "/me/face/consent").await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        let (record, _) = resident.proven().ok_or_else(PageError::expired)?;
        let until = date::Day::of(term::ends(app.settings.face_terms, record.birthdate, visit.now).0)
            .words(visit.lang)
            .text()
            .to_string();
        let page = FaceConsent { shell: visit.shell(&app), csrf: visit.csrf(&app), person: record.name.clone(), until };
        Ok(show(StatusCode::OK, &page))
    }
    .await;
    finish(&app, &visit, shown)
}

/// The decision.
pub(super) async fn post_consent(
    app: web::Data<App>,
    request: HttpRequest,
    body: String,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        let resident = match entitled(&app, &visit, "/me/face/consent").await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        if form.text("decision") != "allow" {
            return Ok(see_other("/me/face"));
        }
        let audit = event(&app, &visit, &resident, Act::FaceConsent, format!("version {CONSENT_VERSION}"));
        app.store.write(move |tx| pass_store::audit::insert(tx, &audit)).await?;
        Ok(see_other(HERE))
    }
    .await;
    finish(&app, &visit, shown)
}

/// The camera page.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let resident = match entitled(&app, &visit, HERE).await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        match consented(&app, &visit, &resident).await? {
            Some(_) => Ok(draw(&app, &visit, None)),
            None => Ok(see_other("/me/face/consent")),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// The pictures. Whoever may not enrol is sent away before one is read.
pub(super) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &visit, payload).await;
    finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &Visit, payload: web::Payload) -> Shown {
    let resident = match entitled(app, visit, HERE).await? {
        Entry::In(resident) => resident,
        Entry::Elsewhere(first) => return Ok(first),
    };
    let Some(consented_at) = consented(app, visit, &resident).await? else {
        return Ok(see_other("/me/face/consent"));
    };
    if !app.limits.allow(Attempt::Picture, address(app, request)) {
        return Err(too_many());
    }
    let posted = pictures::read(request, payload).await?;
    flow::checked(app, request, visit, posted.form.get("csrf"))?;
    if !capture::take(app, visit, HERE, posted.form.text("capture")).await? {
        return Ok(draw(app, visit, Some("face.stale".into())));
    }
    let faces = app.faces.clone();
    // Inference is CPU work: it leaves the web worker, and its pictures are wiped when it is done.
    let made = web::block(move || {
        let frames: Vec<&[u8]> = posted.pictures.iter().map(Vec::as_slice).collect();
        faces.enrol(&frames)
    })
    .await
    .map_err(|error| Fault::because("enrol a face", error))?;
    match made {
        Ok(template) => {
            keep(app, visit, &resident, &template, consented_at).await?;
            Ok(see_other("/me/face?done=registered"))
        }
        Err(NotEnrolled::Rejected(rejection)) => Ok(draw(app, visit, Some(rejection.key().into()))),
        Err(NotEnrolled::Unavailable(reason)) => {
            tracing::warn!(%reason, "face enrolment is unavailable");
            Ok(unavailable(app, visit))
        }
    }
}

async fn keep(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    template: &Template,
    consented_at: Time,
) -> Result<(), Stop> {
    let (record, proofing) = resident.proven().ok_or_else(PageError::expired)?;
    let person = resident.person();
    let expires_at = term::ends(app.settings.face_terms, record.birthdate, visit.now);
    let again = copies::again(app, &resident.key, (template, person, expires_at)).await?;
    let row = StoredTemplate {
        person,
        proofing: Some(proofing.id),
        sealed: copies::seal_master(&resident.key, person, template, &*app.entropy),
        model: template.model().to_string(),
        threshold_set: template.threshold_set().to_string(),
        consent_version: CONSENT_VERSION,
        consented_at,
        created_at: visit.now,
        expires_at,
    };
    let proofed = pass_core::id::hex(&proofing.id.0);
    // The day it ends stands first: after its end it is all that remains.
    let detail = format!("until {} {} {} proofing {proofed}", expires_at.jst_day().iso(), row.model, row.threshold_set);
    let audit = event(app, visit, resident, Act::FaceEnrol, detail);
    app.store
        .write(move |tx| {
            pass_store::face_templates::put(tx, &row)?;
            // Copies of the face before go with it; where an epoch just ended, the rotation that ended it makes them anew.
            pass_store::face_copies::replace_all(tx, &again)?;
            // NIST SP 800-63B-4 3.2.3: a face switched off by failures comes back with a new enrolment.
            pass_store::face_attempts::reset(tx, person)?;
            pass_store::audit::insert(tx, &audit)
        })
        .await?;
    Ok(())
}

/// Who may enrol a face now; without a matcher nobody, and the page says so.
async fn entitled(app: &App, visit: &Visit, here: &str) -> Result<Entry, Stop> {
    let entry = enter(app, visit, OwnErrand::Face, here).await?;
    let (Entry::In(resident), Some(session)) = (&entry, &visit.session) else { return Ok(entry) };
    if may(Wish::EnrolFace, session, resident.proofed_at(), visit.now).is_err() {
        return Ok(Entry::Elsewhere(see_other("/me/face")));
    }
    Ok(if app.faces.unavailable().is_some() { Entry::Elsewhere(unavailable(app, visit)) } else { entry })
}

/// When the person agreed: not long ago, and nothing was enrolled or deleted since.
async fn consented(app: &App, visit: &Visit, resident: &Resident) -> Result<Option<Time>, Fault> {
    let filter = Filter {
        person: Some(resident.person()),
        acts: vec![Act::FaceConsent, Act::FaceEnrol, Act::FaceDelete],
        from: Some(visit.now - FRESH),
        ..Filter::default()
    };
    let last = app.store.read(move |tx| pass_store::audit::page(tx, &filter, 1)).await?.pop();
    Ok(last.filter(|last| last.event.act == Act::FaceConsent).map(|last| last.event.at))
}

fn draw(app: &App, visit: &Visit, hint: Option<String>) -> HttpResponse {
    let status = if hint.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FaceCapture {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        capture: capture::issue(app, visit, HERE),
        asker: None,
        enrol: true,
        hint,
        left: None,
        ways: vec![Way::new(WayKind::Later, "/me/face")],
    };
    html(status, page.html(), page.headers())
}

fn unavailable(app: &App, visit: &Visit) -> HttpResponse {
    let ways = vec![Way::new(WayKind::Home, "/me")];
    show(StatusCode::OK, &Notice { shell: visit.shell(app), kind: NoticeKind::FaceUnavailable, ways })
}
