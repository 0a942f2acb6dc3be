//! `GET /manager/clients/{client_id}/errors`. It renews itself while it is open and holds nothing about a person, so looking at
//! it is no act for the audit log.

use super::clients::party_here;
use super::lines;
use crate::duty::enter;
use crate::page::{ClientErrors, ErrorLine, Room};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_store::client_errors::{MOST, newest};
use pass_web::app::App;
use pass_web::problem::Broken;

/// The newest first.
pub async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let party = party_here(on_duty, &client_id)?;
        let id = party.client.id;
        let errors = app.store.read(move |tx| newest(tx, id, MOST)).await?;
        let page = ClientErrors {
            shell: on_duty.visit.shell(&app),
            desk: on_duty.desk(Room::Clients),
            client: lines::client(on_duty.visit, &party.client),
            errors: errors.iter().map(ErrorLine::of).collect(),
        };
        Ok(on_duty.show(StatusCode::OK, &page))
    })
    .await
}
