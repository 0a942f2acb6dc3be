//! `/me/facilities/{client_id}/withdraw`: stop handing over. It bites at the next call of the facility: every live consent
//! to the client is closed and every grant revoked in one transaction, and userinfo asks both at each call. A client that
//! registered for it is told at once.

use super::facilities::of_client;
use super::sharing::Sharing;
use super::{Entry, enter, event, reception};
use crate::app::App;
use crate::flow::{self, see_other};
use crate::kit::show;
use crate::notices::Notices;
use crate::page::MeWithdraw;
use crate::people::Resident;
use crate::problem::{Broken, Shown};
use crate::step::finish;
use crate::step::form::Form;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Fault;
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::interaction::OwnErrand;

/// The question.
pub(super) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    client: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let resident = match enter(&app, &visit, OwnErrand::Protected, request.path()).await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        let sharing = of_client(&app, &resident, &client).await?;
        if sharing.ended.is_some() {
            return Ok(see_other(&sharing.path()));
        }
        Ok(draw(&app, &visit, &sharing, false))
    }
    .await;
    finish(&app, &visit, shown)
}

/// The answer.
pub(super) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    client: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &visit, &client, &body).await;
    finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &Visit, client: &str, body: &str) -> Shown {
    let form = Form::parse(body)?;
    flow::checked(app, request, visit, form.get("csrf"))?;
    let resident = match enter(app, visit, OwnErrand::Protected, request.path()).await? {
        Entry::In(resident) => resident,
        Entry::Elsewhere(first) => return Ok(first),
    };
    let sharing = of_client(app, &resident, client).await?;
    if form.text("decision") != "stop" {
        return Ok(see_other(&sharing.path()));
    }
    withdraw(app, visit, &resident, &sharing).await?;
    Ok(draw(app, visit, &sharing, true))
}

async fn withdraw(app: &App, visit: &Visit, resident: &Resident, sharing: &Sharing) -> Result<(), Fault> {
    let (person, account, now) = (resident.person(), resident.account.id, visit.now);
    let client = sharing.party.client.id;
    let audit = AuditEvent {
        facility: Some(sharing.party.facility.id),
        client: Some(client),
        ..event(app, visit, resident, Act::ConsentWithdraw, String::new())
    };
    let facility = sharing.party.facility.id;
    let off =
        AuditEvent { facility: Some(facility), ..event(app, visit, resident, Act::FaceReceptionOff, String::new()) };
    let notices = Notices::at(app, now);
    app.store
        .write(move |tx| {
            // Reception turned on at this moment waits, and finds nothing shared.
            pass_store::persons::hold(tx, person)?;
            // A person has one live consent for each session or ticked box: all of them end.
            let mut ended = pass_store::grants::find_all_live_of(tx, account)?;
            ended.retain(|grant| grant.client == client);
            for consent in pass_store::consents::find_all_of(tx, person)?.iter().filter(|one| one.client == client) {
                ended.extend(pass_store::grants::find_all_live_on(tx, consent.id)?);
                pass_store::grants::revoke_by_consent(tx, consent.id, now)?;
            }
            pass_store::grants::revoke_by_account(tx, account, client, now)?;
            // Pressed twice, written once.
            match pass_store::consents::withdraw_all(tx, person, client, now)? {
                0 => Ok(()),
                _ => {
                    notices.withdrawn(tx, client, person, &ended)?;
                    // Reception by face stands on sharing something with the facility.
                    for gone in reception::end(tx, (account, person), facility, now)? {
                        // An id for each, made of the one that was drawn.
                        let mut id = off.id;
                        id.0[6..].iter_mut().zip(&gone.0[6..]).for_each(|(byte, of)| *byte ^= of);
                        pass_store::audit::insert(tx, &AuditEvent { id, person: Some(gone), ..off.clone() })?;
                    }
                    pass_store::audit::insert(tx, &audit)
                }
            }
        })
        .await?;
    app.outbox.notify_one();
    Ok(())
}

fn draw(app: &App, visit: &Visit, sharing: &Sharing, done: bool) -> HttpResponse {
    let page = MeWithdraw { shell: visit.shell(app), csrf: visit.csrf(app), facility: sharing.name(visit), done };
    show(StatusCode::OK, &page)
}
