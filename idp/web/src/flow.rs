//! An interaction as it goes on: load what the decision depends on, ask `core` for the next step, go straight there.
//!
//! No page decides what follows it. Every page posts to its own address and ends with [`go_on`].

mod asker;
mod later;

pub use asker::{asker, operator};
pub use later::goes_on_without;

use crate::app::App;
use crate::directory::Party;
use crate::form;
use crate::kit::{Asker, PageHeaders, show};
use crate::oidc::issue::{Agreed, Issue, Issued, granted};
use crate::oidc::reply::log_refusal;
use crate::page::FormPost;
use crate::people::{self, Resident};
use crate::problem::{PageError, Shown, Stop};
use crate::visit::{Visit, language, state_cookie};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use pass_core::authn::acr::{Achieved, Acr, achieved, reachable};
use pass_core::authn::session::{self as session_rules, Act, NotNow};
use pass_core::claims::consent::{Question, covers};
use pass_core::claims::release::{Agreement, Release, ReleaseInput, release};
use pass_core::claims::scopes::Place;
use pass_core::domain::client_error::Endpoint;
use pass_core::domain::grant::Channel;
use pass_core::domain::interaction::{Errand, Interaction, OwnErrand, Progress};
use pass_core::domain::session::Session;
use pass_core::oidc::error::OAuthError;
use pass_core::oidc::interaction::{Facts, SessionFacts, Step, next, worth};
use pass_core::oidc::request::AuthorizationRequest;
use pass_core::oidc::respond::{Answer, Response, respond};
use pass_core::oidc::subject;
use pass_core::secret::Hash;
use std::sync::Arc;

/// An interaction of this browser with all that its next step depends on.
pub struct Stage {
    /// The secret in its address.
    pub handle: String,
    /// The row.
    pub interaction: Interaction,
    /// Who asks; none for PASS's own pages.
    pub party: Option<Arc<Party>>,
    /// Who is signed in.
    pub resident: Option<Resident>,
    /// What the session is worth.
    pub achieved: Option<Achieved>,
    /// What comes next.
    pub next: Next,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A step of `core`'s list.
    Step(Step),
    /// Back to PASS's own pages.
    Back(String),
}

/// The browser's interaction of this handle, or the page that says it is over.
pub async fn find(app: &App, visit: &Visit, handle: &str) -> Result<Interaction, Stop> {
    let hash = Hash::of(handle);
    let known = visit.interaction.clone().filter(|known| known.hash == hash);
    let found = match known {
        Some(known) => Some(known),
        None => app.store.read_now(move |tx| pass_store::interactions::find(tx, &hash)).await?,
    };
    // Only the browser that began it may go on: its address alone is worth nothing.
    found
        .filter(|one| one.expires_at > visit.now && one.browser.matches(&visit.browser_hash()))
        .ok_or_else(|| PageError::expired().into())
}

/// Loads a stage.
pub async fn stage(app: &App, visit: &Visit, handle: &str) -> Result<Stage, Stop> {
    let interaction = find(app, visit, handle).await?;
    Ok(stage_of(app, visit, handle.to_string(), interaction).await?)
}

/// Loads a stage of an interaction at hand.
pub async fn stage_of(
    app: &App,
    visit: &Visit,
    handle: String,
    interaction: Interaction,
) -> Result<Stage, pass_core::Fault> {
    let directory = app.directory();
    let party = match &interaction.errand {
        Errand::Authorization { client, .. } => Some(directory.party_of(*client)?.clone()),
        Errand::Own { .. } => None,
    };
    let resident = match &visit.session {
        Some(session) => {
            let towards = party.as_ref().map(|party| (party.client.id, session.id, visit.now));
            Some(people::load(app, session.account, towards).await?)
        }
        None => None,
    };
    let achieved = visit.session.as_ref().and_then(|session| match &interaction.errand {
        Errand::Authorization { request, .. } => worth(&session.events, request, &interaction.progress, visit.now),
        Errand::Own { .. } => achieved(&session.events, visit.now, None),
    });
    let next = match &interaction.errand {
        Errand::Authorization { request, .. } => {
            let party = party.as_deref().expect("an authorization has a party");
            Next::Step(next_step(app, visit, party, request, &interaction.progress, resident.as_ref()))
        }
        Errand::Own { wants, back } => own_next(visit, *wants, back, &interaction.progress, resident.as_ref()),
    };
    Ok(Stage { handle, interaction, party, resident, achieved, next })
}

/// The next step of an authorization request.
pub fn next_step(
    app: &App,
    visit: &Visit,
    party: &Party,
    request: &AuthorizationRequest,
    progress: &Progress,
    resident: Option<&Resident>,
) -> Step {
    let Some((resident, session)) = resident.zip(visit.session.as_ref()) else {
        return next(&Facts {
            request,
            client: &party.client,
            progress,
            session: None,
            needs: Default::default(),
            proofed_before: false,
            choice_of_person: false,
            consent_covers: false,
            now: visit.now,
        });
    };
    let worth = worth(&session.events, request, progress, visit.now);
    let preview = preview(visit, party, request, resident, worth.as_ref().map_or(Acr::Zero, |worth| worth.acr));
    let reach = reachable(resident.facts(app, visit.now));
    let sub = subject_of(app, party, resident);
    let needs = preview.needs();
    let question = question(app, visit, party, request, resident, session);
    let consent_covers = resident.consent.as_ref().is_some_and(|consent| covers(consent, &preview, &question));
    next(&Facts {
        request,
        client: &party.client,
        progress,
        session: Some(SessionFacts {
            subject: &sub,
            events: &session.events,
            holds: worth.as_ref().map_or(&[], |worth| &worth.holds),
            reachable: &reach,
        }),
        needs,
        proofed_before: resident.proven().is_some(),
        choice_of_person: false,
        consent_covers,
        now: visit.now,
    })
}

/// What the consent page would ask.
pub fn question<'a>(
    app: &'a App,
    visit: &Visit,
    party: &Party,
    request: &'a AuthorizationRequest,
    resident: &Resident,
    session: &Session,
) -> Question<'a> {
    Question {
        client: party.client.id,
        person: resident.person(),
        scopes: &request.scopes,
        ceiling_version: party.ceiling.version,
        session: session.id,
        key: &app.keys.index,
        now: visit.now,
    }
}

fn own_next(visit: &Visit, wants: OwnErrand, back: &str, progress: &Progress, resident: Option<&Resident>) -> Next {
    let Some((resident, session)) = resident.zip(visit.session.as_ref()) else {
        return Next::Step(Step::Login { reauth: false, hint: None });
    };
    let may = match wants {
        OwnErrand::Home => Ok(()),
        OwnErrand::Protected => session_rules::may(Act::ReadSealed, session, resident.protected_since(), visit.now),
        OwnErrand::Proof => session_rules::may(Act::Proof, session, resident.protected_since(), visit.now),
        OwnErrand::Face => session_rules::may(Act::EnrolFace, session, resident.proofed_at(), visit.now),
        OwnErrand::Close => session_rules::may(Act::CloseAccount, session, resident.protected_since(), visit.now),
    };
    match may {
        Err(NotNow::SignIn(acr)) if !progress.step_up_declined => return Next::Step(Step::StepUp { acr }),
        // The page behind asks for the same again: left for later means the first page, which everybody may see.
        Err(NotNow::SignIn(_)) => return Next::Back("/me".into()),
        Err(NotNow::SignInAgain(_)) => return Next::Step(Step::Login { reauth: true, hint: None }),
        _ => {}
    }
    // Who declined to sign in well enough goes back as they came.
    if wants == OwnErrand::Proof && may.is_ok() && progress.proofed.is_none() && !progress.proof_declined {
        return Next::Step(Step::Proof);
    }
    Next::Back(back.to_string())
}

/// What would be given if the person agreed to all of it.
pub fn preview(visit: &Visit, party: &Party, request: &AuthorizationRequest, resident: &Resident, acr: Acr) -> Release {
    release(&ReleaseInput {
        proven: resident.proven(),
        declared: &resident.declared,
        facility: &party.facility,
        ceiling: &party.ceiling,
        scopes: &request.scopes,
        request: &request.claims,
        place: Place::Anywhere,
        consent: Agreement::Preview,
        // Where no code comes of it, all that is given goes through the browser.
        channel: if request.response_type.code() { Channel::Back } else { Channel::Front },
        acr,
        now: visit.now,
    })
}

/// The resident's number at a facility.
pub fn subject_of(app: &App, party: &Party, resident: &Resident) -> String {
    subject::pairwise(&app.keys.pairwise, &party.facility.sector, resident.person())
}

/// Goes to the next page, to the relying party, or back to the resident's own pages.
pub async fn go_on(app: &App, visit: &Visit, stage: Stage) -> Shown {
    match &stage.next {
        Next::Back(path) => {
            close(app, &stage.interaction).await?;
            Ok(see_other(path))
        }
        Next::Step(Step::Issue) => issue(app, visit, &stage, None).await,
        Next::Step(Step::Refuse(error)) => {
            let error = error.clone();
            close(app, &stage.interaction).await?;
            Ok(answer(app, visit, stage.asked_by()?, stage.request()?, Answer::Error(&error)))
        }
        Next::Step(step) => Ok(see_other(&stage.path(page_of(step, stage.resident.as_ref(), stage.achieved.as_ref())))),
    }
}

/// The code goes out, with the consent just given if there is one.
pub async fn issue(app: &App, visit: &Visit, stage: &Stage, agreed: Option<Agreed>) -> Shown {
    let (party, request) = (stage.asked_by()?, stage.request()?);
    let resident = stage.resident.as_ref().expect("a code is issued to somebody");
    let progress = &stage.interaction.progress;
    let consent = progress.consent.or(resident.consent.as_ref().map(|consent| consent.id));
    let consent = consent.ok_or_else(|| pass_core::Fault::new("issue a code: there is no consent"))?;
    let interaction = Some(stage.interaction.hash);
    let what = Issue { party, request, resident, consent, progress, interaction, agreed };
    give(app, visit, what).await
}

/// Issues, and sends the answer: what was given, or why not.
pub async fn give(app: &App, visit: &Visit, what: Issue<'_>) -> Shown {
    let (party, request) = (what.party, what.request);
    match granted(app, visit, what).await? {
        Issued::Granted(given) => {
            let mut sent = answer(app, visit, party, request, Answer::Granted(&given));
            if let Some(cookie) = state_cookie(app, visit).filter(|_| given.session_state.is_some()) {
                // Only a cookie with characters that cannot be sent fails, and ours have none.
                let _ = sent.add_cookie(&cookie);
            }
            Ok(sent)
        }
        Issued::Refused(error) => Ok(answer(app, visit, party, request, Answer::Error(&error))),
        Issued::Gone => Err(PageError::expired().into()),
    }
}

/// The page of a step for this person: who has nothing to show makes a passkey first, and a face is never alone.
pub fn page_of(step: &Step, resident: Option<&Resident>, held: Option<&Achieved>) -> &'static str {
    let holds_something = held.is_some_and(|held| held.acr.satisfies(Acr::Aal1));
    match step {
        Step::Login { .. } => "login",
        Step::StepUp { .. } | Step::Proof if !holds_something && resident.is_some_and(Resident::has_only_mail) => {
            "passkey"
        }
        Step::StepUp { acr: Acr::Aal2Face } if holds_something => "face",
        Step::StepUp { .. } => "step-up",
        Step::Proof => "proof",
        Step::ChoosePerson => "choose-person",
        Step::Consent => "consent",
        Step::Issue | Step::Refuse(_) => "",
    }
}

/// Tells the relying party that it goes no further.
pub async fn refuse(app: &App, visit: &Visit, stage: &Stage, error: &OAuthError) -> Shown {
    close(app, &stage.interaction).await?;
    match &stage.interaction.errand {
        Errand::Own { .. } => Ok(see_other("/me")),
        Errand::Authorization { request, .. } => {
            Ok(answer(app, visit, stage.asked_by()?, request, Answer::Error(error)))
        }
    }
}

/// Sends an authorization response: a redirect, or the self-sending form.
pub fn answer(
    app: &App,
    visit: &Visit,
    party: &Party,
    request: &AuthorizationRequest,
    answer: Answer<'_>,
) -> HttpResponse {
    if let Answer::Error(error) = answer {
        log_refusal(app, Endpoint::Authorize, Some(&party.client), error);
    }
    send(app, visit, party, &respond(&request.destination(), &app.settings.issuer, answer))
}

/// Sends an authorization response that is ready.
pub fn send(app: &App, visit: &Visit, party: &Party, response: &Response) -> HttpResponse {
    match response {
        Response::Redirect(address) => see_other(address),
        Response::FormPost { action, fields } => show(
            StatusCode::OK,
            &FormPost {
                shell: crate::kit::Shell { here: String::new(), ..visit.shell(app) },
                facility: party.facility.name.get(language(visit.lang)).to_string(),
                action: action.clone(),
                fields: fields.iter().map(|(name, value)| ((*name).to_string(), value.clone())).collect(),
            },
        ),
    }
}

/// 303: the browser goes on with GET (RFC 9110 15.4.4).
pub fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).insert_header((CACHE_CONTROL, "no-store")).finish()
}

async fn close(app: &App, interaction: &Interaction) -> Result<(), pass_core::Fault> {
    let hash = interaction.hash;
    app.store.write(move |tx| pass_store::interactions::close(tx, &hash).map(drop)).await
}

impl Stage {
    /// The relying party.
    pub fn asked_by(&self) -> Result<&Party, Stop> {
        self.party.as_deref().ok_or_else(|| PageError::expired().into())
    }

    /// The authorization request.
    pub fn request(&self) -> Result<&AuthorizationRequest, Stop> {
        match &self.interaction.errand {
            Errand::Authorization { request, .. } => Ok(request),
            Errand::Own { .. } => Err(PageError::expired().into()),
        }
    }

    /// Who is signed in; a step that needs somebody sends others back to the beginning.
    pub fn resident(&self) -> Result<&Resident, Stop> {
        self.resident.as_ref().ok_or_else(|| PageError::expired().into())
    }

    /// Address of a page of this interaction.
    pub fn path(&self, page: &str) -> String {
        format!("/interaction/{}/{page}", self.handle)
    }

    /// Whether the step is the one that comes next; others are sent on.
    pub fn is_at(&self, page: &str) -> bool {
        matches!(&self.next, Next::Step(step) if page_of(step, self.resident.as_ref(), self.achieved.as_ref()) == page)
    }

    /// The facility that asks, as pages show it.
    pub fn asker(&self, visit: &Visit) -> Option<Asker> {
        self.party.as_deref().map(|party| asker(visit, party))
    }

    /// Headers of a page whose form may lead to the relying party or to the card agent.
    pub fn headers(&self, app: &App, headers: PageHeaders) -> PageHeaders {
        let headers = match &self.interaction.errand {
            Errand::Authorization { request, .. } => headers.form_to(&request.redirect_uri),
            Errand::Own { .. } => headers,
        };
        match &app.settings.agent_url {
            Some(agent) => headers.form_to(agent),
            None => headers,
        }
    }
}

/// Whether a posted form is ours; else the page that says so.
pub fn checked(app: &App, request: &actix_web::HttpRequest, visit: &Visit, token: Option<&str>) -> Result<(), Stop> {
    if form::is_ours(app, request, visit, token) { Ok(()) } else { Err(PageError::form().into()) }
}
