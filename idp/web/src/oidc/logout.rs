//! `/session/end` and `/session/ended` (OpenID Connect RP-Initiated Logout 1.0).

use crate::app::App;
use crate::client_errors::note;
use crate::flow;
use crate::kit::show;
use crate::notices::Notices;
use crate::page::error_page::ErrorKind;
use crate::page::notice::NoticeKind;
use crate::page::{Logout, Notice, Page, SignedOut, SigningOut};
use crate::problem::{Broken, PageError, Shown};
use crate::step::finish;
use crate::visit::{Visit, session_cookie_gone, state_cookie_gone};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::client_error::Endpoint;
use pass_core::domain::grant::Grant;
use pass_core::domain::session::Session;
use pass_core::id::AuditId;
use pass_core::oidc::logout::{Asked, Decision, decide, read};
use pass_core::oidc::params::Params;
use pass_core::oidc::{frontchannel, subject};
use pass_core::{Fault, Time};

/// The request in the query.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let query = request.query_string().to_string();
    serve(&app, &request, &query).await
}

/// The request in a form, from a relying party or from our own question.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    serve(&app, &request, &body).await
}

/// The last page.
pub async fn ended(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let page = SignedOut { shell: visit.shell(&app), asker: None, again: "/me".into() };
    finish(&app, &visit, Ok(show(StatusCode::OK, &page)))
}

async fn serve(app: &App, request: &HttpRequest, encoded: &str) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(app, request, None).await?;
    let shown = answer(app, request, &visit, encoded).await;
    finish(app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &Visit, encoded: &str) -> Shown {
    let directory = app.directory();
    let problem = |code| PageError::new(StatusCode::BAD_REQUEST, ErrorKind::SignOut, code);
    let params = Params::parse(encoded).map_err(|_| problem("request_malformed"))?;
    let asked = read(&params, &app.settings.issuer, &directory.keys).map_err(|why| problem(why.as_str()))?;
    let party = asked.client_id().and_then(|id| directory.party(id));
    let sub = match (&visit.session, party) {
        (Some(session), Some(party)) => {
            let person = crate::account::person_of(app, session.account).await?;
            Some(subject::pairwise(&app.keys.pairwise, &party.facility.sector, person))
        }
        _ => None,
    };
    let client = party.map(|party| &party.client);
    let decision = decide(&asked, client, sub.as_deref()).map_err(|why| {
        if let Some(client) = client {
            note(app, client, Endpoint::EndSession, why.as_str(), "The resident saw an error page.");
        }
        problem(why.as_str())
    })?;
    match decision {
        Decision::End(target) => end(app, visit, target).await,
        Decision::Confirm(target) => match params.get("decision") {
            None => Ok(question(app, visit, &asked, &params, party.map(|party| &**party))),
            Some(answer) => {
                flow::checked(app, request, visit, params.get("csrf"))?;
                if answer == "yes" { end(app, visit, target).await } else { Ok(stayed(app, visit)) }
            }
        },
    }
}

async fn end(app: &App, visit: &Visit, target: Option<String>) -> Shown {
    let grants = match &visit.session {
        Some(session) => ended_now(app, session, visit.now).await?,
        None => Vec::new(),
    };
    let target = target.as_deref().unwrap_or("/session/ended");
    let frames = frames(app, &grants);
    let mut answer = match frames.is_empty() {
        true => flow::see_other(target),
        false => {
            let shell = crate::kit::Shell { here: String::new(), ..visit.shell(app) };
            show(StatusCode::OK, &SigningOut { shell, frames, target: target.to_string() })
        }
    };
    // Only a cookie with characters that cannot be sent fails, and ours have none.
    let _ = answer.add_cookie(&session_cookie_gone(app));
    let _ = answer.add_cookie(&state_cookie_gone());
    Ok(answer)
}

/// Ends the session, and gives what was live in it until now.
async fn ended_now(app: &App, session: &Session, now: Time) -> Result<Vec<Grant>, Fault> {
    let id = session.id;
    let audit = AuditEvent {
        id: AuditId::new(now, &*app.entropy),
        at: now,
        actor: Actor::Account(session.account),
        act: Act::SignOut,
        person: Some(crate::account::person_of(app, session.account).await?),
        facility: None,
        client: None,
        detail: String::new(),
    };
    let notices = Notices::at(app, now);
    let grants = app
        .store
        .write(move |tx| {
            let grants = pass_store::grants::find_all_live_in(tx, id)?;
            notices.end_session(tx, id)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(grants)
        })
        .await?;
    app.outbox.notify_one();
    Ok(grants)
}

/// One frame for each client of the session that asked for one (Front-Channel Logout 2).
fn frames(app: &App, grants: &[Grant]) -> Vec<String> {
    let directory = app.directory();
    let mut frames = Vec::new();
    for grant in grants {
        let Ok(party) = directory.party_of(grant.client) else { continue };
        let sid = subject::sid(&app.keys.session, &party.facility.sector, grant.session);
        let address = frontchannel::frame(&party.client, &app.settings.issuer, &sid);
        frames.extend(address.filter(|address| !frames.contains(address)));
    }
    frames
}

fn question(
    app: &App,
    visit: &Visit,
    asked: &Asked,
    params: &Params,
    party: Option<&crate::directory::Party>,
) -> HttpResponse {
    let kept = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];
    let page = Logout {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: party.filter(|_| asked.client_id().is_some()).map(|party| flow::asker(visit, party)),
        fields: kept.iter().filter_map(|name| Some(((*name).to_string(), params.get(name)?.to_string()))).collect(),
    };
    let headers = match params.get("post_logout_redirect_uri") {
        Some(address) => page.headers().form_to(address),
        None => page.headers(),
    };
    crate::kit::html(StatusCode::OK, page.html(), headers)
}

fn stayed(app: &App, visit: &Visit) -> HttpResponse {
    let ways = vec![crate::kit::Way::new(crate::kit::WayKind::Home, "/me")];
    show(StatusCode::OK, &Notice { shell: visit.shell(app), kind: NoticeKind::Stayed, ways })
}
