//! A guardian's word: the child whose card was read is somebody that the account acts for. Mother and father may each act for the
//! same child: it stays one person under one number, each of them brings its card, and whoever acts for it already is told.
//! The card of a child of the family, read again, or its next card, takes the place of what was read before.

use super::binding::letter;
use super::dependant::{is_of, refuse, waiting};
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
use pass_core::id::{AccountId, PersonId, RelationId};
use pass_core::secret::Hash;
use pass_store::Tx;

/// What came of the guardian's word.
pub enum Kept {
    /// The child is in the family, now or since the same page was answered before.
    Added,
    /// The child of the family is known as the card says now.
    Reread,
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
}

/// What the guardian says of a card.
#[derive(Clone, Copy)]
pub enum Word {
    /// It is of a child that comes into the family, as whose parent or guardian the account acts.
    Adds(RelationKind),
    /// It is of this child of the family: read again, or the next card.
    Rereads(RelationId),
}

/// A child of the family.
pub struct Child {
    /// That the account acts for it.
    pub relation: RelationId,
    /// Its name as it is known now.
    pub name: String,
}

/// Whose card was read, as far as the family goes.
pub enum Whose {
    /// Of this child of the family, by the chip.
    Known(Child),
    /// By the chip of nobody in the family. These have the same birth date and sex: it may be the next card of one of them.
    Perhaps(Vec<Child>),
}

/// Whose card it is that the guardian looks at.
pub async fn whose(app: &App, visit: &Visit, resident: &Resident, new: &NewProofing) -> Result<Whose, Fault> {
    let (account, chip, now) = (resident.account.id, new.proofing().keyed_serial, visit.now);
    let (known, family) = app
        .store
        .read_now(move |tx| {
            let known = known(tx, &chip)?;
            let relations = pass_store::relations::find_all_of(tx, account)?;
            let live = relations.into_iter().filter(|one| one.holds(now));
            let family = live.map(|one| Ok((people::sealed_records(tx, one.person)?, one)));
            Ok((known, family.collect::<Outcome<Vec<_>>>()?))
        })
        .await?;
    let mut alike = Vec::new();
    for (sealed, relation) in family {
        let records = people::open_records(app, relation.person, sealed)?;
        let Some((record, _)) = records.proven() else { continue };
        let child = Child { relation: relation.id, name: record.name.clone() };
        if known.as_ref().is_some_and(|(person, _)| *person == relation.person) {
            return Ok(Whose::Known(child));
        }
        if known.is_none() && new.record().may_be_same_person(record) {
            alike.push(child);
        }
    }
    Ok(Whose::Perhaps(alike))
}

/// How often somebody else may change who acts for the child while this guardian's word is written.
const TRIES: usize = 4;

/// The guardian has seen it and says whose it is.
pub async fn keep(app: &App, visit: &Visit, resident: &Resident, secret: &str, word: Word) -> Result<Kept, Fault> {
    let found = find(app, secret).await?;
    let Some(ticket) = found.filter(|one| is_of(one, visit, resident) && one.expires_at > visit.now) else {
        return Ok(Kept::Refused("ticket_expired".into()));
    };
    if ticket.outcome.as_deref() == Some(CardTicket::DONE) {
        return Ok(match word {
            Word::Adds(_) => Kept::Added,
            Word::Rereads(_) => Kept::Reread,
        });
    }
    if let Some(code) = ticket.refusal() {
        return Ok(Kept::Refused(code.into()));
    }
    if ticket.completion.is_some() || ticket.used_at.is_none() {
        return Ok(Kept::Refused("ticket_expired".into()));
    }
    for _ in 0..TRIES {
        let written = match prepare(app, visit, resident, &ticket, word).await? {
            Ok(keeping) => app.store.write(move |tx| keeping.write(tx)).await?,
            Err(code) => Written::Refused(code),
        };
        match written {
            Written::Added => {
                app.outbox.notify_one();
                return Ok(Kept::Added);
            }
            Written::Reread => return Ok(Kept::Reread),
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
    word: Word,
) -> Result<Result<Keeping, &'static str>, Fault> {
    let fresh = PersonId::new(visit.now, &*app.entropy);
    let chip = match waiting(app, visit, resident, ticket, fresh)? {
        Ok(new) => new.proofing().keyed_serial,
        Err(code) => return Ok(Err(code)),
    };
    let account = resident.account.id;
    let (before, family) =
        app.store.read_now(move |tx| Ok((known(tx, &chip)?, pass_store::relations::find_all_of(tx, account)?))).await?;
    let step = match step(word, before.as_ref(), &family, visit.now) {
        Ok(step) => step,
        Err(code) => return Ok(Err(code)),
    };
    let child = match &step {
        Step::Reread(relation) => relation.person,
        Step::Add(_) => before.as_ref().map_or(fresh, |(child, _)| *child),
    };
    let new = match waiting(app, visit, resident, ticket, child)? {
        Ok(new) => new,
        Err(code) => return Ok(Err(code)),
    };
    let key = if child == fresh {
        crate::account::insert_key(app, child, visit.now).await?
    } else {
        let rows = app.store.read_now(move |tx| people::sealed_records(tx, child)).await?;
        let records = people::open_records(app, child, rows)?;
        // The same chip with another birth date or sex was not read by an agent that tells the truth; another chip is another child's.
        if records.proven().is_some_and(|(record, _)| !new.record().may_be_same_person(record)) {
            return Ok(Err("other_person"));
        }
        people::person_key(app, child).await?
    };
    let record = sealed(app, &key, child, PROVEN, new.record());
    let kept = match step {
        Step::Add(kind) => {
            let Some(until) = majority(new.record().birthdate) else { return Ok(Err("unusable_identity")) };
            let others = before.iter().flat_map(|(_, relations)| relations);
            let told = Told::of_newcomer(app, visit, resident, (child, kind), others).await?;
            let id = RelationId::new(visit.now, &*app.entropy);
            let from = visit.now;
            Keep::Add(Relation { id, account, person: child, kind, from, until, ended_at: None }, told)
        }
        Step::Reread(relation) => {
            let event = |of| audit(app, visit, (account, of), Act::FamilyReread, String::new());
            Keep::Reread(relation.id, [child, resident.person()].map(event))
        }
    };
    Ok(Ok(Keeping { before, child, new, record, kept, account, ticket: ticket.hash, now: visit.now }))
}

/// What is to be done, once it is known whose the chip is.
enum Step {
    Add(RelationKind),
    Reread(Relation),
}

/// A chip that is known decides whose it is, whatever the guardian says; one that is not may be the next one of a child of the family.
fn step(
    word: Word,
    known: Option<&(PersonId, Vec<Relation>)>,
    family: &[Relation],
    now: Time,
) -> Result<Step, &'static str> {
    let live = || family.iter().filter(|one| one.holds(now));
    let by_chip = known.and_then(|(person, _)| live().find(|one| one.person == *person));
    match (word, by_chip) {
        (Word::Adds(_), Some(relation)) => Ok(Step::Reread(relation.clone())),
        (Word::Adds(kind), None) => Ok(Step::Add(kind)),
        (Word::Rereads(id), _) => {
            let relation = live().find(|one| one.id == id).ok_or("ticket_expired")?;
            match known {
                Some((person, _)) if *person != relation.person => Err("other_person"),
                _ => Ok(Step::Reread(relation.clone())),
            }
        }
    }
}

/// Who is told of it, and how.
struct Told {
    events: Vec<AuditEvent>,
    letters: Vec<OutboxItem>,
}

impl Told {
    /// In the histories of both: whoever acts for the child reads it, and so does the child, one day.
    async fn of_newcomer(
        app: &App,
        visit: &Visit,
        newcomer: &Resident,
        (child, kind): (PersonId, RelationKind),
        others: impl Iterator<Item = &Relation>,
    ) -> Result<Self, Fault> {
        let event = |of| audit(app, visit, (newcomer.account.id, of), Act::FamilyAdd, kind.as_str().into());
        let mut told = Self { events: [child, newcomer.person()].map(event).into(), letters: Vec::new() };
        for other in others {
            told.add(app, visit, newcomer, other).await?;
        }
        Ok(told)
    }

    fn write(&self, tx: &mut Tx) -> Outcome<()> {
        for event in &self.events {
            pass_store::audit::insert(tx, event)?;
        }
        for letter in &self.letters {
            pass_store::outbox::insert(tx, letter)?;
        }
        Ok(())
    }

    /// Somebody who acts for the child already: in their own history, and by mail.
    async fn add(&mut self, app: &App, visit: &Visit, newcomer: &Resident, other: &Relation) -> Result<(), Fault> {
        let other = people::load(app, other.account, None).await?;
        let ids = (newcomer.account.id, other.person());
        self.events.push(audit(app, visit, ids, Act::FamilyJoin, String::new()));
        self.letters.extend(letter(app, visit, &other, CardNews::FamilyJoined)?);
        Ok(())
    }
}

/// A child's card about to be kept.
struct Keeping {
    before: Known,
    child: PersonId,
    new: NewProofing,
    record: Vec<u8>,
    kept: Keep,
    account: AccountId,
    ticket: Hash,
    now: Time,
}

/// What it means to the family.
enum Keep {
    Add(Relation, Told),
    Reread(RelationId, [AuditEvent; 2]),
}

/// What came of the transaction.
enum Written {
    Added,
    Reread,
    Refused(&'static str),
    /// Somebody else was added or removed meanwhile.
    Overtaken,
}

impl Keeping {
    fn write(&self, tx: &mut Tx) -> Outcome<Written> {
        let child = self.child;
        if !pass_store::accounts::hold_open(tx, self.account)? {
            return Ok(Written::Refused("ticket_expired"));
        }
        // One card, one person: of two guardians at once the second finds what the first has written.
        pass_store::card_turns::take(tx, [&self.new.proofing().keyed_serial])?;
        let is_new = self.before.is_none() && matches!(self.kept, Keep::Add(..));
        if !is_new && !pass_store::persons::hold(tx, child)? {
            return Ok(Written::Overtaken);
        }
        if known(tx, &self.new.proofing().keyed_serial)? != self.before {
            return Ok(Written::Overtaken);
        }
        if let Keep::Reread(relation, _) = &self.kept
            && !pass_store::relations::hold(tx, self.account, *relation, self.now)?
        {
            return Ok(Written::Overtaken);
        }
        // Of two answers to one page only the first writes.
        if !pass_store::card_tickets::end(tx, &self.ticket, CardTicket::DONE, self.now)? {
            return Ok(Written::Refused("ticket_used"));
        }
        if is_new {
            pass_store::persons::insert(tx, &Person { id: child, created_at: self.now, erased_at: None })?;
        }
        pass_store::proofings::insert(tx, &self.new)?;
        pass_store::sealed_records::put(tx, child, &self.record, self.now)?;
        match &self.kept {
            Keep::Add(relation, told) => {
                pass_store::relations::insert(tx, relation)?;
                told.write(tx)?;
                Ok(Written::Added)
            }
            Keep::Reread(_, events) => {
                for event in events {
                    pass_store::audit::insert(tx, event)?;
                }
                Ok(Written::Reread)
            }
        }
    }
}
