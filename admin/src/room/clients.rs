//! `GET /manager/clients`, `GET` and `POST /manager/clients/{client_id}`.

use super::lines;
use crate::duty::{Halt, OnDuty, enter, see_other};
use crate::page::{ClientPage, Clients, FlagLine, Flags, JwkLine, KeySource, KeysView, Refusal, Room, minimums};
use crate::preview;
use crate::registered::registered;
use crate::snippet::{self, Connection};
use crate::{switches, words};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::client::{Client, ClientAuthMethod, GrantType};
use pass_core::fault::Outcome;
use pass_store::changes::{self, Topic};
use pass_web::app::App;
use pass_web::directory::Party;
use pass_web::kit::date::Day;
use pass_web::problem::Broken;
use std::sync::Arc;

/// The list.
pub async fn list(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        on_duty.record(Act::ManagerRead, None, "clients".into()).await?;
        let page = Clients {
            shell: on_duty.visit.shell(&app),
            desk: on_duty.desk(Room::Clients),
            slug: on_duty.facility.slug.clone(),
            clients: lines::clients(&app, on_duty.visit, &on_duty.facility),
        };
        Ok(on_duty.show(StatusCode::OK, &page))
    })
    .await
}

/// One client.
pub async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let party = party_here(on_duty, &client_id)?;
        on_duty.record(Act::ClientRead, Some(party.client.id), String::new()).await?;
        let state = if request.query_string() == "saved" { Flags::Saved } else { Flags::Present };
        Ok(on_duty.show(StatusCode::OK, &page(on_duty, &party.client, &party, state)))
    })
    .await
}

/// Changes the switches.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let party = party_here(on_duty, &client_id)?;
        let (on, minimum) = (form.all("on"), form.text("minimum_acr").to_owned());
        match save(on_duty, &party, form.text("mark").to_owned(), on, minimum).await? {
            Saved::Yes => {
                app.reload().await?;
                Ok(see_other(&format!("/manager/clients/{}?saved", party.client.client_id)))
            }
            Saved::Stale(present) => {
                Ok(on_duty.show(StatusCode::CONFLICT, &page(on_duty, &present, &party, Flags::Stale)))
            }
            Saved::Gone => Err(Halt::Refused(Refusal::NotHere)),
        }
    })
    .await
}

enum Saved {
    Yes,
    /// They were changed meanwhile.
    Stale(Box<Client>),
    Gone,
}

async fn save(on_duty: &OnDuty<'_>, party: &Party, asked: String, on: Vec<String>, minimum: String) -> Outcome<Saved> {
    let (id, demo) = (party.client.id, on_duty.app.settings.demo);
    let event = on_duty.event(Act::ClientChange, Some(id), String::new());
    on_duty
        .app
        .store
        .write(move |tx| {
            let Some(present) = pass_store::clients::find(tx, id)? else { return Ok(Saved::Gone) };
            if switches::mark(&present) != asked {
                return Ok(Saved::Stale(Box::new(present)));
            }
            let next = switches::changed(&present, demo, &on, &minimum);
            if next == present {
                return Ok(Saved::Yes);
            }
            let event = AuditEvent { detail: switches::summary(&present, &next), ..event.clone() };
            pass_store::clients::replace_metadata(tx, id, &next.metadata, &next.flags)?;
            changes::bump(tx, Topic::Clients)?;
            pass_store::audit::insert(tx, &event)?;
            Ok(Saved::Yes)
        })
        .await
}

/// The client, if it is this facility's. Another facility's is "not here", like one that never was.
pub(super) fn party_here(on_duty: &OnDuty<'_>, client_id: &str) -> Result<Arc<Party>, Halt> {
    let directory = on_duty.app.directory();
    let party = directory.party(client_id).filter(|party| party.facility.id == on_duty.facility.id);
    party.cloned().ok_or(Halt::Refused(Refusal::NotHere))
}

/// Whether the client has a secret that can be replaced.
pub(super) fn has_secret(party: &Party) -> bool {
    matches!(
        party.client.metadata.token_endpoint_auth_method,
        ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost
    )
}

fn page(on_duty: &OnDuty<'_>, client: &Client, party: &Party, state: Flags) -> ClientPage {
    let (app, visit) = (on_duty.app, on_duty.visit);
    let metadata = &client.metadata;
    let grants: Vec<&str> = metadata.grant_types.iter().map(|grant: &GrantType| grant.as_str()).collect();
    let connection = Connection::of(&app.settings.issuer, client, &party.facility.municipality, None);
    ClientPage {
        shell: visit.shell(app),
        desk: on_duty.desk(Room::Clients),
        client: lines::client(visit, client),
        issuer: app.settings.issuer.clone(),
        redirect_uris: metadata.redirect_uris.clone(),
        logout_uris: metadata.post_logout_redirect_uris.clone(),
        grants: grants.join(", "),
        alg: metadata.id_token_signed_response_alg.as_str(),
        since: Day::of(client.created_at.0).words(visit.lang),
        has_secret: has_secret(party),
        flags: FlagLine::all(client, app.settings.demo),
        minimums: minimums(client),
        mark: switches::mark(client),
        state,
        fixed: registered(client),
        backchannel: metadata.backchannel_logout_uri.clone(),
        keys: keys(app, client),
        issuer_keys: serde_json::from_slice(&app.directory().keys.jwks().bytes)
            .map_or_else(|_| Vec::new(), |set| JwkLine::all(&set)),
        id_token: preview::id_token(&app.settings.issuer, client, visit.now),
        snippets: snippet::all(&connection),
        userinfo: preview::userinfo(&party.ceiling, &party.facility, &metadata.scope, visit.now),
    }
}

/// As this node would use them now; nothing is fetched for this page.
fn keys(app: &App, client: &Client) -> KeysView {
    let none = KeysView { source: KeySource::None, keys: Vec::new(), at: None, fault: None };
    match (&client.metadata.jwks, &client.metadata.jwks_uri) {
        (Some(set), _) => KeysView { source: KeySource::Value, keys: JwkLine::all(set), ..none },
        (None, Some(uri)) => {
            let source = KeySource::Uri(uri.clone());
            let Some(seen) = app.client_keys.seen(client) else { return KeysView { source, ..none } };
            KeysView {
                source,
                keys: seen.keys.as_deref().map(JwkLine::all).unwrap_or_default(),
                at: Some(words::stamp(seen.at)),
                fault: seen.fault,
            }
        }
        (None, None) => none,
    }
}
