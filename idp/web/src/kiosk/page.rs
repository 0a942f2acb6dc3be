//! The one page of a device: asks for the code, receives, or says that it is out of service.

use super::{Device, device, facility, seen};
use crate::app::App;
use crate::flow::operator;
use crate::kit::show;
use crate::page::{Kiosk, KioskPair, KioskStopped};
use crate::problem::Broken;
use crate::step::finish;
use crate::visit::{Visit, language};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

pub(super) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let facility = facility(&app, &slug)?;
        let name = facility.name.get(language(visit.lang)).to_string();
        let (shell, logo) = (visit.shell(&app), facility.logo.clone());
        Ok(match device(&app, &request, &facility).await? {
            // The device that lost its key asks for a code again.
            Device::Here(_) if request.query_string() == "pair" => {
                show(StatusCode::OK, &KioskPair { shell, name, logo })
            }
            Device::Here(terminal) => {
                seen(&app, &terminal, visit.now);
                let directory = app.directory();
                let operator = operator(language(visit.lang), directory.operator(&facility)?, &facility);
                let faces = app.faces.unavailable().is_none();
                show(StatusCode::OK, &Kiosk { shell, name, logo, operator, faces })
            }
            Device::Stopped => show(StatusCode::UNAUTHORIZED, &KioskStopped { shell, name, logo }),
            Device::Stranger => show(StatusCode::OK, &KioskPair { shell, name, logo }),
        })
    }
    .await;
    finish(&app, &visit, shown)
}
