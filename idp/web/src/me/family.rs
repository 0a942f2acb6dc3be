//! `/me/family`: the children that an account acts for, and how one more is added: their card is read at the agent with its four
//! digits, the guardian sees what it says and states who they are to the child.

use super::row::{handle, is};
use super::{Entry, enter, event};
use crate::app::App;
use crate::card::dependant::{self, Arrived};
use crate::card::guardian::{self, Kept, Whose, Word};
use crate::card::settle::{Brought, is_of_another_browser};
use crate::card::ticket::issue_reading;
use crate::flow;
use crate::kit::{Way, WayKind, date, show};
use crate::page::family_confirm::FamilyChild;
use crate::page::me_family::{FamilyDone, FamilyLine};
use crate::page::{CardRefused, FamilyConfirm, MeFamily};
use crate::people::{self, Resident};
use crate::problem::{Broken, Shown};
use crate::step::finish;
use crate::step::form::Form;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::session::{Act as Wish, may};
use pass_core::claims::age::age;
use pass_core::domain::audit::Act;
use pass_core::domain::interaction::OwnErrand;
use pass_core::domain::person::ProvenRecord;
use pass_core::domain::proofing::{NewProofing, Proofing, ProofingMethod};
use pass_core::domain::relation::{Relation, RelationKind};
use pass_core::fault::Outcome;
use pass_core::id::PersonId;
use pass_core::{Fault, Time};
use pass_store::Tx;

const HERE: &str = "/me/family";

/// The list.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        match enter(&app, &visit, OwnErrand::Protected, HERE).await? {
            Entry::In(resident) => {
                let done = match Form::parse(request.query_string())?.text("done") {
                    "added" => Some(FamilyDone::Added),
                    "reread" => Some(FamilyDone::Reread),
                    _ => None,
                };
                draw(&app, &visit, &resident, done).await
            }
            Entry::Elsewhere(first) => Ok(first),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// To the agent with a child's card, or the end of acting for a child.
pub(super) async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        let resident = match enter(&app, &visit, OwnErrand::Protected, HERE).await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        if !may_change(&visit, &resident) {
            return Ok(flow::see_other("/me/stronger"));
        }
        match (form.text("do"), &app.settings.agent_url) {
            ("add", Some(agent)) if may_add(&app, &resident) => {
                Ok(flow::see_other(&issue_reading(&app, &visit, &resident, agent).await?))
            }
            ("remove", _) => remove(&app, &visit, &resident, form.text("id")).await,
            _ => draw(&app, &visit, &resident, None).await,
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// `GET /me/family/return?ticket=&completion=`: back from the agent, with what the card says.
pub(super) async fn come_back(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let query = Form::parse(request.query_string())?;
        let brought = Brought { ticket: query.text("ticket"), completion: query.text("completion") };
        // Before anybody is signed in: whoever read a card for somebody else is told so.
        if is_of_another_browser(&app, &visit, brought.ticket).await? {
            return Ok(refused(&app, &visit, crate::card::settle::OTHER_BROWSER));
        }
        let resident = match enter(&app, &visit, OwnErrand::Protected, HERE).await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        match dependant::arrive(&app, &visit, &resident, brought).await? {
            Arrived::Read(new) => confirm(&app, &visit, &resident, (&new, brought.ticket), false).await,
            Arrived::Refused(code) => Ok(refused(&app, &visit, &code)),
            Arrived::Nothing | Arrived::Done => Ok(flow::see_other(HERE)),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

/// The guardian's word.
pub(super) async fn keep(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        let resident = match enter(&app, &visit, OwnErrand::Protected, HERE).await? {
            Entry::In(resident) => resident,
            Entry::Elsewhere(first) => return Ok(first),
        };
        let ticket = form.text("ticket");
        if form.text("decision") == "drop" {
            dependant::forget(&app, &visit, &resident, ticket).await?;
            return Ok(flow::see_other(HERE));
        }
        if !may_change(&visit, &resident) || !may_add(&app, &resident) {
            return Ok(flow::see_other("/me/stronger"));
        }
        let Some(word) = word(&app, &resident, &form).await? else {
            let brought = Brought { ticket, completion: "" };
            return match dependant::arrive(&app, &visit, &resident, brought).await? {
                Arrived::Read(new) => confirm(&app, &visit, &resident, (&new, ticket), true).await,
                Arrived::Refused(code) => Ok(refused(&app, &visit, &code)),
                _ => Ok(flow::see_other(HERE)),
            };
        };
        match guardian::keep(&app, &visit, &resident, ticket, word).await? {
            // Another address than the question's: going back finds the list, not a question that was answered.
            Kept::Added => Ok(flow::see_other("/me/family?done=added")),
            Kept::Reread => Ok(flow::see_other("/me/family?done=reread")),
            Kept::Refused(code) => Ok(refused(&app, &visit, &code)),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

fn may_change(visit: &Visit, resident: &Resident) -> bool {
    let session = visit.session.as_ref();
    session.is_some_and(|session| may(Wish::AddFamily, session, resident.protected_since(), visit.now).is_ok())
}

/// Whoever vouches for a child is known by a signature of their own, which still holds.
fn may_add(app: &App, resident: &Resident) -> bool {
    let signed = |method| method == ProofingMethod::SignCertificate;
    !app.text_anchors.is_empty()
        && app.settings.agent_url.is_some()
        && resident.proofed_at().is_some()
        && resident.proven().is_some_and(|(_, proofing)| signed(proofing.method))
}

/// Whose card it is, as the guardian says: of this child of the family, or of one who comes into it.
async fn word(app: &App, resident: &Resident, form: &Form) -> Result<Option<Word>, Fault> {
    let posted = form.text("child");
    if !posted.is_empty() && posted != FamilyConfirm::OTHER {
        let account = resident.account.id;
        let mine = app.store.read_now(move |tx| pass_store::relations::find_all_of(tx, account)).await?;
        return Ok(mine.into_iter().find(|one| is(app, &one.id.0, posted)).map(|one| Word::Rereads(one.id)));
    }
    let declared = form.text("declare") == "yes";
    Ok(RelationKind::parse(form.text("kind")).filter(|_| declared).map(Word::Adds))
}

async fn confirm(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    (new, ticket): (&NewProofing, &str),
    undeclared: bool,
) -> Shown {
    let record = new.record();
    let child = |one: guardian::Child| FamilyChild { id: handle(app, &one.relation.0), name: one.name };
    let (known, alike) = match guardian::whose(app, visit, resident, new).await? {
        Whose::Known(one) => (Some(child(one)), Vec::new()),
        Whose::Perhaps(some) => (None, some.into_iter().map(child).collect()),
    };
    let page = FamilyConfirm {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        ticket: ticket.to_string(),
        name: record.name.clone(),
        address: record.address.clone(),
        birthdate: record.birthdate.day().map(pass_core::time::Day::iso).unwrap_or_default(),
        known,
        alike,
        undeclared,
    };
    Ok(show(if undeclared { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page))
}

fn refused(app: &App, visit: &Visit, code: &str) -> HttpResponse {
    let page = CardRefused {
        shell: visit.shell(app),
        asker: None,
        code: code.to_string(),
        reference: crate::problem::reference(app),
        ways: vec![Way::new(WayKind::Again, HERE), Way::new(WayKind::Home, "/me")],
        signature: None,
    };
    show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Nobody is left who acts for the child and it has no account: what PASS knows of it is erased.
async fn remove(app: &App, visit: &Visit, resident: &Resident, posted: &str) -> Shown {
    let account = resident.account.id;
    let mine = app.store.read_now(move |tx| pass_store::relations::find_all_of(tx, account)).await?;
    let Some(relation) = mine.into_iter().find(|one| is(app, &one.id.0, posted)) else {
        return draw(app, visit, resident, None).await;
    };
    let of_guardian = event(app, visit, resident, Act::FamilyRemove, String::new());
    let mut of_child = event(app, visit, resident, Act::FamilyRemove, String::new());
    of_child.person = Some(relation.person);
    let now = visit.now;
    let erased = app
        .store
        .write(move |tx| {
            // Somebody who is about to act for the child waits, and finds it as this leaves it.
            pass_store::persons::hold(tx, relation.person)?;
            if !pass_store::relations::close(tx, account, relation.id, now)? {
                return Ok(false);
            }
            // What was agreed to in the child's name ends with whoever agreed.
            pass_store::face_templates::remove(tx, relation.person)?;
            pass_store::audit::insert(tx, &of_child)?;
            pass_store::audit::insert(tx, &of_guardian)?;
            erase_if_alone(tx, relation.person, now)
        })
        .await?;
    if erased {
        let person = relation.person;
        app.store.write_keys(move |tx| pass_store::person_keys::erase(tx, person)).await?;
    }
    draw(app, visit, resident, Some(FamilyDone::Removed)).await
}

/// Marks a person as erased for whom nobody acts any more and who has no account. `true`: the key is to be erased.
pub(super) fn erase_if_alone(tx: &mut Tx, person: PersonId, now: Time) -> Outcome<bool> {
    let somebody = !pass_store::relations::find_all_to(tx, person)?.is_empty();
    if somebody || pass_store::accounts::find_by_person(tx, person)?.is_some() {
        return Ok(false);
    }
    pass_store::face_templates::remove(tx, person)?;
    pass_store::persons::mark_erased(tx, person, now)
}

async fn draw(app: &App, visit: &Visit, resident: &Resident, done: Option<FamilyDone>) -> Shown {
    let account = resident.account.id;
    let rows = app
        .store
        .read_now(move |tx| {
            let relations = pass_store::relations::find_all_of(tx, account)?;
            relations
                .into_iter()
                .map(|one| Ok((people::sealed_records(tx, one.person)?, one)))
                .collect::<Outcome<Vec<_>>>()
        })
        .await?;
    let mut children = Vec::new();
    for (records, relation) in rows {
        if let Some((record, proofing)) = people::open_records(app, relation.person, records)?.proven() {
            children.push(line(app, visit, &relation, (record, proofing)));
        }
    }
    let page = MeFamily {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        children,
        may_add: may_add(app, resident),
        agent: app.settings.agent_url.clone().filter(|_| !app.text_anchors.is_empty()),
        done,
    };
    Ok(show(StatusCode::OK, &page))
}

fn line(app: &App, visit: &Visit, relation: &Relation, known: (&ProvenRecord, &Proofing)) -> FamilyLine {
    let (record, proofing) = known;
    let day = |at: Time| date::Day::of(at.0).words(visit.lang).text().to_string();
    FamilyLine {
        id: handle(app, &relation.id.0),
        name: record.name.clone(),
        age: age(record.birthdate, visit.now),
        kind: relation.kind,
        until: day(relation.until),
        read: day(proofing.verified_at),
        old: proofing.lapsed(visit.now),
        over: !relation.holds(visit.now),
    }
}

/// Ends what an account that is given up did for others; the persons whose keys are to be erased.
pub(super) fn end_all(tx: &mut Tx, account: pass_core::id::AccountId, now: Time) -> Result<Vec<PersonId>, Fault> {
    let mut erased = Vec::new();
    for relation in pass_store::relations::find_all_of(tx, account)? {
        pass_store::persons::hold(tx, relation.person)?;
        pass_store::relations::close(tx, account, relation.id, now)?;
        pass_store::face_templates::remove(tx, relation.person)?;
        if erase_if_alone(tx, relation.person, now)? {
            erased.push(relation.person);
        }
    }
    Ok(erased)
}
