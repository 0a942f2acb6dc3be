//! `GET` and `POST /manager/people`: a look-up by the exact mail address, with a stated reason. It is written into the log before
//! anything is shown, and stands in the person's own history with that reason. Looking for somebody who is not here is recorded,
//! too. What was proven (name, address, birth date, sex) is never opened.

use crate::duty::{Answered, OnDuty, enter};
use crate::page::{Found, Looked, People, ProofingLine, Reason, Room};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::authn::mail_code::Address;
use pass_core::domain::account::{Account, Credential, CredentialKind};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::proofing::{Proofing, ProofingStatus};
use pass_core::fault::Outcome;
use pass_web::app::App;
use pass_web::kit::{Words, date};
use pass_web::problem::Broken;
use pass_web::step::form::Form;

/// So many letters say what it is about.
const LEAST: usize = 10;
const MOST: usize = 200;

/// The question.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        on_duty.record(Act::ManagerRead, None, "people".into()).await?;
        show(on_duty, None, Looked::NotYet)
    })
    .await
}

/// The answer.
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    enter(&app, &request, async |on_duty| {
        let form = on_duty.form(&request, &body)?;
        let memo = memo(&form);
        let (Some(why), true) = (reason(&form), (LEAST..=MOST).contains(&memo.chars().count())) else {
            return show(on_duty, Some(&form), Looked::NoReason);
        };
        // The city's act, and the person's to read; no facility has a part in it.
        let event = on_duty.event(Act::PersonRead, None, format!("{}: {memo}", why.as_str()));
        let event = AuditEvent { facility: None, ..event };
        let looked = match find(on_duty, form.text("mail"), event).await? {
            Some((account, credentials, proofings)) => {
                Looked::Found(Box::new(found(on_duty, &account, &credentials, proofings)))
            }
            None => Looked::Nobody,
        };
        show(on_duty, Some(&form), looked)
    })
    .await
}

/// One line, without what would break the line of a log.
fn memo(form: &Form) -> String {
    form.text("memo").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn reason(form: &Form) -> Option<Reason> {
    Reason::ALL.into_iter().find(|one| one.as_str() == form.text("why"))
}

type Person = (Account, Vec<Credential>, Vec<Proofing>);

/// The account of an address, with the look-up written in the same transaction.
async fn find(on_duty: &OnDuty<'_>, mail: &str, event: AuditEvent) -> Outcome<Option<Person>> {
    let lookup = Address::parse(mail).ok().map(|address| address.index(&on_duty.app.keys.index));
    on_duty
        .app
        .store
        .write(move |tx| {
            let credential = match &lookup {
                Some(lookup) => pass_store::credentials::find_by_lookup(tx, CredentialKind::Mail, lookup)?,
                None => None,
            };
            let account = match credential {
                Some(credential) => pass_store::accounts::find(tx, credential.account)?,
                None => None,
            };
            let Some(account) = account.filter(|account| account.closed_at.is_none()) else {
                pass_store::audit::insert(tx, &event)?;
                return Ok(None);
            };
            pass_store::audit::insert(tx, &AuditEvent { person: Some(account.person), ..event.clone() })?;
            let credentials = pass_store::credentials::find_all_of(tx, account.id)?;
            let proofings = pass_store::proofings::find_all_of(tx, account.person)?;
            Ok(Some((account, credentials, proofings)))
        })
        .await
}

fn found(on_duty: &OnDuty<'_>, account: &Account, credentials: &[Credential], proofings: Vec<Proofing>) -> Found {
    let visit = on_duty.visit;
    let day = |at: Time| -> Words { date::Day::of(at.0).words(visit.lang) };
    let of = |kind| credentials.iter().filter(|one| one.kind == kind).count();
    let line = |one: Proofing| ProofingLine {
        method: one.method,
        at: day(one.verified_at),
        until: day(one.valid_until),
        revocation: one.checked("revocation").and_then(|check| check.as_of).map(day),
        // The job that says so runs now and then; the day counts at once.
        status: match one.status {
            ProofingStatus::Valid if one.lapsed(visit.now) => ProofingStatus::Stale,
            status => status,
        },
    };
    Found {
        since: day(account.created_at),
        passkeys: of(CredentialKind::Passkey),
        card: of(CredentialKind::Card) > 0,
        proofings: proofings.into_iter().map(line).collect(),
    }
}

fn show(on_duty: &OnDuty<'_>, form: Option<&Form>, looked: Looked) -> Answered {
    let typed = |name| form.map_or("", |form| form.text(name)).to_owned();
    let status = match looked {
        Looked::NoReason => StatusCode::UNPROCESSABLE_ENTITY,
        Looked::NotYet | Looked::Nobody | Looked::Found(_) => StatusCode::OK,
    };
    let page = People {
        shell: on_duty.visit.shell(on_duty.app),
        desk: on_duty.desk(Room::People),
        mail: typed("mail"),
        reason: form.and_then(reason),
        memo: typed("memo"),
        looked,
    };
    Ok(on_duty.show(status, &page))
}
