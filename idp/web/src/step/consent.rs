//! `/interaction/{id}/consent`: the values that will be given, and the person's answer.

use super::form::Form;
use crate::app::App;
use crate::directory::Party;
use crate::flow::{self, Stage};
use crate::kit::{date, html};
use crate::oidc::issue::Agreed;
use crate::page::slip::{Given, NotGiven, kept, not_given_because, rows};
use crate::page::{Consent as ConsentPage, Page};
use crate::people::Resident;
use crate::problem::{Broken, Shown, Stop};
use crate::visit::{Visit, language};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::claims::consent::{ConsentView, Decision, REMEMBERED, same, shown_mac, values_hash};
use pass_core::claims::release::Release;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::consent::Consent;
use pass_core::domain::proofing::ProofingMethod;
use pass_core::id::{AuditId, ConsentId};
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::oidc::interaction::Step;
use pass_core::secret::base64url;
use serde_json::Value;
use subtle::ConstantTimeEq;

/// The page.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !stage.is_at("consent") {
            return flow::go_on(&app, &visit, stage).await;
        }
        draw(&app, &visit, &stage, false)
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// The answer.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &visit, &handle, &body).await;
    super::finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &Visit, handle: &str, body: &str) -> Shown {
    let form = Form::parse(body)?;
    flow::checked(app, request, visit, form.get("csrf"))?;
    let stage = flow::stage(app, visit, handle).await?;
    if !stage.is_at("consent") {
        return flow::go_on(app, visit, stage).await;
    }
    let preview = preview(visit, &stage)?;
    let view = ConsentView::new(&preview);
    let decision = view.decide(form.text("decision"), &form.all("optional"));
    // OpenID Connect Core 3.1.2.4: agreed is what was shown. A page of another person or of other claims is drawn anew.
    if decision != Decision::Deny && !is_what_was_shown(app, visit, &stage, &view, form.text("shown"))? {
        return draw(app, visit, &stage, true);
    }
    match decision {
        Decision::Deny => {
            refused(app, visit, &stage).await?;
            flow::refuse(app, visit, &stage, &OAuthError::new(ErrorCode::AccessDenied)).await
        }
        Decision::Allow { claims, declined } => {
            let consent = consent(app, visit, &stage, &preview, claims, declined, form.get("remember").is_some())?;
            agreed(app, visit, stage, consent).await
        }
    }
}

async fn agreed(app: &App, visit: &Visit, mut stage: Stage, consent: Consent) -> Shown {
    stage.interaction.progress.consent = Some(consent.id);
    // The answer just given is the newest fact; asking again from rows would cost a read.
    if let Some(resident) = &mut stage.resident {
        resident.consent = Some(consent.clone());
    }
    let agreed = Agreed { consent, audit: audit(app, visit, &stage, Act::ConsentGive) };
    let (party, request) = (stage.asked_by()?, stage.request()?);
    match flow::next_step(app, visit, party, request, &stage.interaction.progress, stage.resident.as_ref()) {
        Step::Issue => flow::issue(app, visit, &stage, Some(agreed)).await,
        step => {
            let (hash, progress) = (stage.interaction.hash, stage.interaction.progress.clone());
            app.store
                .write(move |tx| {
                    agreed.insert(tx)?;
                    pass_store::interactions::save_progress(tx, &hash, &progress)
                })
                .await?;
            stage.next = flow::Next::Step(step);
            flow::go_on(app, visit, stage).await
        }
    }
}

async fn refused(app: &App, visit: &Visit, stage: &Stage) -> Result<(), pass_core::Fault> {
    match audit(app, visit, stage, Act::ConsentRefuse) {
        Some(audit) => app.store.write(move |tx| pass_store::audit::insert(tx, &audit)).await,
        None => Ok(()),
    }
}

fn preview(visit: &Visit, stage: &Stage) -> Result<Release, Stop> {
    Ok(flow::preview(visit, stage.asked_by()?, stage.request()?, stage.resident()?, acr(stage)))
}

fn acr(stage: &Stage) -> Acr {
    stage.achieved.as_ref().map_or(Acr::Zero, |worth| worth.acr)
}

fn consent(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    preview: &Release,
    claims: Vec<Claim>,
    declined: Vec<Claim>,
    remember: bool,
) -> Result<Consent, Stop> {
    let (party, request, resident) = (stage.asked_by()?, stage.request()?, stage.resident()?);
    let session = visit.session.as_ref().ok_or_else(crate::problem::PageError::expired)?;
    Ok(Consent {
        id: ConsentId::new(visit.now, &*app.entropy),
        person: resident.person(),
        account: resident.account.id,
        client: party.client.id,
        facility: party.facility.id,
        scopes: request.scopes.clone(),
        values: values_hash(&app.keys.index, resident.person(), preview, &claims),
        claims,
        declined,
        ceiling_version: party.ceiling.version,
        session: session.id,
        remembered_until: remember.then(|| visit.now + REMEMBERED),
        given_at: visit.now,
        withdrawn_at: None,
    })
}

fn audit(app: &App, visit: &Visit, stage: &Stage, act: Act) -> Option<AuditEvent> {
    let (party, resident) = (stage.party.as_deref()?, stage.resident.as_ref()?);
    Some(AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Account(resident.account.id),
        act,
        person: Some(resident.person()),
        facility: Some(party.facility.id),
        client: Some(party.client.id),
        detail: format!("ceiling version {}", party.ceiling.version),
    })
}

fn is_what_was_shown(app: &App, visit: &Visit, stage: &Stage, view: &ConsentView, shown: &str) -> Result<bool, Stop> {
    let now = shown_token(app, visit, stage, view)?;
    Ok(now.as_bytes().ct_eq(shown.as_bytes()).into())
}

fn shown_token(app: &App, visit: &Visit, stage: &Stage, view: &ConsentView) -> Result<String, Stop> {
    let session = visit.session.as_ref().ok_or_else(crate::problem::PageError::expired)?;
    let question = flow::question(app, visit, stage.asked_by()?, stage.request()?, stage.resident()?, session);
    Ok(base64url(&shown_mac(&app.keys.forms, &question, view).0))
}

fn draw(app: &App, visit: &Visit, stage: &Stage, overtaken: bool) -> Shown {
    let (party, request, resident) = (stage.asked_by()?, stage.request()?, stage.resident()?);
    let session = visit.session.as_ref().ok_or_else(crate::problem::PageError::expired)?;
    let preview = preview(visit, stage)?;
    let question = flow::question(app, visit, party, request, resident, session);
    let view = ConsentView::new(&preview);
    let sub = Value::from(flow::subject_of(app, party, resident));
    let (given, city) = (given(&view, &sub), city(app, party));
    let page = ConsentPage {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        shown: shown_token(app, visit, stage, &view)?,
        asker: stage.asker(visit),
        facility: party.facility.name.get(language(visit.lang)).to_string(),
        person: resident.called(acr(stage))?,
        rows: rows(visit.lang, &city, &given),
        kept: kept(visit.lang, &given),
        withheld: withheld(visit, &city, &preview),
        checked: checked_on(visit, resident, &view),
        by: resident.proven().map_or(ProofingMethod::SignCertificate, |(_, by)| by.method),
        remember: true,
        // Asked again in a new session, or because the facility wants it so: nothing has changed.
        changed: overtaken || resident.consent.as_ref().is_some_and(|consent| !same(consent, &preview, &question)),
    };
    let headers = stage.headers(app, page.headers());
    let status = if overtaken { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(html(status, page.html(), headers))
}

/// What was asked for and would not be given even so: the same answer as `/me` and `pass token inspect` print.
fn withheld(visit: &Visit, city: &str, preview: &Release) -> Vec<NotGiven> {
    let lines = preview.explain();
    let asked = lines.iter().filter(|line| !line.given && line.reasons != ["not_asked"]);
    not_given_because(
        visit.lang,
        city,
        asked.filter_map(|line| Some((line.claim.as_str(), line.reasons.first()?.as_str()))),
    )
}

/// The claims of a view as the slip takes them, the facility's own number last.
pub fn given<'a>(view: &'a ConsentView, sub: &'a Value) -> Vec<Given<'a>> {
    let members = view.groups.iter().flat_map(|group| &group.members);
    members
        .map(|member| Given { claim: member.claim.as_str(), value: &member.value, optional: member.optional })
        .chain([Given { claim: "sub", value: sub, optional: false }])
        .collect()
}

/// The facility's city by name, for sentences such as 「加賀市の住民です」.
pub fn city(app: &App, party: &Party) -> String {
    pass_core::claims::residence::city_name(&party.facility.municipality)
        .map_or_else(|| app.settings.city.clone(), str::to_string)
}

fn checked_on(visit: &Visit, resident: &Resident, view: &ConsentView) -> Option<String> {
    let proven = view
        .groups
        .iter()
        .flat_map(|group| &group.members)
        .any(|member| member.source == pass_core::claims::release::Source::Proven);
    let (_, proofing) = resident.proven()?;
    proven.then(|| date::Day::of(proofing.verified_at.0).words(visit.lang).text().to_string())
}
