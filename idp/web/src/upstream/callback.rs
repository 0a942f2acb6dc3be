//! `/federation/aas/callback`: the browser comes back. Its `state` is taken first, once; then the code is exchanged, the ID token
//! checked, and for a proofing userinfo asked.

use super::{Upstream, keep, refused, turned_away};
use crate::app::App;
use crate::card::settle::audit;
use crate::flow::{self, Stage};
use crate::limits::{Attempt, address};
use crate::problem::{Broken, PageError, Shown, Stop};
use crate::step::finish;
use crate::step::form::Form;
use crate::step::login::too_many;
use crate::step::session::{Proof, sign_in};
use crate::visit::Visit;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Fault;
use pass_core::domain::account::Account;
use pass_core::domain::audit::Act;
use pass_core::domain::proofing::{Proofing, ProofingMethod, ProofingStatus};
use pass_core::domain::session::Method;
use pass_core::domain::upstream_visit::{Purpose, UpstreamVisit};
use pass_core::fault::Outcome;
use pass_core::secret::Hash;
use pass_core::upstream::{
    Callback, Known, Refusal, Returned, Secrets, Tokens, Told, exchange, read_id_token, read_userinfo,
};
use pass_store::{Taken, Tx};
use std::sync::Arc;

/// Back from the service.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let mut visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        if !app.limits.allow(Attempt::SignIn, address(&app, &request)) {
            return Err(too_many());
        }
        let query = Form::parse(request.query_string())?;
        let callback = Callback {
            state: query.text("state"),
            code: query.text("code"),
            error: query.text("error"),
            iss: query.get("iss"),
        };
        arrive(&app, &mut visit, callback).await
    }
    .await;
    finish(&app, &visit, shown)
}

async fn arrive(app: &App, visit: &mut Visit, callback: Callback<'_>) -> Shown {
    let upstream = app.upstream.as_ref().ok_or_else(PageError::not_found)?;
    let (hash, now) = (Hash::of(callback.state), visit.now);
    let found = app.store.read_now(move |tx| pass_store::upstream_visits::find(tx, &hash)).await?;
    let Some(found) = found else { return Ok(turned_away(app, visit, Refusal::UnknownState)) };
    // RFC 6749 10.12: only the browser that left. Whoever was sent here by somebody else ends that visit for good.
    if !found.browser.matches(&visit.browser_hash()) {
        end(app, visit, &found).await?;
        return Ok(turned_away(app, visit, Refusal::OtherBrowser));
    }
    // One conditional UPDATE takes it: of two returns only the first goes on.
    let row = match app.store.write(move |tx| pass_store::upstream_visits::take(tx, &hash, now)).await? {
        Taken::First(row) => row,
        Taken::Again(row) => return again(app, visit, &row).await,
        Taken::Expired(_) => return Ok(turned_away(app, visit, Refusal::ExpiredState)),
        Taken::Unknown => return Ok(turned_away(app, visit, Refusal::UnknownState)),
    };
    let stage = flow::stage(app, visit, &way_back(app, &row)?).await?;
    if let Err(refusal) = fits(&row, &stage) {
        return refuse(app, visit, &stage, refusal).await;
    }
    let came = match weigh(app, visit, upstream, callback).await? {
        Ok(came) => came,
        Err(refusal) => return refuse(app, visit, &stage, refusal).await,
    };
    match row.purpose {
        Purpose::SignIn => recognise(app, visit, stage, &came.told).await,
        Purpose::Proofing => prove(app, visit, stage, &row, &came).await,
    }
}

/// What the service said, its ID token checked.
struct Came {
    known: Arc<Known>,
    tokens: Tokens,
    told: Told,
}

/// Code to tokens to subject. A key that is not known is looked for once more among the newest ones.
async fn weigh(
    app: &App,
    visit: &Visit,
    upstream: &Upstream,
    callback: Callback<'_>,
) -> Result<Result<Came, Refusal>, Fault> {
    let registration = upstream.registration();
    let code = match callback.returned(&registration.issuer) {
        Returned::Code(code) => code,
        Returned::Refused(refusal) => return Ok(Err(refusal)),
    };
    let secrets = Secrets::of(callback.state, &app.keys.upstream);
    let mut known = match upstream.known(app, visit.now).await {
        Ok(known) => known,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let with = (&*known, registration);
    let tokens = match exchange(&*app.outgoing, with, (code, &secrets), visit.now, &*app.entropy).await? {
        Ok(tokens) => tokens,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut told = read_id_token(with, &tokens, &secrets, visit.now);
    if told == Err(Refusal::UnknownKey) {
        known = match upstream.reloaded(app, &known, visit.now).await {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        told = read_id_token((&known, registration), &tokens, &secrets, visit.now);
    }
    Ok(told.map(|told| Came { known, tokens, told }))
}

/// In the interaction and for the account that it left with, and still for the same.
fn fits(row: &UpstreamVisit, stage: &Stage) -> Result<(), Refusal> {
    let account = stage.resident.as_ref().map(|resident| resident.account.id);
    let same = match row.purpose {
        Purpose::Proofing => row.account == account,
        Purpose::SignIn => true,
    };
    let awaited = super::start::purpose(stage) == Some(row.purpose);
    if same && awaited && row.interaction == stage.interaction.hash { Ok(()) } else { Err(Refusal::OtherBrowser) }
}

/// Signs in whom a proofing bound to this subject.
async fn recognise(app: &App, visit: &mut Visit, stage: Stage, told: &Told) -> Shown {
    let subject = told.who.keyed(&app.keys.index);
    let found = app.store.read_now(move |tx| bound(tx, &subject)).await?;
    match found.filter(|account| account.closed_at.is_none()) {
        Some(account) => {
            let proof = Proof { account: account.id, person: account.person, method: Method::DigitalAuthApp };
            sign_in(app, visit, stage, proof).await
        }
        None => refuse(app, visit, &stage, Refusal::NotBound).await,
    }
}

/// The account that a proofing bound to this subject. Of two subjects that one person brought only the last one counts.
fn bound(tx: &mut Tx, subject: &Hash) -> Outcome<Option<Account>> {
    let by_app = |one: &Proofing| one.method == ProofingMethod::DigitalAuthApp && one.status != ProofingStatus::Revoked;
    let Some(made) = pass_store::proofings::find_by_serial(tx, subject)?.into_iter().find(by_app) else {
        return Ok(None);
    };
    let last = pass_store::proofings::find_all_of(tx, made.person)?.into_iter().find(by_app);
    match last.filter(|last| last.keyed_serial == *subject) {
        Some(_) => pass_store::accounts::find_by_person(tx, made.person),
        None => Ok(None),
    }
}

/// Asks for the four, and lets them wait.
async fn prove(app: &App, visit: &Visit, stage: Stage, row: &UpstreamVisit, came: &Came) -> Shown {
    let attested = match read_userinfo(&*app.outgoing, &came.known, &came.tokens, &came.told, visit.now).await? {
        Ok(attested) => attested,
        Err(refusal) => return refuse(app, visit, &stage, refusal).await,
    };
    match keep::wait(app, visit, &stage, row.hash, &attested).await? {
        Ok(()) => Ok(flow::see_other(&stage.path("proof/done"))),
        Err(refusal) => refuse(app, visit, &stage, refusal).await,
    }
}

/// Opened once more. What waits here is shown; everything else was one use.
async fn again(app: &App, visit: &Visit, row: &UpstreamVisit) -> Shown {
    match flow::stage(app, visit, &way_back(app, row)?).await {
        Ok(stage) if stage.interaction.progress.read == Some(row.hash) => {
            Ok(flow::see_other(&stage.path("proof/done")))
        }
        Ok(stage) => Ok(refused(app, visit, &stage, Refusal::UsedState)),
        Err(Stop::Page(_)) => Ok(turned_away(app, visit, Refusal::UsedState)),
        Err(fault) => Err(fault),
    }
}

fn way_back(app: &App, row: &UpstreamVisit) -> Result<String, Fault> {
    let handle = app.keys.upstream.open(super::start::HANDLE, &row.sealed_handle)?;
    String::from_utf8(handle).map_err(|error| Fault::because("read the way back of an upstream visit", error))
}

/// Ends a visit that came back to the wrong place.
async fn end(app: &App, visit: &Visit, row: &UpstreamVisit) -> Result<(), Fault> {
    let event = match row.account {
        Some(account) => {
            let person = crate::account::person_of(app, account).await?;
            let code = Refusal::OtherBrowser.code().to_string();
            Some(audit(app, visit, (account, person), Act::ProofingRefuse, code))
        }
        None => None,
    };
    let hash = row.hash;
    app.store
        .write(move |tx| match (pass_store::upstream_visits::close(tx, &hash)?, &event) {
            (true, Some(event)) => pass_store::audit::insert(tx, event),
            _ => Ok(()),
        })
        .await
}

/// Nothing came of it; of a proofing the audit log tells why.
async fn refuse(app: &App, visit: &Visit, stage: &Stage, refusal: Refusal) -> Shown {
    if let Some(resident) = stage.resident.as_ref().filter(|_| stage.is_at("proof")) {
        let event = audit(app, visit, resident.ids(), Act::ProofingRefuse, refusal.code().into());
        app.store.write(move |tx| pass_store::audit::insert(tx, &event)).await?;
    }
    Ok(refused(app, visit, stage, refusal))
}
