//! `/interaction/{id}/face`: the face step-up. Something held was shown in this sign-in already; the face is never alone.
//!
//! NIST SP 800-63B-4 3.2.3: five failures, then a delay for each try; fifty switch the face off. The other ways stay.

use super::make_passkey::save_and_go_on;
use super::session::{Proof, sign_in};
use crate::app::App;
use crate::face::capture;
use crate::face::copies::open_master;
use crate::flow::{self, Stage};
use crate::kit::{Way, WayKind, html, show};
use crate::limits::{Attempt, address};
use crate::mail;
use crate::page::notice::NoticeKind;
use crate::page::{FaceCapture, Notice, Page};
use crate::people::Resident;
use crate::pictures::{self, Posted};
use crate::problem::{Broken, PageError, Shown, Stop};
use crate::step::login::too_many;
use crate::visit::{Visit, reader};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::face::{DELAY, FREE_FAILURES, FaceAttempts, LAST_FAILURE};
use pass_core::domain::session::Method;
use pass_core::face::{Outcome, Template, Unavailable};
use pass_core::id::{AuditId, PersonId};
use pass_core::{Fault, Time};
use pass_store::face_attempts::{self, Limit};

/// NIST SP 800-63B-4 3.2.3, without presentation attack detection that counts.
const LIMIT: Limit = Limit { free: FREE_FAILURES, delay: DELAY, last: LAST_FAILURE };

/// The camera page.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !stage.is_at("face") {
            return flow::go_on(&app, &visit, stage).await;
        }
        let attempts = attempts(&app, stage.resident()?).await?;
        Ok(draw(&app, &visit, &stage, None, attempts))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// Pictures, or another way.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Broken> {
    let mut visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &mut visit, &handle, payload).await;
    super::finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &mut Visit, handle: &str, payload: web::Payload) -> Shown {
    // Nothing of the body is read before it is known that this browser may send a picture here, and not too many.
    let mut stage = flow::stage(app, visit, handle).await?;
    if !app.limits.allow(Attempt::Picture, address(app, request)) {
        return Err(too_many());
    }
    if !stage.is_at("face") {
        return flow::go_on(app, visit, stage).await;
    }
    let posted = pictures::read(request, payload).await?;
    flow::checked(app, request, visit, posted.form.get("csrf"))?;
    if posted.form.text("do") == "skip" {
        stage.interaction.progress.step_up_declined = true;
        return save_and_go_on(app, visit, stage).await;
    }
    let before = attempts(app, stage.resident()?).await?;
    if !capture::take(app, visit, &page_of(&stage), posted.form.text("capture")).await? {
        return Ok(draw(app, visit, &stage, Some("face.stale".into()), before));
    }
    // The try is counted before it is made: tries made side by side are no more than tries made one after another.
    let (person, now) = (stage.resident()?.person(), visit.now);
    match app.store.write(move |tx| face_attempts::begin(tx, person, LIMIT, now)).await? {
        Some(begun) => compare(app, visit, stage, posted, Try { before, begun, at: now }).await,
        None if before.off() => Ok(unavailable(app, visit, &stage, NoticeKind::FaceOff)),
        None => Ok(draw(app, visit, &stage, Some("face.wait".into()), before)),
    }
}

/// A try that is counted already.
#[derive(Clone, Copy)]
struct Try {
    before: FaceAttempts,
    begun: FaceAttempts,
    at: Time,
}

async fn compare(app: &App, visit: &mut Visit, stage: Stage, posted: Posted, this: Try) -> Shown {
    let resident = stage.resident()?;
    let template = template(resident)?;
    let faces = app.faces.clone();
    // Inference is CPU work: it leaves the web worker, and its pictures are wiped when it is done.
    let judged = web::block(move || {
        let frames: Vec<&[u8]> = posted.pictures.iter().map(Vec::as_slice).collect();
        faces.verify(&template, &frames)
    })
    .await
    .map_err(|error| Fault::because("compare a face", error))?;
    let person = resident.person();
    let audit = audit(app, visit, &stage, resident, &judged);
    match judged.outcome {
        Outcome::Match => {
            app.store
                .write(move |tx| {
                    face_attempts::reset(tx, person)?;
                    pass_store::audit::insert(tx, &audit)
                })
                .await?;
            let proof = Proof { account: resident.account.id, person, method: Method::Face };
            sign_in(app, visit, stage, proof).await
        }
        Outcome::NoMatch => {
            let attempts = failed(app, visit, &stage, audit, this).await?;
            Ok(match attempts.off() {
                true => unavailable(app, visit, &stage, NoticeKind::FaceOff),
                false => draw(app, visit, &stage, Some("face.no-match".into()), attempts),
            })
        }
        // A picture that is not good enough is no failed comparison (ISO/IEC 19795-1).
        Outcome::Rejected(rejection) => {
            take_back(app, person, this).await?;
            Ok(draw(app, visit, &stage, Some(rejection.key().into()), this.before))
        }
        Outcome::Unavailable(Unavailable::Busy) => {
            take_back(app, person, this).await?;
            Err(PageError::busy().into())
        }
        Outcome::Unavailable(reason) => {
            tracing::warn!(%reason, "face match is unavailable");
            take_back(app, person, this).await?;
            Ok(unavailable(app, visit, &stage, NoticeKind::FaceUnavailable))
        }
    }
}

async fn take_back(app: &App, person: PersonId, this: Try) -> Result<(), Fault> {
    app.store.write(move |tx| face_attempts::take_back(tx, person, this.at, this.before)).await
}

/// The failure stays counted; the last one switches the face off, and the person is told by mail.
async fn failed(app: &App, visit: &Visit, stage: &Stage, audit: AuditEvent, this: Try) -> Result<FaceAttempts, Stop> {
    let resident = stage.resident()?;
    let (person, now) = (resident.person(), visit.now);
    let letter = match resident.mail()? {
        Some(address) if this.begun.off() => {
            Some(mail::face_off(app, reader(resident.account.language), &address, now)?)
        }
        _ => None,
    };
    let off = AuditEvent { id: AuditId::new(now, &*app.entropy), act: Act::FaceDisable, ..audit.clone() };
    let off = AuditEvent { detail: String::new(), ..off };
    let attempts = app
        .store
        .write(move |tx| {
            pass_store::audit::insert(tx, &audit)?;
            let attempts = face_attempts::keep(tx, person, now)?;
            // One try alone has the last number.
            if attempts.off() && this.begun.off() {
                pass_store::audit::insert(tx, &off)?;
                if let Some(letter) = &letter {
                    pass_store::outbox::insert(tx, letter)?;
                }
            }
            Ok(attempts)
        })
        .await?;
    app.outbox.notify_one();
    Ok(attempts)
}

/// What a capture token is bound to.
fn page_of(stage: &Stage) -> String {
    stage.path("face")
}

fn template(resident: &Resident) -> Result<Template, Fault> {
    let stored = resident.face.as_ref().ok_or_else(|| Fault::new("compare a face: there is no template"))?;
    open_master(&resident.key, stored)
}

async fn attempts(app: &App, resident: &Resident) -> Result<FaceAttempts, Fault> {
    let person = resident.person();
    app.store.read_now(move |tx| face_attempts::find(tx, person)).await
}

/// Decision, model and threshold set; never the score, never the vector.
fn audit(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    resident: &Resident,
    judged: &pass_core::face::Verification,
) -> AuditEvent {
    let word = match &judged.outcome {
        Outcome::Match => "match",
        Outcome::NoMatch => "no_match",
        Outcome::Rejected(_) => "not_acquired",
        Outcome::Unavailable(_) => "unavailable",
    };
    AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Account(resident.account.id),
        act: Act::FaceCompare,
        person: Some(resident.person()),
        facility: stage.party.as_deref().map(|party| party.facility.id),
        client: stage.party.as_deref().map(|party| party.client.id),
        detail: format!("{word} {} {}", judged.threshold_set, judged.liveness.key()),
    }
}

fn draw(app: &App, visit: &Visit, stage: &Stage, hint: Option<String>, attempts: FaceAttempts) -> HttpResponse {
    let status = match hint.as_deref() {
        Some("face.wait") => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let left = FREE_FAILURES - attempts.failures;
    let page = FaceCapture {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        capture: capture::issue(app, visit, &page_of(stage)),
        asker: stage.asker(visit),
        enrol: false,
        hint,
        left: (1..=2).contains(&left).then_some(left.unsigned_abs()),
        ways: ways(stage),
    };
    let headers = stage.headers(app, page.headers());
    html(status, page.html(), headers)
}

fn unavailable(app: &App, visit: &Visit, stage: &Stage, kind: NoticeKind) -> HttpResponse {
    show(StatusCode::OK, &Notice { shell: visit.shell(app), kind, ways: ways(stage) })
}

fn ways(stage: &Stage) -> Vec<Way> {
    vec![Way::new(WayKind::Others, stage.path("step-up"))]
}
