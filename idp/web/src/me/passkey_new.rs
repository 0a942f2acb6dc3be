//! `/me/passkeys/add`: one more passkey. On a proofed account only a passkey or card may add one.

use super::{Entry, enter, event, passkeys};
use crate::app::App;
use crate::flow::{self, see_other};
use crate::kit::html;
use crate::page::me_passkeys::PasskeysDone;
use crate::page::{MakePasskey, Page};
use crate::people;
use crate::problem::{Broken, PageError, Shown, Stop};
use crate::step::form::Form;
use crate::step::session::{Renewal, lost};
use crate::step::{finish, passkey};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::session::{Act as Wish, may};
use pass_core::domain::audit::Act;
use pass_core::domain::interaction::OwnErrand;
use pass_core::domain::session::AuthenticationEvent;
use pass_core::id::EventId;

const HERE: &str = "/me/passkeys/add";

/// The page.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        Ok(match entitled(&app, &visit).await? {
            Entry::In(_) => draw(&app, &visit, false),
            Entry::Elsewhere(first) => first,
        })
    }
    .await;
    finish(&app, &visit, shown)
}

/// `POST /me/passkeys/options`: what `navigator.credentials.create` is called with.
pub(super) async fn options(app: web::Data<App>, request: HttpRequest, body: String) -> HttpResponse {
    let options = async {
        let visit = Visit::of(&app, &request, None).await?;
        flow::checked(&app, &request, &visit, Form::parse(&body)?.get("csrf"))?;
        match entitled(&app, &visit).await? {
            Entry::In(resident) => Ok(passkey::begin(&app, visit.now, &resident).await?),
            Entry::Elsewhere(_) => Err(passkey::not_signed_in()),
        }
    }
    .await;
    passkey::json(options)
}

/// Made, or later.
pub(super) async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let mut visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &mut visit, &body).await;
    finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &mut Visit, body: &str) -> Shown {
    let form = Form::parse(body)?;
    flow::checked(app, request, visit, form.get("csrf"))?;
    if form.text("do") == "later" {
        return Ok(see_other("/me/passkeys"));
    }
    let resident = match entitled(app, visit).await? {
        Entry::In(resident) => resident,
        Entry::Elsewhere(first) => return Ok(first),
    };
    let account = resident.account.id;
    let Some((credential, method)) = passkey::finish(app, visit.now, account, form.text("credential")).await? else {
        return Ok(draw(app, visit, true));
    };
    let audit = event(app, visit, &resident, Act::PasskeyAdd, String::new());
    let renewal = Renewal::of(app, visit)?;
    let session = visit.session.as_mut().ok_or_else(PageError::expired)?;
    // Making a passkey shows it: the session is as strong as one opened with it.
    let shown =
        AuthenticationEvent { id: EventId::new(visit.now, &*app.entropy), session: session.id, method, at: visit.now };
    session.events.push(shown.clone());
    let now = visit.now;
    let written = app
        .store
        .write(move |tx| {
            if !renewal.write(tx, now)? {
                return Ok(false);
            }
            pass_store::credentials::insert(tx, &credential)?;
            pass_store::sessions::add_event(tx, &shown)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(true)
        })
        .await?;
    if !written {
        return Err(lost(visit));
    }
    let resident = people::load(app, account, None).await?;
    passkeys::draw(app, visit, &resident, Some(PasskeysDone::Added), None).await
}

/// Who may add a passkey now.
async fn entitled(app: &App, visit: &Visit) -> Result<Entry, Stop> {
    let entry = enter(app, visit, OwnErrand::Protected, HERE).await?;
    let (Entry::In(resident), Some(session)) = (&entry, &visit.session) else { return Ok(entry) };
    let allowed = may(Wish::AddPasskey, session, resident.protected_since(), visit.now).is_ok();
    Ok(if allowed { entry } else { Entry::Elsewhere(see_other("/me/stronger")) })
}

fn draw(app: &App, visit: &Visit, failed: bool) -> HttpResponse {
    let page = MakePasskey {
        for_card: false,
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: None,
        begin: "/me/passkeys/options".into(),
        sign_up: false,
        failed,
        later: true,
    };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(status, page.html(), page.headers())
}
