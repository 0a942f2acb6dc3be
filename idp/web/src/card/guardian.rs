//! A guardian's word: the child whose card was read is somebody that the account acts for. Mother and father may each act for the
//! same child: it stays one person under one number, each of them brings its card, and whoever acts for it already is told.

use super::binding::letter;
use super::dependant::{ALREADY_FAMILY, is_of, refuse, waiting};
use super::settle::{audit, find};
use crate::app::App;
use crate::mail::CardNews;
use crate::people::{self, PROVEN, Resident, sealed};
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::Time;
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::outbox::OutboxItem;
use pass_core::domain::person::Person;
use pass_core::domain::proofing::{CardTicket, NewProofing};
use pass_core::domain::relation::{Relation, RelationKind, majority};
use pass_core::fault::Outcome;
use pass_core::id::{PersonId, RelationId};
use pass_core::secret::Hash;
use pass_store::Tx;

/// What came of the guardian's word.
pub enum Kept {
    /// The child is in the family, now or since the same page was answered before.
    Added,
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
}

/// How often somebody else may change who acts for the child while this guardian's word is written.
const TRIES: usize = 4;

/// The guardian has seen it and says as what they act for the child.
pub async fn keep(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    secret: &str,
    kind: RelationKind,
) -> Result<Kept, Fault> {
    let found = find(app, secret).await?;
    let Some(ticket) = found.filter(|one| is_of(one, visit, resident) && one.expires_at > visit.now) else {
        return Ok(Kept::Refused("ticket_expired".into()));
    };
    if ticket.outcome.as_deref() == Some(CardTicket::DONE) {
        return Ok(Kept::Added);
    }
    if let Some(code) = ticket.refusal() {
        return Ok(Kept::Refused(code.into()));
    }
    if ticket.completion.is_some() || ticket.used_at.is_none() {
        return Ok(Kept::Refused("ticket_expired".into()));
    }
    for _ in 0..TRIES {
        let written = match prepare(app, visit, resident, &ticket, kind).await? {
            Ok(adding) => app.store.write(move |tx| adding.write(tx)).await?,
            Err(code) => Written::Refused(code),
        };
        match written {
            Written::Added => {
                app.outbox.notify_one();
                return Ok(Kept::Added);
            }
            Written::Refused(code) => {
                refuse(app, visit, resident, &ticket, code).await?;
                return Ok(Kept::Refused(code.into()));
            }
            Written::Overtaken => {}
        }
    }
    Err(Fault::new("add a child to a family: who acts for it never stood still"))
}

/// What is known of the child by its chip: the person, and who acts for them.
type Known = Option<(PersonId, Vec<Relation>)>;

fn known(tx: &mut Tx, chip: &Hash) -> Outcome<Known> {
    let Some(proofing) = pass_store::proofings::find_by_serial(tx, chip)?.into_iter().next() else { return Ok(None) };
    Ok(Some((proofing.person, pass_store::relations::find_all_to(tx, proofing.person)?)))
}

async fn prepare(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
    kind: RelationKind,
) -> Result<Result<Adding, &'static str>, Fault> {
    let fresh = PersonId::new(visit.now, &*app.entropy);
    let chip = match waiting(app, visit, resident, ticket, fresh)? {
        Ok(new) => new.proofing().keyed_serial,
        Err(code) => return Ok(Err(code)),
    };
    let before = app.store.read_now(move |tx| known(tx, &chip)).await?;
    let child = before.as_ref().map_or(fresh, |(child, _)| *child);
    let new = match waiting(app, visit, resident, ticket, child)? {
        Ok(new) => new,
        Err(code) => return Ok(Err(code)),
    };
    let Some(until) = majority(new.record().birthdate) else { return Ok(Err("unusable_identity")) };
    let key = match &before {
        None => crate::account::insert_key(app, child, visit.now).await?,
        Some((_, relations)) if relations.iter().any(|one| one.account == resident.account.id) => {
            return Ok(Err(ALREADY_FAMILY));
        }
        Some(_) => {
            let rows = app.store.read_now(move |tx| people::sealed_records(tx, child)).await?;
            let records = people::open_records(app, child, rows)?;
            // The same chip with another birth date or sex was not read by an agent that tells the truth.
            if records.proven().is_some_and(|(record, _)| !new.record().may_be_same_person(record)) {
                return Ok(Err("other_person"));
            }
            people::person_key(app, child).await?
        }
    };
    let relation = Relation {
        id: RelationId::new(visit.now, &*app.entropy),
        account: resident.account.id,
        person: child,
        kind,
        from: visit.now,
        until,
        ended_at: None,
    };
    // In the histories of both: whoever acts for the child reads it, and so does the child, one day.
    let added = [child, resident.person()]
        .map(|of| audit(app, visit, (resident.account.id, of), Act::FamilyAdd, kind.as_str().into()));
    let mut told = Told { events: added.into(), letters: Vec::new() };
    for other in before.iter().flat_map(|(_, relations)| relations) {
        told.add(app, visit, resident, other).await?;
    }
    let record = sealed(app, &key, child, PROVEN, new.record());
    Ok(Ok(Adding { before, new, record, relation, told, ticket: ticket.hash, now: visit.now }))
}

/// Who is told of it, and how.
struct Told {
    events: Vec<AuditEvent>,
    letters: Vec<OutboxItem>,
}

impl Told {
    /// Somebody who acts for the child already: in their own history, and by mail.
    async fn add(&mut self, app: &App, visit: &Visit, newcomer: &Resident, other: &Relation) -> Result<(), Fault> {
        let other = people::load(app, other.account, None).await?;
        let ids = (newcomer.account.id, other.person());
        self.events.push(audit(app, visit, ids, Act::FamilyJoin, String::new()));
        self.letters.extend(letter(app, visit, &other, CardNews::FamilyJoined)?);
        Ok(())
    }
}

/// A child about to be added.
struct Adding {
    before: Known,
    new: NewProofing,
    record: Vec<u8>,
    relation: Relation,
    told: Told,
    ticket: Hash,
    now: Time,
}

/// What came of the transaction.
enum Written {
    Added,
    Refused(&'static str),
    /// Somebody else was added or removed meanwhile.
    Overtaken,
}

impl Adding {
    fn write(&self, tx: &mut Tx) -> Outcome<Written> {
        let child = self.relation.person;
        if !pass_store::accounts::hold_open(tx, self.relation.account)? {
            return Ok(Written::Refused("ticket_expired"));
        }
        // One card, one person: of two guardians at once the second finds what the first has written.
        pass_store::card_turns::take(tx, [&self.new.proofing().keyed_serial])?;
        if self.before.is_some() && !pass_store::persons::hold(tx, child)? {
            return Ok(Written::Overtaken);
        }
        if known(tx, &self.new.proofing().keyed_serial)? != self.before {
            return Ok(Written::Overtaken);
        }
        // Of two answers to one page only the first writes.
        if !pass_store::card_tickets::end(tx, &self.ticket, CardTicket::DONE, self.now)? {
            return Ok(Written::Refused("ticket_used"));
        }
        if self.before.is_none() {
            pass_store::persons::insert(tx, &Person { id: child, created_at: self.now, erased_at: None })?;
        }
        pass_store::proofings::insert(tx, &self.new)?;
        pass_store::sealed_records::put(tx, child, &self.record, self.now)?;
        pass_store::relations::insert(tx, &self.relation)?;
        for event in &self.told.events {
            pass_store::audit::insert(tx, event)?;
        }
        for letter in &self.told.letters {
            pass_store::outbox::insert(tx, letter)?;
        }
        Ok(Written::Added)
    }
}
