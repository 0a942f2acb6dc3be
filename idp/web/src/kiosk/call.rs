//! `POST /kiosk/{facility}/call`: somebody needs a person. `GET`: whether anybody took the call on.

use super::{Refused, here, say, seen};
use crate::app::App;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::domain::reception::{CallReason, StaffCall, Terminal};
use pass_core::id::StaffCallId;
use pass_store::Tx;
use serde_json::json;
use std::time::Duration;

pub(super) async fn post(app: web::Data<App>, request: HttpRequest, slug: web::Path<String>) -> HttpResponse {
    match called(&app, &request, &slug).await {
        Ok(()) => say(StatusCode::OK, &json!({ "state": "waiting" })),
        Err(refused) => refused.answer(),
    }
}

/// Until somebody takes the call on, the device says that they wait.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest, slug: web::Path<String>) -> HttpResponse {
    match waits(&app, &request, &slug).await {
        Ok(open) => say(StatusCode::OK, &json!({ "open": open })),
        Err(refused) => refused.answer(),
    }
}

async fn waits(app: &App, request: &HttpRequest, slug: &str) -> Result<bool, Refused> {
    let (facility, terminal) = here(app, request, slug).await?;
    let facility = facility.id;
    let open = app.store.read_now(move |tx| pass_store::staff_calls::find_open(tx, facility)).await?;
    Ok(open.iter().any(|call| call.terminal == terminal.id))
}

async fn called(app: &App, request: &HttpRequest, slug: &str) -> Result<(), Refused> {
    let (_, terminal) = here(app, request, slug).await?;
    if !app.limits.allow_call(terminal.id) {
        return Err(Refused::Limit);
    }
    seen(app, &terminal, app.now());
    let (now, id) = (app.now(), StaffCallId::new(app.now(), &*app.entropy));
    app.store.write(move |tx| raise(tx, &terminal, CallReason::Button, id, now)).await?;
    Ok(())
}

/// For so long staff are on their way; then another press is another call.
const ON_THEIR_WAY: Duration = Duration::from_secs(10 * 60);

/// A call, unless one of this device was raised a while ago and is open: staff are on their way already.
pub(super) fn raise(
    tx: &mut Tx,
    terminal: &Terminal,
    reason: CallReason,
    id: StaffCallId,
    now: Time,
) -> Result<(), pass_core::Fault> {
    let recent = |call: &StaffCall| call.terminal == terminal.id && now.since(call.raised_at) < ON_THEIR_WAY;
    if pass_store::staff_calls::find_open(tx, terminal.facility)?.iter().any(recent) {
        return Ok(());
    }
    let call = StaffCall {
        id,
        facility: terminal.facility,
        terminal: terminal.id,
        reason,
        raised_at: now,
        closed_at: None,
        closed_by: None,
    };
    pass_store::staff_calls::insert(tx, &call)
}
