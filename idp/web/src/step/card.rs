//! `/interaction/{id}/card`: sign in with the My Number Card. Which card it is, the card says; PASS sees neither PIN nor password.

use super::form::Form;
use super::login::{too_many, wants_sign_in};
use super::session::sign_in_by_card;
use crate::app::App;
use crate::card::come_in::{CameIn, UNKNOWN, UNKNOWN_SIGNATURE, come_in};
use crate::card::settle::{Brought, is_of_another_browser};
use crate::card::ticket::{ComingIn, issue_coming_in};
use crate::flow::{self, Next, Stage};
use crate::kit::{Way, WayKind, html, show};
use crate::limits::{Attempt, address};
use crate::page::card_refused::Cure;
use crate::page::{CardRefused, CardSignIn, Page};
use crate::problem::Broken;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::acr::Acr;
use pass_core::domain::interaction::{Errand, OwnErrand};
use pass_core::domain::session::Method;
use pass_core::oidc::interaction::Step;

/// The page: the two secrets a card has, and which is which.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !wants_sign_in(&stage) {
            return flow::go_on(&app, &visit, stage).await;
        }
        Ok(draw(&app, &visit, &stage))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// To the agent: from the page, or straight from that of a refusal.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !wants_sign_in(&stage) {
            return flow::go_on(&app, &visit, stage).await;
        }
        if !app.limits.allow(Attempt::SignIn, address(&app, &request)) {
            return Err(too_many());
        }
        let Some(agent) = &app.settings.agent_url else {
            return Ok(refused(&app, &visit, &stage, "agent_not_configured"));
        };
        let coming = if form.text("do") == "signature" { ComingIn::Recovery } else { ComingIn::Login };
        Ok(flow::see_other(&issue_coming_in(&app, &visit, &stage, coming, agent).await?))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// `GET .../card/return?ticket=&completion=`: back from the agent.
pub async fn come_back(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let mut visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let query = Form::parse(request.query_string())?;
        let brought = Brought { ticket: query.text("ticket"), completion: query.text("completion") };
        // Before the interaction is looked for: whoever signed for somebody else's is told so.
        if is_of_another_browser(&app, &visit, brought.ticket).await? {
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &super::proof::turned_away(&app, &visit)));
        }
        let stage = flow::stage(&app, &visit, &handle).await?;
        match come_in(&app, &visit, &stage, brought).await? {
            CameIn::As(proof, seen) => {
                let stage = after(stage, proof.method);
                sign_in_by_card(&app, &mut visit, stage, proof, &seen).await
            }
            CameIn::Nothing => Ok(flow::see_other(&stage.path("card"))),
            CameIn::Refused(code) => Ok(refused(&app, &visit, &stage, &code)),
        }
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// Whoever had nothing but the card left comes to the ways to sign in: the lost device can be removed there, a new one added.
fn after(mut stage: Stage, method: Method) -> Stage {
    if let Errand::Own { wants: OwnErrand::Home, back } = &mut stage.interaction.errand
        && method == Method::CardSignature
    {
        *back = "/me/passkeys".into();
    }
    stage
}

fn draw(app: &App, visit: &Visit, stage: &Stage) -> HttpResponse {
    let signature_only = matches!(&stage.next, Next::Step(Step::StepUp { acr: Acr::Aal3 }));
    let page = CardSignIn {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        agent: app.settings.agent_url.is_some(),
        signature_only,
        ways: vec![Way::new(WayKind::Others, sign_in_page(stage))],
    };
    let headers = stage.headers(app, page.headers());
    html(StatusCode::OK, page.html(), headers)
}

/// Where the other ways to sign in are.
fn sign_in_page(stage: &Stage) -> String {
    stage.path(if stage.is_at("step-up") { "step-up" } else { "login" })
}

fn refused(app: &App, visit: &Visit, stage: &Stage, code: &str) -> HttpResponse {
    // The same card again helps only where it may be accepted the next time; the four digits of one that nobody knows were
    // perhaps never bound, and then its signature password still brings the holder in.
    let mut ways = vec![match Cure::of(code) {
        Cure::Again if code == UNKNOWN || code == UNKNOWN_SIGNATURE => Way::new(WayKind::Others, sign_in_page(stage)),
        Cure::Again => Way::new(WayKind::Again, stage.path("card")),
        _ => Way::new(WayKind::Others, sign_in_page(stage)),
    }];
    if (code == UNKNOWN || code == UNKNOWN_SIGNATURE) && stage.resident.is_none() {
        ways.push(Way::new(WayKind::SignUp, stage.path("sign-up")));
    }
    let page = CardRefused {
        shell: visit.shell(app),
        asker: stage.asker(visit),
        code: code.to_string(),
        reference: crate::problem::reference(app),
        ways,
        signature: (code == UNKNOWN).then(|| visit.csrf(app)),
    };
    // The button leads to the agent.
    let headers = stage.headers(app, page.headers());
    html(StatusCode::UNPROCESSABLE_ENTITY, page.html(), headers)
}
