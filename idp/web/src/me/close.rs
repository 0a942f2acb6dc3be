//! `/me/close`: give PASS up. In one transaction every consent is withdrawn, every session ended, every way to sign in
//! removed and the account closed, and the clients that registered for it are told; then the person's key is erased, and with
//! it every sealed value in the database and in every backup of it. A crash in between is mended by the purge job.
//!
//! What stays has no personal value: consents, proofings and the audit log (`docs/privacy.md`).

use super::sharing::{self, Sharing};
use super::{Entry, enter, event, family};
use crate::app::App;
use crate::flow;
use crate::kit::show;
use crate::notices::Notices;
use crate::page::{Closed, MeClose};
use crate::people::Resident;
use crate::problem::{Broken, Shown};
use crate::step::finish;
use crate::step::form::Form;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::interaction::OwnErrand;
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, PersonId};
use pass_core::{Fault, Time};
use pass_store::Tx;
use std::collections::BTreeSet;

/// The question.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        match enter(&app, &visit, OwnErrand::Close, request.path()).await? {
            Entry::In(resident) => ask(&app, &visit, &resident, false).await,
            Entry::Elsewhere(first) => Ok(first),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// The answer.
pub(super) async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = answer(&app, &request, &visit, &body).await;
    finish(&app, &visit, shown)
}

async fn answer(app: &App, request: &HttpRequest, visit: &Visit, body: &str) -> Shown {
    let form = Form::parse(body)?;
    flow::checked(app, request, visit, form.get("csrf"))?;
    let resident = match enter(app, visit, OwnErrand::Close, request.path()).await? {
        Entry::In(resident) => resident,
        Entry::Elsewhere(first) => return Ok(first),
    };
    if form.text("confirm").trim() != MeClose::confirmation(visit.lang).text() {
        return ask(app, visit, &resident, true).await;
    }
    close(app, visit, &resident).await?;
    Ok(show(StatusCode::OK, &Closed { shell: visit.shell(app), asker: None }))
}

async fn ask(app: &App, visit: &Visit, resident: &Resident, wrong: bool) -> Shown {
    let live: Vec<Sharing> = sharing::all(app, resident).await?.into_iter().filter(|one| one.ended.is_none()).collect();
    let person = resident.person();
    let face = app.store.read_now(move |tx| pass_store::face_templates::find(tx, person)).await?.is_some();
    let page = MeClose {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        facilities: live.iter().map(|one| one.name(visit)).collect(),
        face,
        wrong,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(status, &page))
}

async fn close(app: &App, visit: &Visit, resident: &Resident) -> Result<(), Fault> {
    let person = resident.person();
    let closing = Closing {
        account: resident.account.id,
        person,
        now: visit.now,
        notices: Notices::at(app, visit.now),
        audit: event(app, visit, resident, Act::AccountClose, String::new()),
    };
    let alone = app.store.write(move |tx| closing.write(tx)).await?;
    for person in alone.into_iter().chain([person]) {
        app.store.write_keys(move |tx| pass_store::person_keys::erase(tx, person)).await?;
    }
    app.outbox.notify_one();
    Ok(())
}

struct Closing {
    account: AccountId,
    person: PersonId,
    now: Time,
    notices: Notices,
    audit: AuditEvent,
}

impl Closing {
    /// Gives the children for whom nobody acts any more.
    fn write(&self, tx: &mut Tx) -> Outcome<Vec<PersonId>> {
        // Pressed twice, written once.
        if !pass_store::accounts::close(tx, self.account, self.now)? {
            return Ok(Vec::new());
        }
        self.withdraw(tx)?;
        for session in pass_store::sessions::find_all_live_of(tx, self.account, self.now)? {
            self.notices.end_session(tx, session.id)?;
        }
        for credential in pass_store::credentials::find_all_of(tx, self.account)? {
            pass_store::credentials::remove(tx, self.account, credential.id)?;
        }
        pass_store::face_templates::remove(tx, self.person)?;
        pass_store::persons::mark_erased(tx, self.person, self.now)?;
        pass_store::audit::insert(tx, &self.audit)?;
        family::end_all(tx, self.account, self.now)
    }

    /// Every client is told by what it had; then nothing is left for the end of the sessions to tell.
    fn withdraw(&self, tx: &mut Tx) -> Outcome<()> {
        let grants = pass_store::grants::find_all_live_of(tx, self.account)?;
        let consents = pass_store::consents::find_all_of(tx, self.person)?;
        let live = consents.iter().filter(|one| one.withdrawn_at.is_none()).map(|one| one.client);
        let clients: BTreeSet<_> = live.chain(grants.iter().map(|grant| grant.client)).collect();
        for client in clients {
            let mut ended = grants.clone();
            ended.retain(|grant| grant.client == client);
            pass_store::grants::revoke_by_account(tx, self.account, client, self.now)?;
            pass_store::consents::withdraw_all(tx, self.person, client, self.now)?;
            self.notices.withdrawn(tx, client, self.person, &ended)?;
        }
        Ok(())
    }
}
