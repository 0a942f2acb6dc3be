//! `/me/passkeys`: ways to sign in, and the devices that are signed in.

use super::row::{handle, is};
use super::{Entry, enter, event};
use crate::app::App;
use crate::card::binding::letter;
use crate::flow;
use crate::kit::{date, show};
use crate::mail::CardNews;
use crate::notices::Notices;
use crate::page::MePasskeys;
use crate::page::happening::by_method;
use crate::page::me_passkeys::{CardLine, DeviceLine, PasskeyLine, PasskeysDone};
use crate::people::{Resident, masked};
use crate::problem::{Broken, PageError, Shown};
use crate::step::finish;
use crate::step::form::Form;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::session::{Act as Wish, may};
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::domain::audit::Act;
use pass_core::domain::interaction::OwnErrand;
use pass_core::domain::session::Session;
use pass_core::{Fault, Time};

const HERE: &str = "/me/passkeys";

/// The list.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        match enter(&app, &visit, OwnErrand::Home, HERE).await? {
            Entry::In(resident) => draw(&app, &visit, &resident, None, None).await,
            Entry::Elsewhere(first) => Ok(first),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// Removes a passkey, or signs a device out.
pub(super) async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        match (form.text("do"), enter(&app, &visit, OwnErrand::Protected, HERE).await?) {
            (_, Entry::Elsewhere(first)) => Ok(first),
            ("remove", Entry::In(resident)) => remove(&app, &visit, &resident, &form).await,
            ("remove-card", Entry::In(resident)) => remove_card(&app, &visit, &resident, form.text("id")).await,
            ("sign-out", Entry::In(resident)) => sign_out(&app, &visit, &resident, form.text("id")).await,
            _ => Err(PageError::form().into()),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

async fn remove(app: &App, visit: &Visit, resident: &Resident, form: &Form) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    if may(Wish::RemovePasskey, session, resident.protected_since(), visit.now).is_err() {
        return Ok(flow::see_other("/me/stronger"));
    }
    let wanted = |one: &&Credential| one.kind == CredentialKind::Passkey && is(app, &one.id.0, form.text("id"));
    let Some(credential) = resident.credentials.iter().find(wanted) else {
        return draw(app, visit, resident, None, None).await;
    };
    // Without one, nothing the card proved could be opened again: not without saying so.
    if resident.proven().is_some() && strong(resident) == 1 && form.text("sure") != "1" {
        return draw(app, visit, resident, None, Some(handle(app, &credential.id.0))).await;
    }
    let (account, id) = (resident.account.id, credential.id);
    let audit = event(app, visit, resident, Act::PasskeyRemove, String::new());
    app.store
        .write(move |tx| match pass_store::credentials::remove(tx, account, id)? {
            true => pass_store::audit::insert(tx, &audit),
            false => Ok(()),
        })
        .await?;
    let resident = crate::people::load(app, account, None).await?;
    draw(app, visit, &resident, Some(PasskeysDone::Removed), None).await
}

/// The card that proofed somebody can always bring its holder back with the signature password: nothing is lost here.
async fn remove_card(app: &App, visit: &Visit, resident: &Resident, posted: &str) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    if may(Wish::RemovePasskey, session, resident.protected_since(), visit.now).is_err() {
        return Ok(flow::see_other("/me/stronger"));
    }
    let wanted = |one: &&Credential| one.kind == CredentialKind::Card && is(app, &one.id.0, posted);
    let Some(card) = resident.credentials.iter().find(wanted) else {
        return draw(app, visit, resident, None, None).await;
    };
    let (account, id) = (resident.account.id, card.id);
    let audit = event(app, visit, resident, Act::CardRemove, String::new());
    let letter = letter(app, visit, resident, CardNews::Removed)?;
    app.store
        .write(move |tx| {
            if !pass_store::credentials::remove(tx, account, id)? {
                return Ok(());
            }
            pass_store::audit::insert(tx, &audit)?;
            letter.iter().try_for_each(|letter| pass_store::outbox::insert(tx, letter))
        })
        .await?;
    app.outbox.notify_one();
    let resident = crate::people::load(app, account, None).await?;
    draw(app, visit, &resident, Some(PasskeysDone::CardRemoved), None).await
}

async fn sign_out(app: &App, visit: &Visit, resident: &Resident, posted: &str) -> Shown {
    let devices = sessions(app, visit, resident).await?;
    let Some(device) = devices.iter().find(|one| is(app, &one.id.0, posted)) else {
        return draw(app, visit, resident, None, None).await;
    };
    let (id, notices) = (device.id, Notices::at(app, visit.now));
    let audit = event(app, visit, resident, Act::SignOut, "another device".into());
    app.store
        .write(move |tx| match notices.end_session(tx, id)? {
            true => pass_store::audit::insert(tx, &audit),
            false => Ok(()),
        })
        .await?;
    app.outbox.notify_one();
    draw(app, visit, resident, Some(PasskeysDone::SignedOut), None).await
}

/// The page; `last` is the passkey whose removal is being asked about.
pub(super) async fn draw(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    done: Option<PasskeysDone>,
    last: Option<String>,
) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    let may_read = may(Wish::ReadSealed, session, resident.protected_since(), visit.now).is_ok();
    let mail = resident.mail()?.unwrap_or_default();
    let keys = resident.credentials.iter().filter(|one| one.kind == CredentialKind::Passkey);
    let page = MePasskeys {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        passkeys: keys.enumerate().map(|(at, one)| passkey(app, visit, at, one)).collect(),
        add: "/me/passkeys/add".into(),
        card: resident.credentials.iter().find(|one| one.kind == CredentialKind::Card).map(|one| card(app, visit, one)),
        devices: sessions(app, visit, resident).await?.iter().map(|one| device(app, visit, one)).collect(),
        email: if may_read || mail.is_empty() { mail } else { masked(&mail) },
        recovered: super::recovered(visit),
        done,
        last,
    };
    Ok(show(StatusCode::OK, &page))
}

fn passkey(app: &App, visit: &Visit, at: usize, credential: &Credential) -> PasskeyLine {
    let unnamed = || visit.lang.t_args("passkeys-unnamed", &[("n", (at + 1).into())]).text().to_string();
    PasskeyLine {
        id: handle(app, &credential.id.0),
        name: if credential.label.is_empty() { unnamed() } else { credential.label.clone() },
        made: moment(visit, credential.created_at),
        used: credential.last_used_at_lazy.map(|used| moment(visit, used)),
    }
}

fn card(app: &App, visit: &Visit, credential: &Credential) -> CardLine {
    let until = crate::card::binding::ends_at(credential);
    CardLine {
        id: handle(app, &credential.id.0),
        until: until.map(|until| date::Day::of(until.0).words(visit.lang).text().to_string()).unwrap_or_default(),
        used: credential.last_used_at_lazy.map(|used| moment(visit, used)),
    }
}

/// PASS keeps no name of a browser: a session is told by how it was opened.
fn device(app: &App, visit: &Visit, session: &Session) -> DeviceLine {
    let opened = session.events.first().map(|event| visit.lang.t(by_method(event.method)));
    DeviceLine {
        id: handle(app, &session.id.0),
        name: opened.map(|words| words.plain()).unwrap_or_default(),
        since: moment(visit, session.created_at),
        here: visit.session.as_ref().is_some_and(|here| here.id == session.id),
    }
}

async fn sessions(app: &App, visit: &Visit, resident: &Resident) -> Result<Vec<Session>, Fault> {
    let (account, now) = (resident.account.id, visit.now);
    app.store.read_now(move |tx| pass_store::sessions::find_all_live_of(tx, account, now)).await
}

/// Passkeys and what is as good as one.
fn strong(resident: &Resident) -> usize {
    let kinds = [CredentialKind::Passkey, CredentialKind::Card, CredentialKind::Test];
    resident.credentials.iter().filter(|one| kinds.contains(&one.kind)).count()
}

fn moment(visit: &Visit, at: Time) -> String {
    date::moment(visit.lang, at.0).text().to_string()
}
