//! `GET` and `POST /manager/clients/{client_id}/try`: a request run through the checks, and a token explained. What is pasted is
//! not logged and not kept.

use super::clients::party_here;
use super::lines;
use crate::attempt::{attempt, example, next, start};
use crate::duty::{Answered, OnDuty, enter};
use crate::page::{ClientTry, Room, RuleLine, WalkEnd, Walked, Why, WhyLine, reason};
use crate::{trouble, words};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::claims::Claim;
use pass_core::domain::audit::Act;
use pass_core::fault::Outcome;
use pass_core::oidc::access_token::{Presented, read};
use pass_core::oidc::authorize::{Failure, RULES, Walk};
use pass_web::app::App;
use pass_web::directory::Party;
use pass_web::explain::{Explained, explain};
use pass_web::people;
use pass_web::problem::Broken;

/// The empty forms.
pub async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let party = party_here(on_duty, &client_id)?;
        show(on_duty, &party, String::new(), None, None)
    })
    .await
}

/// One of them, answered.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    client_id: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let party = party_here(on_duty, &client_id)?;
        if form.text("do") == "why" {
            on_duty.record(Act::ClientRead, Some(party.client.id), "explain".into()).await?;
            let why = why(on_duty, &party, form.text("token")).await?;
            return show(on_duty, &party, String::new(), None, Some(why));
        }
        let pasted = form.text("request").to_owned();
        let walked = if pasted.is_empty() { None } else { Some(attempt(&app, on_duty.visit, &party, &pasted).await) };
        let walked = walked.map(|walk| walked_words(&party, walk));
        show(on_duty, &party, pasted, walked, None)
    })
    .await
}

fn walked_words(party: &Party, walk: Walk) -> Walked {
    let advice = trouble::advice(walk.refused_by.map_or("", |place| RULES[place].key));
    let end = match walk.outcome {
        Ok(request) => WalkEnd::Accepted { scopes: request.scopes.join(" "), next: next(party, &request) },
        Err(Failure::Redirect(refused)) => WalkEnd::Told {
            code: refused.error.code().as_str(),
            description: refused.error.description().to_owned(),
            advice,
        },
        Err(Failure::Page(problem)) => WalkEnd::Page { code: problem.as_str(), advice },
    };
    Walked { rules: RuleLine::all(walk.refused_by), end }
}

/// Another program's token, an unknown one and one of nobody's are the same answer.
async fn why(on_duty: &OnDuty<'_>, party: &Party, token: &str) -> Outcome<Why> {
    let app = on_duty.app;
    let (now, lang) = (on_duty.visit.now, on_duty.visit.lang);
    let Some(Presented::Row(hash)) = read(token, &app.settings.issuer, &app.directory().keys, now) else {
        return Ok(Why::NotHere);
    };
    let found = app.store.read(move |tx| people::behind(tx, &hash)).await?;
    let Some((rows, sealed)) = found.filter(|(rows, _)| rows.grant.client == party.client.id) else {
        return Ok(Why::NotHere);
    };
    let records = people::open_records(app, rows.grant.person, sealed)?;
    let Explained { alive, claims } = explain(&rows, &records, &party.facility, &party.ceiling, now);
    let unasked = |reasons: &[String]| reasons.iter().any(|reason| reason == "not_asked");
    let mut lines: Vec<WhyLine> = claims
        .iter()
        .filter(|one| !unasked(&one.reasons))
        .map(|one| WhyLine {
            label: words::claim(lang, &app.settings.city, one.claim),
            claim: one.claim.as_str(),
            source: one.source,
            reasons: one.reasons.iter().map(|word| reason(lang, word)).collect(),
        })
        .collect();
    lines.sort_by_key(|line| line.source.is_none());
    let shown = |name: &str| lines.iter().any(|line| line.claim == name);
    let idle = Claim::ALL.iter().map(|claim| claim.as_str()).filter(|name| !shown(name)).collect();
    Ok(Why::Claims { alive, lines, idle })
}

fn show(on_duty: &OnDuty<'_>, party: &Party, pasted: String, walked: Option<Walked>, why: Option<Why>) -> Answered {
    let page = ClientTry {
        shell: on_duty.visit.shell(on_duty.app),
        desk: on_duty.desk(Room::Clients),
        client: lines::client(on_duty.visit, &party.client),
        start: start(on_duty.app, &party.client),
        example: example(on_duty.app, &party.client).map(|example| (example.url, example.verifier)),
        pasted,
        walked,
        why,
    };
    Ok(on_duty.show(StatusCode::OK, &page))
}
