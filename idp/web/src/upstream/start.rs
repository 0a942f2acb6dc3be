//! `/federation/aas/start?interaction=`: what will be told and what not, and the button that leaves.

use crate::app::App;
use crate::flow::{self, Stage};
use crate::kit::{Way, WayKind, html};
use crate::limits::{Attempt, address as network};
use crate::page::{AppStart, Page};
use crate::problem::{Broken, PageError, Shown};
use crate::step::finish;
use crate::step::form::Form;
use crate::step::login::{too_many, wants_sign_in};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::upstream_visit::{Purpose, UpstreamVisit};
use pass_core::secret::Hash;
use pass_core::upstream::{Secrets, authorization_url};
use std::time::Duration;

const HERE: &str = "/federation/aas/start";

/// Long enough to look for one's card.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// The context of a sealed way back.
pub(super) const HANDLE: &[u8] = b"upstream_visits.sealed_handle";

/// The address of the page for an interaction.
pub fn address(handle: &str) -> String {
    format!("{HERE}?interaction={handle}")
}

/// The interaction that an address of this page names.
pub fn handle(request: &HttpRequest) -> Option<String> {
    let named = || url::form_urlencoded::parse(request.query_string().as_bytes());
    let found = (request.path() == HERE).then(|| named().find(|(name, _)| name == "interaction")).flatten();
    found.map(|(_, handle)| handle.into_owned())
}

/// The page.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = staged(&app, &visit, &request).await?;
        match purpose(&stage) {
            Some(purpose) => draw(&app, &visit, &stage, purpose),
            None => flow::go_on(&app, &visit, stage).await,
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// Leaves.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        if !app.limits.allow(Attempt::SignIn, network(&app, &request)) {
            return Err(too_many());
        }
        let stage = staged(&app, &visit, &request).await?;
        match purpose(&stage) {
            Some(purpose) => leave(&app, &visit, &stage, purpose).await,
            None => flow::go_on(&app, &visit, stage).await,
        }
    }
    .await;
    finish(&app, &visit, shown)
}

async fn staged(app: &App, visit: &Visit, request: &HttpRequest) -> Result<Stage, crate::problem::Stop> {
    if app.upstream.is_none() {
        return Err(PageError::not_found().into());
    }
    let handle = handle(request).ok_or_else(PageError::expired)?;
    flow::stage(app, visit, &handle).await
}

/// What the interaction waits for.
pub(super) fn purpose(stage: &Stage) -> Option<Purpose> {
    if stage.is_at("proof") { Some(Purpose::Proofing) } else { wants_sign_in(stage).then_some(Purpose::SignIn) }
}

fn draw(app: &App, visit: &Visit, stage: &Stage, purpose: Purpose) -> Shown {
    let upstream = app.upstream.as_ref().ok_or_else(PageError::not_found)?;
    let others = stage.path(if purpose == Purpose::Proofing { "proof" } else { "login" });
    let page = AppStart {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        service: upstream.registration().issuer.clone(),
        sign_in: purpose == Purpose::SignIn,
        sign_up: stage.interaction.progress.sign_up,
        ways: vec![Way::new(WayKind::Others, others)],
    };
    let headers = stage.headers(app, page.headers());
    Ok(html(StatusCode::OK, page.html(), headers))
}

async fn leave(app: &App, visit: &Visit, stage: &Stage, purpose: Purpose) -> Shown {
    let upstream = app.upstream.as_ref().ok_or_else(PageError::not_found)?;
    let known = match upstream.known(app, visit.now).await {
        Ok(known) => known,
        Err(refusal) => return Ok(super::refused(app, visit, stage, refusal)),
    };
    let state = app.token();
    let secrets = Secrets::of(&state, &app.keys.upstream);
    let row = UpstreamVisit {
        hash: Hash::of(&state),
        browser: visit.browser_hash(),
        interaction: stage.interaction.hash,
        sealed_handle: app.keys.upstream.seal(HANDLE, stage.handle.as_bytes(), &*app.entropy),
        account: match purpose {
            Purpose::Proofing => Some(stage.resident()?.account.id),
            Purpose::SignIn => None,
        },
        purpose,
        expires_at: visit.now + LIFE,
        used_at: None,
        sealed_told: None,
    };
    let there = authorization_url(&known, upstream.registration(), purpose, &state, &secrets)?;
    app.store.write(move |tx| pass_store::upstream_visits::insert(tx, &row)).await?;
    Ok(flow::see_other(&there))
}
