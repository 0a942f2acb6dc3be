//! `/interaction/{id}/face`: the face step-up. Something held was shown in this sign-in already; the face is never alone.
//!
//! NIST SP 800-63B-4 3.2.3: five failures, then a delay for each try; fifty switch the face off. The other ways stay.

use super::make_passkey::save_and_go_on;
use super::session::{Proof, sign_in};
use crate::app::App;
use crate::face::copies::open_master;
use crate::flow::{self, Stage};
use crate::kit::{Way, WayKind, html, show};
use crate::limits::{Attempt, address};
use crate::page::notice::NoticeKind;
use crate::page::{FaceCapture, Notice, Page};
use crate::people::Resident;
use crate::pictures::{self, Posted};
use crate::problem::{Broken, Shown};
use crate::step::login::too_many;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::face::FaceAttempts;
use pass_core::domain::session::Method;
use pass_core::face::{Outcome, Template};
use pass_core::id::AuditId;
use pass_core::{Fault, Time};
use std::time::Duration;

/// Failures in a row after which each further try waits.
const FREE_FAILURES: i32 = 5;
/// How long it waits.
const DELAY: Duration = Duration::from_secs(30);
/// Failures after which the face is off until it is enrolled again.
const LAST_FAILURE: i32 = 50;

/// Whether one may try now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gate {
    Open,
    Wait,
    Off,
}

fn gate(attempts: FaceAttempts, now: Time) -> Gate {
    match attempts.failures {
        failures if failures >= LAST_FAILURE => Gate::Off,
        failures if failures >= FREE_FAILURES && attempts.last_failure_at.is_some_and(|at| now.since(at) < DELAY) => {
            Gate::Wait
        }
        _ => Gate::Open,
    }
}

/// The camera page.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !stage.is_at("face") {
            return flow::go_on(&app, &visit, stage).await;
        }
        let attempts = attempts(&app, stage.resident()?).await?;
        match gate(attempts, visit.now) {
            Gate::Off => Ok(unavailable(&app, &visit, &stage, NoticeKind::FaceUnavailable)),
            _ => Ok(draw(&app, &visit, &stage, None, attempts)),
        }
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
    let attempts = attempts(app, stage.resident()?).await?;
    match gate(attempts, visit.now) {
        Gate::Open => compare(app, visit, stage, posted, attempts).await,
        Gate::Wait => Err(too_many()),
        Gate::Off => Ok(unavailable(app, visit, &stage, NoticeKind::FaceUnavailable)),
    }
}

async fn compare(app: &App, visit: &mut Visit, stage: Stage, posted: Posted, attempts: FaceAttempts) -> Shown {
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
    let (person, now) = (resident.person(), visit.now);
    let audit = audit(app, visit, &stage, resident, &judged);
    match judged.outcome {
        Outcome::Match => {
            app.store
                .write(move |tx| {
                    pass_store::face_attempts::reset(tx, person)?;
                    pass_store::audit::insert(tx, &audit)
                })
                .await?;
            let proof = Proof { account: resident.account.id, person, method: Method::Face };
            sign_in(app, visit, stage, proof).await
        }
        Outcome::NoMatch => {
            let attempts = app
                .store
                .write(move |tx| {
                    pass_store::audit::insert(tx, &audit)?;
                    pass_store::face_attempts::record_failure(tx, person, now)
                })
                .await?;
            Ok(draw(app, visit, &stage, Some("face.no-match".into()), attempts))
        }
        // A picture that is not good enough is no failed comparison (ISO/IEC 19795-1).
        Outcome::Rejected(rejection) => Ok(draw(app, visit, &stage, Some(rejection.key().into()), attempts)),
        Outcome::Unavailable(reason) => {
            tracing::warn!(%reason, "face match is unavailable");
            Ok(unavailable(app, visit, &stage, NoticeKind::FaceUnavailable))
        }
    }
}

fn template(resident: &Resident) -> Result<Template, Fault> {
    let stored = resident.face.as_ref().ok_or_else(|| Fault::new("compare a face: there is no template"))?;
    open_master(&resident.key, stored)
}

async fn attempts(app: &App, resident: &Resident) -> Result<FaceAttempts, Fault> {
    let person = resident.person();
    app.store.read_now(move |tx| pass_store::face_attempts::find(tx, person)).await
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
    let status = if hint.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let left = FREE_FAILURES - attempts.failures;
    let page = FaceCapture {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_53_five_failures_are_free_then_each_try_waits_and_fifty_end_it() {
        let now = Time(10_000_000);
        let after = |failures, seconds: u64| {
            gate(FaceAttempts { failures, last_failure_at: Some(now - Duration::from_secs(seconds)) }, now)
        };
        assert_eq!(after(4, 0), Gate::Open);
        assert_eq!(after(5, 29), Gate::Wait);
        assert_eq!(after(5, 30), Gate::Open);
        assert_eq!(after(49, 31), Gate::Open);
        assert_eq!(after(50, 3_000), Gate::Off);
    }
}
