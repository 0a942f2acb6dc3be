//! `/interaction/{id}/passkey`: make a passkey, now or later. Reached when a stronger sign-in is asked for and the account
//! has none to show.

use super::form::Form;
use crate::app::App;
use crate::flow::{self, Stage};
use crate::kit::html;
use crate::page::{MakePasskey, Page};
use crate::people::Resident;
use crate::problem::{Broken, Shown};
use crate::step::session::{Renewal, lost};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::session::{self as rules, Act as Wish};
use pass_core::domain::account::Credential;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::interaction::{Errand, OwnErrand, Progress};
use pass_core::domain::session::{AuthenticationEvent, Method};
use pass_core::id::{AuditId, EventId};

/// The page.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !stage.is_at("passkey") {
            return flow::go_on(&app, &visit, stage).await;
        }
        Ok(draw(&app, &visit, &stage, false))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// `POST .../passkey/options`: what `navigator.credentials.create` is called with.
pub async fn options(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> HttpResponse {
    let options = async {
        let visit = Visit::of(&app, &request, None).await?;
        flow::checked(&app, &request, &visit, Form::parse(&body)?.get("csrf"))?;
        let stage = flow::stage(&app, &visit, &handle).await?;
        Ok(super::passkey::begin(&app, visit.now, stage.resident()?).await?)
    }
    .await;
    super::passkey::json(options)
}

/// Made, or later.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let mut visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &mut visit, &handle, &body).await;
    super::finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &mut Visit, handle: &str, body: &str) -> Shown {
    let form = Form::parse(body)?;
    flow::checked(app, request, visit, form.get("csrf"))?;
    let mut stage = flow::stage(app, visit, handle).await?;
    if !stage.is_at("passkey") {
        return flow::go_on(app, visit, stage).await;
    }
    if form.text("do") == "later" {
        leave(&mut stage.interaction.progress);
        return save_and_go_on(app, visit, stage).await;
    }
    let resident = stage.resident()?;
    let session = visit.session.as_ref().ok_or_else(crate::problem::PageError::expired)?;
    // A session opened by mail alone may not add a passkey to a proofed account (docs/acr.md).
    if rules::may(Wish::AddPasskey, session, resident.proofed_at(), visit.now).is_err() {
        return flow::go_on(app, visit, stage).await;
    }
    match super::passkey::finish(app, visit.now, resident.account.id, form.text("credential")).await? {
        Some((credential, method)) => made(app, visit, stage, credential, method).await,
        None => Ok(draw(app, visit, &stage, true)),
    }
}

async fn made(app: &App, visit: &mut Visit, mut stage: Stage, credential: Credential, method: Method) -> Shown {
    let renewal = Renewal::of(app, visit)?;
    let session = visit.session.as_mut().ok_or_else(crate::problem::PageError::expired)?;
    let event =
        AuthenticationEvent { id: EventId::new(visit.now, &*app.entropy), session: session.id, method, at: visit.now };
    session.events.push(event.clone());
    stage.interaction.progress.events.push(event.id);
    let audit = AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Account(credential.account),
        act: Act::PasskeyAdd,
        person: stage.resident.as_ref().map(Resident::person),
        facility: None,
        client: None,
        detail: String::new(),
    };
    let (hash, progress, now) = (stage.interaction.hash, stage.interaction.progress.clone(), visit.now);
    let written = app
        .store
        .write(move |tx| {
            if !renewal.write(tx, now)? {
                return Ok(false);
            }
            pass_store::credentials::insert(tx, &credential)?;
            pass_store::sessions::add_event(tx, &event)?;
            pass_store::interactions::save_progress(tx, &hash, &progress)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(true)
        })
        .await?;
    if !written {
        return Err(lost(visit));
    }
    again(app, visit, stage).await
}

/// Saves what was done and asks for the next step anew.
pub async fn save_and_go_on(app: &App, visit: &Visit, stage: Stage) -> Shown {
    let (hash, progress) = (stage.interaction.hash, stage.interaction.progress.clone());
    app.store.write(move |tx| pass_store::interactions::save_progress(tx, &hash, &progress)).await?;
    again(app, visit, stage).await
}

async fn again(app: &App, visit: &Visit, stage: Stage) -> Shown {
    let stage = flow::stage_of(app, visit, stage.handle, stage.interaction).await?;
    flow::go_on(app, visit, stage).await
}

/// Without a passkey nothing may be proven either: a mail address alone could never open it again.
const fn leave(progress: &mut Progress) {
    progress.step_up_declined = true;
    progress.proof_declined = true;
}

/// Whether somebody is on the way to the card on their own pages, where nobody else says why a passkey comes first.
fn wants_card(stage: &Stage) -> bool {
    matches!(stage.interaction.errand, Errand::Own { wants: OwnErrand::Proof, .. })
}

fn draw(app: &App, visit: &Visit, stage: &Stage, failed: bool) -> HttpResponse {
    let page = MakePasskey {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        begin: stage.path("passkey/options"),
        sign_up: stage.interaction.progress.sign_up,
        for_card: !stage.interaction.progress.sign_up && wants_card(stage),
        failed,
        later: flow::goes_on_without(app, visit, stage, leave),
    };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let headers = stage.headers(app, page.headers());
    html(status, page.html(), headers)
}
