//! `GET` and `POST /manager/keys`: the keys that sign tokens. The form names the key it would retire, so that a reload of the
//! answer, or a second window, rotates nothing twice.

use crate::duty::{Answered, OnDuty, enter};
use crate::page::{KeyLine, KeysPage, Room, Rotation};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::Act;
use pass_core::domain::client::SigningAlg;
use pass_core::domain::key::{KeyState, StoredKey};
use pass_core::fault::Outcome;
use pass_web::app::App;
use pass_web::kit::date;
use pass_web::problem::Broken;
use pass_web::signing_keys;

/// The list.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| show(on_duty, StatusCode::OK, None).await).await
}

/// Rotates the algorithm of the key that the form names.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let retiring = form.text("kid");
        let rows = load(on_duty).await?;
        let current = |row: &&StoredKey| row.state == KeyState::Current && row.kid == retiring;
        let Some(alg) = rows.iter().find(current).map(|row| row.alg) else {
            return show(on_duty, StatusCode::CONFLICT, Some(Rotation::Stale)).await;
        };
        rotate(on_duty, alg).await?;
        show(on_duty, StatusCode::OK, Some(Rotation::Done(alg.as_str()))).await
    })
    .await
}

async fn rotate(on_duty: &OnDuty<'_>, alg: SigningAlg) -> Outcome<()> {
    let app = on_duty.app;
    let event = on_duty.event(Act::KeysRotate, None, alg.as_str().to_owned());
    signing_keys::rotate(&app.store, &app.keys.signing, alg, &*app.entropy, event).await?;
    app.reload().await
}

async fn load(on_duty: &OnDuty<'_>) -> Outcome<Vec<StoredKey>> {
    on_duty.app.store.read(pass_store::signing_keys::find_all).await
}

async fn show(on_duty: &OnDuty<'_>, status: StatusCode, rotation: Option<Rotation>) -> Answered {
    let (app, visit) = (on_duty.app, on_duty.visit);
    let mut rows = load(on_duty).await?;
    let place = |state| match state {
        KeyState::Current => 0,
        KeyState::Next => 1,
        KeyState::Retired => 2,
    };
    rows.sort_by_key(|row| (row.alg.as_str(), place(row.state), row.created_at));
    let keys = rows.into_iter().map(|row| KeyLine {
        alg: row.alg.as_str(),
        kid: row.kid,
        state: row.state,
        since: date::Day::of(row.created_at.0).words(visit.lang),
    });
    let page = KeysPage { shell: visit.shell(app), desk: on_duty.desk(Room::Keys), keys: keys.collect(), rotation };
    Ok(on_duty.show(status, &page))
}
