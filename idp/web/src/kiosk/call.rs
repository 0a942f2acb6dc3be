//! `POST /kiosk/{facility}/call`: somebody needs a person.

use super::{Device, Refused, device, facility, say};
use crate::app::App;
use crate::limits::{Attempt, address};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::domain::reception::{CallReason, StaffCall, Terminal};
use pass_core::id::StaffCallId;
use pass_store::Tx;
use serde_json::json;

pub(super) async fn post(app: web::Data<App>, request: HttpRequest, slug: web::Path<String>) -> HttpResponse {
    match called(&app, &request, &slug).await {
        Ok(()) => say(StatusCode::OK, &json!({ "state": "waiting" })),
        Err(refused) => refused.answer(),
    }
}

async fn called(app: &App, request: &HttpRequest, slug: &str) -> Result<(), Refused> {
    let facility = facility(app, slug).map_err(|_| Refused::Device)?;
    let Device::Here(terminal) = device(app, request, &facility).await? else { return Err(Refused::Device) };
    if !app.limits.allow(Attempt::Picture, address(app, request)) {
        return Err(Refused::Limit);
    }
    let (now, id) = (app.now(), StaffCallId::new(app.now(), &*app.entropy));
    app.store.write(move |tx| raise(tx, &terminal, CallReason::Button, id, now)).await?;
    Ok(())
}

/// A call, unless one of this device is open: staff are on their way already.
pub(super) fn raise(
    tx: &mut Tx,
    terminal: &Terminal,
    reason: CallReason,
    id: StaffCallId,
    now: Time,
) -> Result<(), pass_core::Fault> {
    if pass_store::staff_calls::find_open(tx, terminal.facility)?.iter().any(|call| call.terminal == terminal.id) {
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
