//! `/me/face/consent` and `/me/face/enrol`: decide first, then the pictures, then a sealed template and no picture.
//!
//! The decision is an audit event of its own, written before any pixel comes; it is good for one enrolment within a
//! quarter of an hour. The face belongs to the person whom the card proved (CAP-65): only a proofed person with a passkey or
//! card in this session, just now, enrols it. Everything else fails closed.

use super::subject::{self, Subject, Who};
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
use pass_core::domain::person::ProvenRecord;
use pass_core::face::{NotEnrolled, Template, Unavailable};
use pass_core::{Fault, Time};
use pass_store::audit::Filter;

/// Version of the text on the consent page; the template keeps it.
const CONSENT_VERSION: i32 = 1;

/// What is kept, why, where and until when.
pub(super) async fn get_consent(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let (_, subject) = match entitled(&app, &visit, &request, "/consent").await? {
            Who::In(resident, subject) => (resident, subject),
            Who::Elsewhere(first) => return Ok(first),
        };
        let (record, _) = subject.proven().ok_or_else(PageError::expired)?;
        let until = date::Day::of(subject_ends(&app, &visit, &subject, record).0).words(visit.lang).text().to_string();
        let page = FaceConsent {
            shell: visit.shell(&app),
            csrf: visit.csrf(&app),
            person: record.name.clone(),
            until,
            child: subject.relation.is_some(),
        };
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
        let (resident, subject) = match entitled(&app, &visit, &request, "/consent").await? {
            Who::In(resident, subject) => (resident, subject),
            Who::Elsewhere(first) => return Ok(first),
        };
        if form.text("decision") != "allow" {
            return Ok(see_other(&subject.base));
        }
        let audit = subject.event(&app, &visit, &resident, Act::FaceConsent, format!("version {CONSENT_VERSION}"));
        app.store.write(move |tx| pass_store::audit::insert(tx, &audit)).await?;
        Ok(see_other(&format!("{}/enrol", subject.base)))
    }
    .await;
    finish(&app, &visit, shown)
}

/// The camera page.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let (_, subject) = match entitled(&app, &visit, &request, "/enrol").await? {
            Who::In(resident, subject) => (resident, subject),
            Who::Elsewhere(first) => return Ok(first),
        };
        match consented(&app, &visit, &subject).await? {
            Some(_) => Ok(draw(&app, &visit, &subject, None)),
            None => Ok(see_other(&format!("{}/consent", subject.base))),
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
    let (resident, subject) = match entitled(app, visit, request, "/enrol").await? {
        Who::In(resident, subject) => (resident, subject),
        Who::Elsewhere(first) => return Ok(first),
    };
    let Some(consented_at) = consented(app, visit, &subject).await? else {
        return Ok(see_other(&format!("{}/consent", subject.base)));
    };
    if !app.limits.allow(Attempt::Picture, address(app, request)) {
        return Err(too_many());
    }
    let posted = pictures::read(request, payload).await?;
    flow::checked(app, request, visit, posted.form.get("csrf"))?;
    if !capture::take(app, visit, &subject.base, posted.form.text("capture")).await? {
        return Ok(draw(app, visit, &subject, Some("face.stale".into())));
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
            if !keep(app, visit, (&resident, &subject), &template, consented_at).await? {
                return Err(PageError::not_found().into());
            }
            Ok(see_other(&format!("{}?done=registered", subject.base)))
        }
        Err(NotEnrolled::Rejected(rejection)) => Ok(draw(app, visit, &subject, Some(rejection.key().into()))),
        Err(NotEnrolled::Unavailable(Unavailable::Busy)) => Err(PageError::busy().into()),
        Err(NotEnrolled::Unavailable(reason)) => {
            tracing::warn!(%reason, "face enrolment is unavailable");
            Ok(unavailable(app, visit))
        }
    }
}

/// `false`: whoever acted for the child does so no more.
async fn keep(
    app: &App,
    visit: &Visit,
    (resident, subject): (&Resident, &Subject),
    template: &Template,
    consented_at: Time,
) -> Result<bool, Stop> {
    let (record, proofing) = subject.proven().ok_or_else(PageError::expired)?;
    let person = subject.person;
    let expires_at = subject_ends(app, visit, subject, record);
    let again = copies::again(app, &subject.key, (template, person, expires_at)).await?;
    let row = StoredTemplate {
        person,
        proofing: Some(proofing.id),
        sealed: copies::seal_master(&subject.key, person, template, &*app.entropy),
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
    let audit = subject.event(app, visit, resident, Act::FaceEnrol, detail);
    let (standing, now) = (subject.standing(), visit.now);
    let kept = app
        .store
        .write(move |tx| {
            if !standing.holds(tx, now)? {
                return Ok(false);
            }
            pass_store::face_templates::put(tx, &row)?;
            // Copies of the face before go with it; where an epoch just ended, the rotation that ended it makes them anew.
            pass_store::face_copies::replace_all(tx, &again)?;
            // NIST SP 800-63B-4 3.2.3: a face switched off by failures comes back with a new enrolment.
            pass_store::face_attempts::reset(tx, person)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(true)
        })
        .await?;
    Ok(kept)
}

/// By age; the face of a child not later than whoever enrolled it acts for the child.
fn subject_ends(app: &App, visit: &Visit, subject: &Subject, record: &ProvenRecord) -> Time {
    let ends = term::ends(app.settings.face_terms, record.birthdate, visit.now);
    subject.relation.as_ref().map_or(ends, |relation| ends.min(relation.until))
}

/// Who may enrol a face now; without a matcher nobody, and the page says so.
async fn entitled(app: &App, visit: &Visit, request: &HttpRequest, tail: &str) -> Result<Who, Stop> {
    let who = subject::of(app, visit, request, OwnErrand::Face, tail).await?;
    let (Who::In(resident, subject), Some(session)) = (&who, &visit.session) else { return Ok(who) };
    // The guardian's own proofing, and that of the child.
    let may_now = may(Wish::EnrolFace, session, resident.proofed_at(), visit.now).is_ok();
    if !may_now || subject.proven().is_none() {
        return Ok(Who::Elsewhere(see_other(&subject.base)));
    }
    Ok(if app.faces.unavailable().is_some() { Who::Elsewhere(unavailable(app, visit)) } else { who })
}

/// When the person agreed: not long ago, and nothing was enrolled or deleted since.
async fn consented(app: &App, visit: &Visit, subject: &Subject) -> Result<Option<Time>, Fault> {
    let filter = Filter {
        person: Some(subject.person),
        acts: vec![Act::FaceConsent, Act::FaceEnrol, Act::FaceDelete],
        from: Some(visit.now - FRESH),
        ..Filter::default()
    };
    let last = app.store.read(move |tx| pass_store::audit::page(tx, &filter, 1)).await?.pop();
    Ok(last.filter(|last| last.event.act == Act::FaceConsent).map(|last| last.event.at))
}

fn draw(app: &App, visit: &Visit, subject: &Subject, hint: Option<String>) -> HttpResponse {
    let status = if hint.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FaceCapture {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        capture: capture::issue(app, visit, &subject.base),
        asker: None,
        enrol: true,
        hint,
        left: None,
        ways: vec![Way::new(WayKind::Later, &subject.base)],
    };
    html(status, page.html(), page.headers())
}

fn unavailable(app: &App, visit: &Visit) -> HttpResponse {
    let ways = vec![Way::new(WayKind::Home, "/me")];
    show(StatusCode::OK, &Notice { shell: visit.shell(app), kind: NoticeKind::FaceUnavailable, ways })
}
