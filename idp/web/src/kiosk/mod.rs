//! `/kiosk/{facility}`: the reception on a device of the facility, paired once by a code.
//!
//! The device holds a key that it cannot give away and a cookie; a picture counts only with a fresh nonce of ours and a signature
//! of that key over both (`core::reception::capture`). A face here identifies and signs nobody in. The device leads nowhere else.

mod call;
mod capture;
mod mask;
mod page;
mod pair;

pub use mask::masked;

use crate::app::App;
use crate::problem::{PageError, Stop};
use crate::visit;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{ServiceConfig, get, post, resource};
use actix_web::{HttpRequest, HttpResponse};
use pass_core::domain::facility::Facility;
use pass_core::domain::reception::Terminal;
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use serde_json::Value;
use std::sync::Arc;

/// Mounts `/kiosk`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/kiosk/{facility}", get().to(page::get))
        .route("/kiosk/{facility}/pair", post().to(pair::post))
        .service(resource("/kiosk/{facility}/capture").route(get().to(capture::nonce)).route(post().to(capture::post)))
        .service(resource("/kiosk/{facility}/call").route(get().to(call::get)).route(post().to(call::post)));
}

/// The facility of an address, or the page that there is none.
fn facility(app: &App, slug: &str) -> Result<Arc<Facility>, Stop> {
    let directory = app.directory();
    let found = directory.facilities().find(|facility| facility.slug == slug).cloned();
    found.ok_or_else(|| PageError::not_found().into())
}

/// What a device is to a facility.
enum Device {
    /// Paired and in service.
    Here(Terminal),
    /// Taken out of service.
    Stopped,
    /// Unknown, or another facility's.
    Stranger,
}

async fn device(app: &App, request: &HttpRequest, facility: &Facility) -> Result<Device, Fault> {
    let Some(secret) = visit::kiosk_secret(request) else { return Ok(Device::Stranger) };
    let hash = Hash::of(&secret);
    let found = app.store.read_now(move |tx| pass_store::terminals::find_by_cookie(tx, &hash)).await?;
    Ok(match found.filter(|terminal| terminal.facility == facility.id) {
        Some(terminal) if terminal.revoked_at.is_some() => Device::Stopped,
        Some(terminal) => Device::Here(terminal),
        None => Device::Stranger,
    })
}

/// The facility of an address and its device, which is in service there.
async fn here(app: &App, request: &HttpRequest, slug: &str) -> Result<(Arc<Facility>, Terminal), Refused> {
    let facility = facility(app, slug).map_err(|_| Refused::Device)?;
    match device(app, request, &facility).await? {
        Device::Here(terminal) => Ok((facility, terminal)),
        Device::Stopped | Device::Stranger => Err(Refused::Device),
    }
}

/// It was heard of; the note travels with another commit.
fn seen(app: &App, terminal: &Terminal, now: Time) {
    let id = terminal.id;
    app.store.lazy(move |tx| pass_store::terminals::seen_lazy(tx, id, now));
}

/// An answer to the device's script; `401` makes it open its page anew.
fn say(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(body)
}

/// Why the script gets no answer.
enum Refused {
    /// The device is not in service here.
    Device,
    /// Too many.
    Limit,
    /// Not the device's own picture, or not a fresh one.
    Capture,
    /// Ours.
    Fault(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Refused {
    fn answer(&self) -> HttpResponse {
        let (status, word) = match self {
            Self::Device => (StatusCode::UNAUTHORIZED, "device"),
            Self::Limit => (StatusCode::TOO_MANY_REQUESTS, "limit"),
            Self::Capture => (StatusCode::FORBIDDEN, "capture"),
            Self::Fault(fault) => {
                tracing::error!(%fault, "fault at a kiosk");
                (StatusCode::INTERNAL_SERVER_ERROR, "fault")
            }
        };
        say(status, &serde_json::json!({ "refused": word }))
    }
}
