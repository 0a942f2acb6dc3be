//! `/interaction/{id}/proof`: prove who you are with the My Number Card. The card itself is read by the agent, elsewhere; or by
//! the app of the national service, whose pages are in `upstream`.

use super::form::Form;
use super::make_passkey::save_and_go_on;
use crate::app::App;
use crate::card::keep::{self, Kept, Seen};
use crate::card::settle::{self, Brought, OTHER_BROWSER, Settled, is_of_another_browser};
use crate::card::ticket;
use crate::flow::{self, Stage};
use crate::kit::{Way, WayKind, html, show};
use crate::page::card_confirm::Source;
use crate::page::card_refused::ways;
use crate::page::{CardConfirm, CardRefused, CardStart, Page};
use crate::problem::{Broken, Stop};
use crate::upstream;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::person::Sex;
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::time::Day;
use pass_core::upstream::Refusal;

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
                stage.interaction.progress = keep::forget(&app, &visit, &stage, stage.resident()?).await?;
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

/// `GET .../proof/return?ticket=&completion=`: back from the agent.
pub async fn come_back(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let query = Form::parse(request.query_string())?;
        let brought = Brought { ticket: query.text("ticket"), completion: query.text("completion") };
        // Before the interaction is looked for: whoever signed for somebody else's is told so.
        if is_of_another_browser(&app, &visit, brought.ticket).await? {
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &turned_away(&app, &visit)));
        }
        let stage = flow::stage(&app, &visit, &handle).await?;
        match settle::settle(&app, &visit, &stage, brought).await? {
            Settled::Read => Ok(flow::see_other(&stage.path("proof/done"))),
            Settled::Nothing => Ok(flow::see_other(&stage.path("proof"))),
            Settled::Refused(code) => Ok(refused(&app, &visit, &stage, &code)),
        }
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// The four items just read, for the person to see before they are kept. Later they stand on the person's own pages alone.
pub async fn done(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        let (seen, source) = waiting(&app, &visit, &stage).await?;
        let record = match seen {
            Seen::Record(record) => *record,
            Seen::Refused(code) => return Ok(refused(&app, &visit, &stage, &code)),
            Seen::Nothing => return flow::go_on(&app, &visit, stage).await,
        };
        let page = CardConfirm {
            shell: visit.shell(&app),
            csrf: visit.csrf(&app),
            asker: stage.asker(&visit),
            birthdate: record.birthdate.day().map(Day::iso).unwrap_or_default(),
            gender: gender(record.sex).to_string(),
            replaced: record.name_has_substitutes || record.address_has_substitutes,
            name: record.name,
            address: record.address,
            sign_up: stage.interaction.progress.sign_up,
            source,
        };
        let headers = stage.headers(&app, page.headers());
        Ok(html(StatusCode::OK, page.html(), headers))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// What waits for the person's word here, and who said it.
async fn waiting(app: &App, visit: &Visit, stage: &Stage) -> Result<(Seen, Source), Stop> {
    let resident = stage.resident()?;
    match keep::read(app, visit, stage, resident).await? {
        Seen::Nothing => {}
        seen => return Ok((seen, Source::Card)),
    }
    Ok(match upstream::keep::read(app, visit, stage, resident).await? {
        Some(told) => (Seen::Record(Box::new(told.record)), Source::App { beside: told.beside }),
        None => (Seen::Nothing, Source::Card),
    })
}

/// Keeps what waits here.
async fn keep_it(app: &App, visit: &Visit, stage: &Stage) -> Result<Kept, Stop> {
    let resident = stage.resident()?;
    Ok(match upstream::keep::keep(app, visit, stage, resident).await? {
        Some(kept) => kept,
        None => keep::keep(app, visit, stage, resident).await?,
    })
}

/// Seen: kept, or erased.
pub async fn confirm(
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
        let progress = if form.text("decision") == "keep" {
            match keep_it(&app, &visit, &stage).await? {
                Kept::Proofed(progress) => progress,
                Kept::Refused(code) => return Ok(refused(&app, &visit, &stage, &code)),
                Kept::Nothing => return flow::go_on(&app, &visit, stage).await,
            }
        } else {
            keep::forget(&app, &visit, &stage, stage.resident()?).await?
        };
        stage.interaction.progress = progress;
        let stage = flow::stage_of(&app, &visit, stage.handle, stage.interaction).await?;
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
        ways: upstream::way(app, stage).into_iter().collect(),
    };
    let headers = stage.headers(app, page.headers());
    html(StatusCode::OK, page.html(), headers)
}

/// For somebody in another browser: nothing of the interaction, nothing of its account, and a way to one's own pages.
pub(super) fn turned_away(app: &App, visit: &Visit) -> CardRefused {
    CardRefused {
        shell: visit.shell(app),
        asker: None,
        code: OTHER_BROWSER.into(),
        reference: crate::problem::reference(app),
        ways: vec![Way::new(WayKind::Home, "/me"), Way::new(WayKind::Counter, "/me")],
        signature: None,
    }
}

/// Out of the procedure: one's own pages, or the facility's.
fn away(stage: &Stage) -> Option<Way> {
    match stage.party.as_deref() {
        None => Some(Way::new(WayKind::Home, "/me")),
        Some(party) => party.client.metadata.client_uri.clone().map(|home| Way::new(WayKind::Facility, home)),
    }
}

fn refused(app: &App, visit: &Visit, stage: &Stage, code: &str) -> HttpResponse {
    if let Some(refusal) = Refusal::parse(code) {
        return upstream::refused(app, visit, stage, refusal);
    }
    let page = CardRefused {
        shell: visit.shell(app),
        asker: stage.asker(visit),
        code: code.to_string(),
        reference: crate::problem::reference(app),
        ways: ways(code, &stage.path("proof"), away(stage)),
        signature: None,
    };
    show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
