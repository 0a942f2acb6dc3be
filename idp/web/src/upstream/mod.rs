//! The national service (デジタル認証アプリ): the way of proofing, and then of signing in, for people who have only a phone.
//!
//! The browser leaves from `start` and comes back to `callback`, once, in ten minutes, the same browser. The decisions are in
//! `pass_core::upstream`; what came waits sealed until the person says keep or not (`keep`).

pub mod callback;
pub mod keep;
pub mod start;

use crate::app::App;
use crate::flow::Stage;
use crate::kit::{Way, WayKind, show};
use crate::page::AppRefused;
use crate::page::app_refused::ways;
use crate::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use pass_core::Time;
use pass_core::upstream::{Known, Refusal, Registration, discover, reload_keys};
use std::sync::Arc;
use std::time::Duration;

/// Where the service sends browsers back to.
pub const CALLBACK: &str = "/federation/aas/callback";

/// What it publishes is taken for good for so long.
const FRESH: Duration = Duration::from_secs(3600);

/// While it cannot be asked, what it published last serves for so long.
const STALE: Duration = Duration::from_secs(24 * 3600);
/// Nobody waits for a service again that did not answer a moment ago.
const SILENT: Duration = Duration::from_secs(10);

/// The service, and how the city is registered there.
pub struct Upstream {
    registration: Registration,
    memory: tokio::sync::Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    known: Option<(Arc<Known>, Time)>,
    failed: Option<(Refusal, Time)>,
}

impl Memory {
    fn known(&self, now: Time, age: Duration) -> Option<Arc<Known>> {
        self.known.as_ref().filter(|(_, at)| now.since(*at) < age).map(|(known, _)| known.clone())
    }
}

impl Upstream {
    /// Asked only when somebody goes there.
    pub fn new(registration: Registration) -> Self {
        Self { registration, memory: tokio::sync::Mutex::default() }
    }

    /// How the city is registered there.
    pub const fn registration(&self) -> &Registration {
        &self.registration
    }

    /// Its endpoints and keys, fetched now if that was long ago.
    async fn known(&self, app: &App, now: Time) -> Result<Arc<Known>, Refusal> {
        let mut memory = self.memory.lock().await;
        if let Some(known) = memory.known(now, FRESH) {
            return Ok(known);
        }
        if let Some((refusal, _)) = memory.failed.filter(|(_, at)| now.since(*at) < SILENT) {
            return memory.known(now, STALE).ok_or(refusal);
        }
        match discover(&*app.outgoing, &self.registration).await {
            Ok(known) => {
                let known = Arc::new(known);
                *memory = Memory { known: Some((known.clone(), now)), failed: None };
                Ok(known)
            }
            Err(refusal) => {
                tracing::warn!(code = refusal.code(), "the national service cannot be asked what it publishes");
                memory.failed = Some((refusal, now));
                memory.known(now, STALE).ok_or(refusal)
            }
        }
    }

    /// The same with its newest keys.
    async fn reloaded(&self, app: &App, known: &Known, now: Time) -> Result<Arc<Known>, Refusal> {
        let known = Arc::new(reload_keys(&*app.outgoing, known).await?);
        *self.memory.lock().await = Memory { known: Some((known.clone(), now)), failed: None };
        Ok(known)
    }
}

/// The way there, where there is one.
pub fn way(app: &App, stage: &Stage) -> Option<Way> {
    app.upstream.as_ref().map(|_| Way::new(WayKind::App, start::address(&stage.handle)))
}

/// The page of a visit that came to nothing, for the browser that made it.
pub fn refused(app: &App, visit: &Visit, stage: &Stage, refusal: Refusal) -> HttpResponse {
    let others = stage.path(if stage.resident.is_some() { "proof" } else { "login" });
    page(app, visit, refusal, (stage.asker(visit), ways(refusal, &start::address(&stage.handle), &others)))
}

/// For somebody in another browser, or with an address that leads nowhere: nothing of anybody's interaction.
fn turned_away(app: &App, visit: &Visit, refusal: Refusal) -> HttpResponse {
    page(app, visit, refusal, (None, vec![Way::new(WayKind::Home, "/me")]))
}

fn page(
    app: &App,
    visit: &Visit,
    refusal: Refusal,
    (asker, ways): (Option<crate::kit::Asker>, Vec<Way>),
) -> HttpResponse {
    let reference = crate::problem::reference(app);
    tracing::info!(code = refusal.code(), reference, "the national service confirmed nobody");
    // The address in the bar is used up: no link of this page leads there.
    let shell = crate::kit::Shell { here: String::new(), ..visit.shell(app) };
    show(StatusCode::UNPROCESSABLE_ENTITY, &AppRefused { shell, asker, refusal, reference, ways })
}
