//! `GET` and `POST /manager/clients/{client_id}/secret`: replace a client's secret.
//!
//! The form carries a mark of the secret it would replace: a reload of the answer, or a second window, replaces nothing.

use super::clients::{has_secret, party_here};
use super::lines;
use crate::duty::{Answered, Halt, OnDuty, enter};
use crate::page::{Refusal, Room, SecretPage, SecretState};
use crate::snippet::{self, Connection};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::Act;
use pass_core::domain::client::Client;
use pass_core::fault::Outcome;
use pass_core::secret::{Hash, base64url};
use pass_store::changes::{self, Topic};
use pass_web::app::App;
use pass_web::directory::Party;
use pass_web::problem::Broken;

/// Asks.
pub async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let party = with_secret(on_duty, &client_id)?;
        Ok(ask(on_duty, &party.client, false))
    })
    .await
}

/// Replaces, and shows the new secret this once.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let party = with_secret(on_duty, &client_id)?;
        let secret = app.token();
        match replace(on_duty, &party.client, form.text("mark").to_owned(), Hash::of(&secret)).await? {
            Replaced::Yes => {
                app.reload().await?;
                shown(on_duty, &party, secret)
            }
            Replaced::Stale(client) => Ok(ask(on_duty, &client, true)),
            Replaced::Gone => Err(Halt::Refused(Refusal::NotHere)),
        }
    })
    .await
}

fn with_secret(on_duty: &OnDuty<'_>, client_id: &str) -> Result<std::sync::Arc<Party>, Halt> {
    let party = party_here(on_duty, client_id)?;
    if has_secret(&party) { Ok(party) } else { Err(Halt::Refused(Refusal::NotHere)) }
}

enum Replaced {
    Yes,
    /// It was replaced meanwhile.
    Stale(Box<Client>),
    Gone,
}

async fn replace(on_duty: &OnDuty<'_>, client: &Client, asked: String, fresh: Hash) -> Outcome<Replaced> {
    let event = on_duty.event(Act::ClientRotateSecret, Some(client.id), String::new());
    let id = client.id;
    on_duty
        .app
        .store
        .write(move |tx| {
            let Some(present) = pass_store::clients::find(tx, id)? else { return Ok(Replaced::Gone) };
            if mark(&present) != asked {
                return Ok(Replaced::Stale(Box::new(present)));
            }
            pass_store::clients::replace_secret(tx, id, fresh)?;
            changes::bump(tx, Topic::Clients)?;
            pass_store::audit::insert(tx, &event)?;
            Ok(Replaced::Yes)
        })
        .await
}

/// Names the present secret without telling anything about it: a hash of its hash.
fn mark(client: &Client) -> String {
    let present = client.secret.map_or_else(String::new, |hash| base64url(&hash.0));
    base64url(&Hash::of(&present).0[..12])
}

fn ask(on_duty: &OnDuty<'_>, client: &Client, stale: bool) -> HttpResponse {
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::OK };
    on_duty.show(status, &page(on_duty, client, SecretState::Ask { mark: mark(client), stale }))
}

fn shown(on_duty: &OnDuty<'_>, party: &Party, secret: String) -> Answered {
    let connection =
        Connection::of(&on_duty.app.settings.issuer, &party.client, &party.facility.municipality, Some(&secret));
    let snippets = snippet::all(&connection);
    Ok(on_duty.show(StatusCode::OK, &page(on_duty, &party.client, SecretState::Shown { secret, snippets })))
}

fn page(on_duty: &OnDuty<'_>, client: &Client, state: SecretState) -> SecretPage {
    SecretPage {
        shell: on_duty.visit.shell(on_duty.app),
        desk: on_duty.desk(Room::Clients),
        client: lines::client(on_duty.visit, client),
        state,
    }
}
