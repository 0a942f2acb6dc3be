//! `/interaction/{id}/proof`: prove who you are with the My Number Card. The card itself is read by the agent, elsewhere.

use super::form::Form;
use super::make_passkey::save_and_go_on;
use crate::app::App;
use crate::card::settle::{Settled, settle};
use crate::card::ticket;
use crate::flow::{self, Stage};
use crate::kit::{Way, WayKind, html, show};
use crate::page::card_refused::ways;
use crate::page::{CardConfirm, CardRefused, CardStart, Page};
use crate::problem::{Broken, PageError};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::session::{Act, may};
use pass_core::domain::person::Sex;
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::time::Day;

/// The page: what is read, what never, and the button to the agent.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !stage.is_at("proof") {
            return flow::go_on(&app, &visit, stage).await;
        }
        Ok(draw(&app, &visit, &stage))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// To the agent, or another way.
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
        let mut stage = flow::stage(&app, &visit, &handle).await?;
        if !stage.is_at("proof") {
            return flow::go_on(&app, &visit, stage).await;
        }
        match form.text("do") {
            "cancel" => flow::refuse(&app, &visit, &stage, &OAuthError::new(ErrorCode::AccessDenied)).await,
            "later" => {
                stage.interaction.progress.proof_declined = true;
                save_and_go_on(&app, &visit, stage).await
            }
            _ => match &app.settings.agent_url {
                Some(agent) => {
                    Ok(flow::see_other(&ticket::issue(&app, &visit, &stage, stage.resident()?, agent).await?))
                }
                None => Ok(refused(&app, &visit, &stage, "agent_not_configured")),
            },
        }
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// `GET .../proof/return?ticket=`: back from the agent.
pub async fn come_back(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let query = Form::parse(request.query_string())?;
        let stage = flow::stage(&app, &visit, &handle).await?;
        match settle(&app, &visit, &stage, query.text("ticket")).await? {
            Settled::Proofed(_) => Ok(flow::see_other(&stage.path("proof/done"))),
            Settled::Nothing => Ok(flow::see_other(&stage.path("proof"))),
            Settled::Refused(code) => Ok(refused(&app, &visit, &stage, &code)),
        }
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// The four items just read, for the person to see.
pub async fn done(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        let (resident, session) = (stage.resident()?, visit.session.as_ref().ok_or_else(PageError::expired)?);
        // Only what was read in this very interaction, or by somebody who may see sealed values.
        let fresh = stage.interaction.progress.proofed.is_some();
        if !fresh && may(Act::ReadSealed, session, resident.protected_since(), visit.now).is_err() {
            return flow::go_on(&app, &visit, stage).await;
        }
        let Some((record, _)) = resident.proven() else {
            return flow::go_on(&app, &visit, stage).await;
        };
        let page = CardConfirm {
            shell: visit.shell(&app),
            csrf: visit.csrf(&app),
            asker: stage.asker(&visit),
            name: record.name.clone(),
            address: record.address.clone(),
            birthdate: record.birthdate.day().map(Day::iso).unwrap_or_default(),
            gender: gender(record.sex).to_string(),
            replaced: record.name_has_substitutes || record.address_has_substitutes,
            sign_up: stage.interaction.progress.sign_up,
        };
        let headers = stage.headers(&app, page.headers());
        Ok(html(StatusCode::OK, page.html(), headers))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// Seen: on to the next step.
pub async fn confirm(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        flow::checked(&app, &request, &visit, Form::parse(&body)?.get("csrf"))?;
        let stage = flow::stage(&app, &visit, &handle).await?;
        flow::go_on(&app, &visit, stage).await
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// The word of the claim, which the page puts into the reader's language.
const fn gender(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
        Sex::Unstated => "",
    }
}

fn draw(app: &App, visit: &Visit, stage: &Stage) -> HttpResponse {
    let page = CardStart {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        agent: app.settings.agent_url.clone(),
        sign_up: stage.interaction.progress.sign_up,
        needed: stage.party.is_some(),
        later: flow::goes_on_without(app, visit, stage, |progress| progress.proof_declined = true),
        ways: Vec::new(),
    };
    let headers = stage.headers(app, page.headers());
    html(StatusCode::OK, page.html(), headers)
}

/// Out of the procedure: one's own pages, or the facility's.
fn away(stage: &Stage) -> Option<Way> {
    match stage.party.as_deref() {
        None => Some(Way::new(WayKind::Home, "/me")),
        Some(party) => party.client.metadata.client_uri.clone().map(|home| Way::new(WayKind::Facility, home)),
    }
}

fn refused(app: &App, visit: &Visit, stage: &Stage, code: &str) -> HttpResponse {
    let page = CardRefused {
        shell: visit.shell(app),
        asker: stage.asker(visit),
        code: code.to_string(),
        reference: crate::problem::reference(app),
        ways: ways(code, &stage.path("proof"), away(stage)),
    };
    show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
