//! `/interaction/{id}/login` and `/step-up`: be recognised.

use super::form::Form;
use super::make_passkey::save_and_go_on;
#[cfg(feature = "demo")]
use super::session::Proof;
use super::session::sign_in;
use super::sign_up::{Sending, Wish};
use crate::app::App;
use crate::flow::{self, Stage};
use crate::kit::{Way, WayKind};
use crate::limits::{Attempt, address};
use crate::page::error_page::ErrorKind;
use crate::page::sign_in::SignInFault;
use crate::page::{Page, SignIn, StepUp};
use crate::problem::{Broken, PageError, Shown, Stop};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::acr::Acr;
use pass_core::domain::interaction::Errand;
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::oidc::interaction::Step;

/// The page.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !wants_sign_in(&stage) {
            return flow::go_on(&app, &visit, stage).await;
        }
        Ok(draw(&app, &visit, &stage, Tried::default()))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// One of its forms.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let mut visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &mut visit, &handle, &body).await;
    super::finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &mut Visit, handle: &str, body: &str) -> Shown {
    let form = Form::parse(body)?;
    flow::checked(app, request, visit, form.get("csrf"))?;
    let mut stage = flow::stage(app, visit, handle).await?;
    if wants_signature(&stage) && form.text("do") == "skip" {
        stage.interaction.progress.step_up_declined = true;
        return save_and_go_on(app, visit, stage).await;
    }
    // RFC 6749 4.1.2.1: the person said no.
    if form.text("do") == "cancel" {
        return flow::refuse(app, visit, &stage, &OAuthError::new(ErrorCode::AccessDenied)).await;
    }
    if !wants_sign_in(&stage) {
        return flow::go_on(app, visit, stage).await;
    }
    match form.text("do") {
        #[cfg(feature = "demo")]
        "test" if app.settings.demo => test(app, visit, stage, &form).await,
        "passkey" => passkey(app, request, visit, stage, &form).await,
        _ => mail(app, request, visit, &stage, &form).await,
    }
}

/// What was tried and did not fit.
#[derive(Default)]
struct Tried {
    fault: Option<SignInFault>,
    login: Option<String>,
}

/// Whether the interaction waits for somebody to sign in.
pub(crate) fn wants_sign_in(stage: &Stage) -> bool {
    stage.is_at("login") || stage.is_at("step-up")
}

async fn mail(app: &App, request: &HttpRequest, visit: &Visit, stage: &Stage, form: &Form) -> Shown {
    let wish = Wish { address: form.text("login"), sign_up: false };
    match super::sign_up::send_code(app, request, visit, stage, wish).await? {
        Sending::Sent(secret) => Ok(super::sign_up::wait_for_code(app, stage, secret, "code")),
        Sending::TooMany | Sending::TooSoon => Err(too_many()),
        Sending::NoAddress => Ok(draw(
            app,
            visit,
            stage,
            Tried { fault: Some(SignInFault::NoAddress), login: Some(form.text("login").into()) },
        )),
    }
}

async fn passkey(app: &App, request: &HttpRequest, visit: &mut Visit, stage: Stage, form: &Form) -> Shown {
    if !app.limits.allow(Attempt::SignIn, address(app, request)) {
        return Err(too_many());
    }
    match super::passkey::recognise(app, visit.now, form.text("credential")).await? {
        Some(proof) => sign_in(app, visit, stage, proof).await,
        None => Ok(draw(app, visit, &stage, Tried { fault: Some(SignInFault::Passkey), login: None })),
    }
}

#[cfg(feature = "demo")]
async fn test(app: &App, visit: &mut Visit, stage: Stage, form: &Form) -> Shown {
    match crate::demo::recognise(app, form.text("login"), form.text("secret")).await? {
        Some((account, person)) => {
            let proof = Proof { account, person, method: pass_core::domain::session::Method::Test };
            sign_in(app, visit, stage, proof).await
        }
        None => Ok(draw(
            app,
            visit,
            &stage,
            Tried { fault: Some(SignInFault::Test), login: Some(form.text("login").into()) },
        )),
    }
}

/// What only the signature of a card can give (`aal3`): none of the ways of the sign-in page does.
fn wants_signature(stage: &Stage) -> bool {
    matches!(&stage.next, flow::Next::Step(Step::StepUp { acr: Acr::Aal3 }))
}

fn draw_signature(app: &App, visit: &Visit, stage: &Stage) -> HttpResponse {
    let page = StepUp {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        ways: vec![Way::new(WayKind::CardSignature, stage.path("card"))],
        skip: flow::goes_on_without(app, visit, stage, |progress| progress.step_up_declined = true),
    };
    let headers = stage.headers(app, page.headers());
    crate::kit::html(StatusCode::OK, page.html(), headers)
}

fn draw(app: &App, visit: &Visit, stage: &Stage, tried: Tried) -> HttpResponse {
    if wants_signature(stage) {
        return draw_signature(app, visit, stage);
    }
    let status = if tried.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let hint = hint(stage);
    let login = tried.login.or(hint).unwrap_or_default();
    let alone = plain(app, stage);
    let page = SignIn {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        reauth: stage.resident.is_some(),
        fault: tried.fault,
        passkey: (!alone).then(|| stage.path("passkey-options")),
        mail: (!alone).then(|| login.clone()),
        test: test_form(app, visit, tried.fault, &login, alone),
        ways: if alone { Vec::new() } else { ways(app, visit, stage) },
        cancel: matches!(stage.interaction.errand, Errand::Authorization { .. }),
    };
    let headers = stage.headers(app, page.headers());
    crate::kit::html(status, page.html(), headers)
}

#[cfg(feature = "demo")]
fn test_form(
    app: &App,
    visit: &Visit,
    fault: Option<SignInFault>,
    login: &str,
    alone: bool,
) -> Option<crate::kit::Part> {
    app.settings.demo.then(|| {
        crate::kit::Part::of(&crate::page::TestForm {
            shell: visit.shell(app),
            csrf: visit.csrf(app),
            login: login.to_string(),
            alone,
            wrong: fault == Some(SignInFault::Test),
        })
    })
}

#[cfg(not(feature = "demo"))]
fn test_form(_: &App, _: &Visit, _: Option<SignInFault>, _: &str, _: bool) -> Option<crate::kit::Part> {
    None
}

/// Demo clients may have the test form alone (architecture 7.3).
fn plain(app: &App, stage: &Stage) -> bool {
    app.settings.demo && stage.party.as_deref().is_some_and(|party| party.client.flags.plain_login)
}

fn hint(stage: &Stage) -> Option<String> {
    match &stage.next {
        flow::Next::Step(Step::Login { hint, .. }) => hint.clone(),
        _ => None,
    }
}

fn ways(app: &App, visit: &Visit, stage: &Stage) -> Vec<Way> {
    // Somebody who is signed in gets on by the app only where a proofing bound it.
    let app_way = match &stage.resident {
        Some(resident) if !resident.facts(app, visit.now).app => None,
        _ => crate::upstream::way(app, stage),
    };
    let sign_up = stage.resident.is_none().then(|| Way::new(WayKind::SignUp, stage.path("sign-up")));
    let card = app.settings.agent_url.is_some().then(|| Way::new(WayKind::CardSignIn, stage.path("card")));
    card.into_iter().chain(app_way).chain(sign_up).collect()
}

/// Too many tries from one address.
pub fn too_many() -> Stop {
    PageError::new(StatusCode::TOO_MANY_REQUESTS, ErrorKind::TooMany, "too_many_requests").into()
}
