//! `GET /manager/clients` and `GET /manager/clients/{client_id}`.

use super::lines;
use crate::duty::{Halt, OnDuty, enter};
use crate::page::{ClientPage, Clients, FlagLine, Refusal, Room};
use crate::preview;
use crate::snippet::{self, Connection};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::Act;
use pass_core::domain::client::{ClientAuthMethod, GrantType};
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
        Ok(on_duty.show(StatusCode::OK, &page(on_duty, &party)))
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

fn page(on_duty: &OnDuty<'_>, party: &Party) -> ClientPage {
    let (app, visit) = (on_duty.app, on_duty.visit);
    let (client, metadata) = (&party.client, &party.client.metadata);
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
        flags: FlagLine::all(&client.flags),
        snippets: snippet::all(&connection),
        userinfo: preview::userinfo(&party.ceiling, &party.facility, &metadata.scope, visit.now),
    }
}
