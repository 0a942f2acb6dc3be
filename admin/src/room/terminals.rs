//! `GET` and `POST /manager/terminals`: pair a device by a one-time code, rename it, take it out of service.

use crate::duty::{Answered, Halt, OnDuty, enter, see_other};
use crate::page::{NewCode, Refusal, Room, TerminalLine, Terminals};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::reception::{PairingCode, Terminal};
use pass_core::id::TerminalId;
use pass_core::reception::pairing;
use pass_core::secret::{base64url, from_base64url};
use pass_web::app::App;
use pass_web::kit::date;
use pass_web::problem::Broken;
use serde::Deserialize;

/// Longest name of a device.
const MOST: usize = 40;

/// What a page shows besides the list.
#[derive(Default)]
struct Beside {
    code: Option<NewCode>,
    unnamed: Option<Unnamed>,
    revoking: Option<TerminalId>,
}

/// The field in which a name is missing or too long.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unnamed {
    New,
    Device(TerminalId),
}

/// The device that is about to be stopped.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Query {
    stop: String,
}

fn terminal(posted: &str) -> Option<TerminalId> {
    from_base64url(posted).and_then(|bytes| TerminalId::from_slice(&bytes))
}

/// The list; with `stop`, the question before a device is taken out of service.
pub async fn get(app: web::Data<App>, request: HttpRequest, query: web::Query<Query>) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        on_duty.record(Act::ManagerRead, None, "terminals".into()).await?;
        draw(on_duty, StatusCode::OK, Beside { revoking: terminal(&query.stop), ..Beside::default() }).await
    })
    .await
}

/// Adds, renames, takes out of service.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let name = form.text("name").split_whitespace().collect::<Vec<_>>().join(" ");
        let named = (1..=MOST).contains(&name.chars().count());
        match (form.text("do"), terminal(form.text("terminal"))) {
            ("add", _) if !named => unnamed(on_duty, Unnamed::New).await,
            ("rename", Some(id)) if !named => unnamed(on_duty, Unnamed::Device(id)).await,
            ("add", _) => add(on_duty, name).await,
            ("rename", Some(id)) => change(on_duty, id, Some(name)).await,
            ("revoke", Some(id)) => change(on_duty, id, None).await,
            _ => Err(Halt::Refused(Refusal::NotHere)),
        }
    })
    .await
}

async fn unnamed(on_duty: &OnDuty<'_>, field: Unnamed) -> Answered {
    let beside = Beside { unnamed: Some(field), ..Beside::default() };
    draw(on_duty, StatusCode::UNPROCESSABLE_ENTITY, beside).await
}

/// The code is shown in this answer and nowhere else.
async fn add(on_duty: &OnDuty<'_>, name: String) -> Answered {
    let (app, now) = (on_duty.app, on_duty.visit.now);
    let code = pairing::code(&*app.entropy);
    let hash =
        pairing::index(&app.keys.index, &code).ok_or_else(|| pass_core::Fault::new("a pairing code that is none"))?;
    let row = PairingCode {
        hash,
        facility: on_duty.facility.id,
        name: name.clone(),
        made_by: Some(on_duty.staff.id),
        created_at: now,
        expires_at: now + pairing::LIFE,
        used_at: None,
    };
    let until = clock(row.expires_at);
    let event = on_duty.event(Act::TerminalInvite, None, name.clone());
    app.store
        .write(move |tx| {
            pass_store::pairing_codes::insert(tx, &row)?;
            pass_store::audit::insert(tx, &event)
        })
        .await?;
    let address = format!("{}/kiosk/{}", app.settings.issuer, on_duty.facility.slug);
    let new = NewCode { code, name, address, until };
    draw(on_duty, StatusCode::OK, Beside { code: Some(new), ..Beside::default() }).await
}

/// Renames, or takes out of service where there is no name. Of one that is out of service already the list says so.
async fn change(on_duty: &OnDuty<'_>, id: TerminalId, name: Option<String>) -> Answered {
    let (now, facility) = (on_duty.visit.now, on_duty.facility.id);
    let act = if name.is_some() { Act::TerminalRename } else { Act::TerminalRevoke };
    let event = on_duty.event(act, None, String::new());
    // The device as it was called until now, and the new name.
    let detail = move |old: &str, new: Option<&String>| match new {
        Some(new) => format!("{old} -> {new}"),
        None => old.to_owned(),
    };
    let changed = on_duty
        .app
        .store
        .write(move |tx| {
            let Some(old) = pass_store::terminals::find(tx, id)?.filter(|old| old.facility == facility) else {
                return Ok(false);
            };
            if old.revoked_at.is_some() {
                return Ok(true);
            }
            let done = match &name {
                Some(name) => pass_store::terminals::rename(tx, facility, id, name)?,
                None => pass_store::terminals::revoke(tx, facility, id, now)?,
            };
            if done {
                let detail = detail(&old.name, name.as_ref());
                pass_store::audit::insert(tx, &AuditEvent { detail, ..event.clone() })?;
            }
            Ok(done)
        })
        .await?;
    if changed { Ok(see_other("/manager/terminals")) } else { Err(Halt::Refused(Refusal::NotHere)) }
}

async fn draw(on_duty: &OnDuty<'_>, status: StatusCode, beside: Beside) -> Answered {
    let facility = on_duty.facility.id;
    let terminals = on_duty.app.store.read(move |tx| pass_store::terminals::find_all(tx, facility)).await?;
    let line = |one: &Terminal| {
        let at = |time: Time| date::moment(on_duty.visit.lang, time.0);
        TerminalLine {
            id: base64url(&one.id.0),
            name: one.name.clone(),
            paired: at(one.paired_at),
            seen: one.last_seen_at.map(at),
            stopped: one.revoked_at.map(at),
            unnamed: beside.unnamed == Some(Unnamed::Device(one.id)),
        }
    };
    let asked = terminals.iter().find(|one| Some(one.id) == beside.revoking && one.revoked_at.is_none());
    let page = Terminals {
        shell: on_duty.visit.shell(on_duty.app),
        desk: on_duty.desk(Room::Terminals),
        code: beside.code,
        unnamed: beside.unnamed == Some(Unnamed::New),
        revoking: asked.map(line),
        terminals: terminals.iter().map(line).collect(),
    };
    Ok(on_duty.show(status, &page))
}

fn clock(time: Time) -> String {
    let (hour, minute) = time.jst_clock();
    format!("{hour:02}:{minute:02}")
}
