//! `/manager/invite/{secret}`: a new staff member makes the first passkey and is signed in (WebAuthn Level 3, 7.1).
//!
//! The link works once: the passkey, the session and the used link are written in one transaction.

use super::sign_in::{staff_event, welcome};
use crate::access::Rank;
use crate::duty::finish;
use crate::page::{Invite, InviteState};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::passkey::Holder;
use pass_core::domain::audit::Act;
use pass_core::domain::session::Method;
use pass_core::domain::staff::{Staff, StaffPasskey};
use pass_core::fault::Outcome;
use pass_core::secret::Hash;
use pass_web::app::App;
use pass_web::flow::checked;
use pass_web::kit::show;
use pass_web::limits::{Attempt, address};
use pass_web::problem::{Broken, PageError, Stop};
use pass_web::step::form::Form;
use pass_web::step::passkey::{json, keep, residents, taken};
use pass_web::visit::Visit;
use serde_json::Value;

/// The page.
pub async fn get(app: web::Data<App>, request: HttpRequest, secret: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let answer = match invited(&app, &visit, &secret).await? {
        Some(staff) => ready(&app, &visit, &secret, &staff, false),
        None => gone(&app, &visit),
    };
    Ok(finish(&app, &visit, answer))
}

/// `POST /manager/invite/{secret}/passkey`: what `navigator.credentials.create` is called with.
pub async fn options(
    app: web::Data<App>,
    request: HttpRequest,
    secret: web::Path<String>,
    body: String,
) -> HttpResponse {
    let options = async {
        let visit = Visit::of(&app, &request, None).await?;
        checked(&app, &request, &visit, Form::parse(&body)?.get("csrf"))?;
        let staff = invited(&app, &visit, &secret).await?.ok_or_else(PageError::not_found)?;
        let holder = Holder { user_handle: staff.user_handle, name: &staff.name, existing: &[] };
        let begun = residents(&app)?.begin_registration(&holder)?;
        keep(&app, visit.now, None, begun).await.map_err(Stop::from)
    };
    json(options.await)
}

/// Takes the passkey.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    secret: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let answer = match answer(&app, &request, &visit, &secret, &body).await {
        Ok(answer) => answer,
        Err(stop) => stop.respond(&app, &visit),
    };
    Ok(finish(&app, &visit, answer))
}

async fn answer(
    app: &App,
    request: &HttpRequest,
    visit: &Visit,
    secret: &str,
    body: &str,
) -> Result<HttpResponse, Stop> {
    let form = Form::parse(body)?;
    checked(app, request, visit, form.get("csrf"))?;
    let within = app.limits.allow(Attempt::SignIn, address(app, request));
    let Some(staff) = invited(app, visit, secret).await?.filter(|_| within) else { return Ok(gone(app, visit)) };
    let Some(passkey) = made(app, visit, &staff, form.text("credential")).await? else {
        return Ok(ready(app, visit, secret, &staff, true));
    };
    let added = staff_event(app, visit, &staff, Act::StaffPasskeyAdd, "invite".into());
    let (hash, now) = (Hash::of(secret), visit.now);
    let first = app
        .store
        .write(move |tx| {
            if pass_store::staff_invites::take(tx, &hash, now)?.first().is_none() {
                return Ok(false);
            }
            pass_store::staff_passkeys::insert(tx, &passkey)?;
            pass_store::audit::insert(tx, &added)?;
            Ok(true)
        })
        .await?;
    if first { Ok(welcome(app, request, visit, &staff, "invite").await?) } else { Ok(gone(app, visit)) }
}

/// For whom a link is, while it works.
async fn invited(app: &App, visit: &Visit, secret: &str) -> Outcome<Option<Staff>> {
    let (hash, now) = (Hash::of(secret), visit.now);
    app.store
        .read_now(move |tx| {
            let found = pass_store::staff_invites::find(tx, &hash)?;
            let Some(invite) = found.filter(|invite| invite.used_at.is_none() && invite.expires_at > now) else {
                return Ok(None);
            };
            Ok(pass_store::staff::find(tx, invite.staff)?.filter(|staff| staff.closed_at.is_none()))
        })
        .await
}

/// The passkey that the browser made, if it is to be believed.
async fn made(app: &App, visit: &Visit, staff: &Staff, credential: &str) -> Outcome<Option<StaffPasskey>> {
    let Ok(answer) = serde_json::from_str::<Value>(credential) else { return Ok(None) };
    let Some(ceremony) = taken(app, visit.now, &answer).await?.filter(|ceremony| ceremony.account.is_none()) else {
        return Ok(None);
    };
    match residents(app)?.finish_registration(&ceremony.state, &answer) {
        Ok(made) if made.method == Method::Passkey => {
            Ok(Some(StaffPasskey { lookup: made.lookup, staff: staff.id, public: made.public, created_at: visit.now }))
        }
        Ok(_) => Ok(None),
        Err(refusal) => {
            tracing::info!(?refusal, "staff passkey not made");
            Ok(None)
        }
    }
}

fn ready(app: &App, visit: &Visit, secret: &str, staff: &Staff, failed: bool) -> HttpResponse {
    let state = InviteState::Ready {
        csrf: visit.csrf(app),
        begin: format!("/manager/invite/{secret}/passkey"),
        staff: staff.name.clone(),
        rank: Rank::of(staff.role),
        failed,
    };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(status, &Invite { shell: visit.shell(app), state })
}

fn gone(app: &App, visit: &Visit) -> HttpResponse {
    show(StatusCode::NOT_FOUND, &Invite { shell: visit.shell(app), state: InviteState::Gone })
}
