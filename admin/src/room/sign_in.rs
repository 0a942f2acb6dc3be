//! `/manager/sign-in`: staff are recognised by a passkey of their own (WebAuthn Level 3, 7.2).

use crate::duty::{finish, see_other};
use crate::page::{StaffFault, StaffSignIn};
use crate::session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::session::Method;
use pass_core::domain::staff::{Role, Staff};
use pass_core::fault::Outcome;
use pass_core::id::AuditId;
use pass_core::secret::Hash;
use pass_web::app::App;
use pass_web::flow::checked;
use pass_web::kit::{Part, show};
use pass_web::limits::{Attempt, address};
use pass_web::problem::{Broken, Stop};
use pass_web::step::form::Form;
use pass_web::step::login::too_many;
use pass_web::step::passkey::{json, keep, residents, taken};
use pass_web::visit::Visit;
use serde_json::Value;

/// The page.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    if session::find(&app, &request, visit.now).await?.is_some() {
        return Ok(finish(&app, &visit, see_other("/manager")));
    }
    let left = request.query_string().starts_with("left");
    Ok(finish(&app, &visit, draw(&app, &visit, None, left).await?))
}

/// `POST /manager/sign-in/passkey`: what `navigator.credentials.get` is called with.
pub async fn options(app: web::Data<App>, request: HttpRequest, body: String) -> HttpResponse {
    let options = async {
        let visit = Visit::of(&app, &request, None).await?;
        checked(&app, &request, &visit, Form::parse(&body)?.get("csrf"))?;
        if !app.limits.allow(Attempt::Ceremony, address(&app, &request)) {
            return Err(too_many());
        }
        let begun = residents(&app)?.begin_sign_in(true)?;
        keep(&app, visit.now, None, begun).await.map_err(Stop::from)
    };
    json(options.await)
}

/// Signs in.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let answer = match answer(&app, &request, &visit, &body).await {
        Ok(answer) => answer,
        Err(stop) => stop.respond(&app, &visit),
    };
    Ok(finish(&app, &visit, answer))
}

async fn answer(app: &App, request: &HttpRequest, visit: &Visit, body: &str) -> Result<HttpResponse, Stop> {
    let form = Form::parse(body)?;
    checked(app, request, visit, form.get("csrf"))?;
    if !app.limits.allow(Attempt::SignIn, address(app, request)) {
        return Ok(draw(app, visit, Some(StaffFault::TooMany), false).await?);
    }
    #[cfg(feature = "demo")]
    if app.settings.demo && form.text("do") == "demo" {
        return match super::demo::member(app, form.text("staff")).await? {
            Some(staff) => Ok(welcome(app, request, visit, &staff, "demo").await?),
            None => Ok(draw(app, visit, Some(StaffFault::Passkey), false).await?),
        };
    }
    match recognise(app, visit, form.text("credential")).await? {
        Some(staff) => Ok(welcome(app, request, visit, &staff, "passkey").await?),
        None => Ok(draw(app, visit, Some(StaffFault::Passkey), false).await?),
    }
}

/// Whose passkey answered; nothing if it is not to be believed.
async fn recognise(app: &App, visit: &Visit, credential: &str) -> Outcome<Option<Staff>> {
    let Ok(answer) = serde_json::from_str::<Value>(credential) else { return Ok(None) };
    let passkeys = residents(app)?;
    let (Some(ceremony), Ok(named)) = (taken(app, visit.now, &answer).await?, passkeys.name(&answer)) else {
        return Ok(None);
    };
    let found = app
        .store
        .read_now(move |tx| {
            let Some(passkey) = pass_store::staff_passkeys::find(tx, &named.lookup)? else { return Ok(None) };
            Ok(pass_store::staff::find(tx, passkey.staff)?.map(|staff| (staff, passkey)))
        })
        .await?;
    // WebAuthn 7.2 step 6: the user handle names the owner of the credential.
    let fits = |staff: &Staff| staff.user_handle == named.user_handle && staff.closed_at.is_none();
    let Some((staff, passkey)) = found.filter(|(staff, _)| fits(staff)) else { return Ok(None) };
    match passkeys.finish_sign_in(&ceremony.state, &answer, &passkey.public) {
        // Manager asks for a verified user: what is not `aal2` is no sign-in of staff.
        Ok(signed_in) if signed_in.method == Method::Passkey => {
            if let Some(public) = signed_in.public {
                app.store
                    .write(move |tx| pass_store::staff_passkeys::replace_public(tx, &named.lookup, &public))
                    .await?;
            }
            Ok(Some(staff))
        }
        Ok(_) => Ok(None),
        Err(refusal) => {
            tracing::info!(?refusal, "staff passkey refused");
            Ok(None)
        }
    }
}

/// A fresh session for somebody who was recognised; the one before ends.
pub(super) async fn welcome(
    app: &App,
    request: &HttpRequest,
    visit: &Visit,
    staff: &Staff,
    how: &str,
) -> Outcome<HttpResponse> {
    let (session, cookie) = session::begin(app, staff.id, visit.now);
    let event = staff_event(app, visit, staff, Act::StaffSignIn, format!("method={how}"));
    let before: Option<Hash> = session::presented(app, request);
    app.store
        .write(move |tx| {
            if let Some(before) = &before {
                pass_store::staff_sessions::end(tx, before)?;
            }
            pass_store::staff_sessions::insert(tx, &session)?;
            pass_store::audit::insert(tx, &event)
        })
        .await?;
    let mut answer = see_other("/manager");
    super::home::set(&mut answer, cookie);
    Ok(answer)
}

/// An event of a staff member who stands at the door.
pub(super) fn staff_event(app: &App, visit: &Visit, staff: &Staff, act: Act, detail: String) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Staff(staff.id),
        act,
        person: None,
        facility: match staff.role {
            Role::CityAdmin => None,
            Role::FacilityAdmin(facility) | Role::Receptionist(facility) => Some(facility),
        },
        client: None,
        detail,
    }
}

async fn draw(app: &App, visit: &Visit, fault: Option<StaffFault>, left: bool) -> Outcome<HttpResponse> {
    let status = match fault {
        None => StatusCode::OK,
        Some(StaffFault::Passkey) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(StaffFault::TooMany) => StatusCode::TOO_MANY_REQUESTS,
    };
    let demo = buttons(app, visit).await?;
    Ok(show(status, &StaffSignIn { shell: visit.shell(app), csrf: visit.csrf(app), fault, left, demo }))
}

#[cfg(feature = "demo")]
async fn buttons(app: &App, visit: &Visit) -> Outcome<Option<Part>> {
    if app.settings.demo { Ok(Some(super::demo::buttons(app, visit).await?)) } else { Ok(None) }
}

#[cfg(not(feature = "demo"))]
async fn buttons(_: &App, _: &Visit) -> Outcome<Option<Part>> {
    Ok(None)
}
