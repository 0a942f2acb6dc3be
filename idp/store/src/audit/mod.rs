//! Audit events: inserted unchained in the transaction that causes them, linked in order by one leased chainer.
//!
//! Left out here: signing a checkpoint (the caller has the keys) and deciding when to make one.

mod chain;
mod checkpoints;
mod walk;

pub use chain::{chain, count_unlinked, find_linked, find_unlinked, head};
pub use checkpoints::{find_checkpoints, insert_checkpoint, latest_checkpoint, purge};
pub use walk::{Walk, verify};

use crate::place::{Bytes as _, Doing as _, Place, many};
use crate::schema::audit_events;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::audit::{Act, Actor, AuditEvent, ChainedEvent, Link};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, AuditId, ClientId, FacilityId, PersonId, StaffId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_events)]
struct Row {
    id: Vec<u8>,
    at: i64,
    actor: String,
    actor_id: Option<Vec<u8>>,
    act: String,
    person_id: Option<Vec<u8>>,
    facility_id: Option<Vec<u8>>,
    client_id: Option<Vec<u8>>,
    detail: String,
    sequence: Option<i64>,
    hash: Option<Vec<u8>>,
}

impl Row {
    fn write(event: &AuditEvent) -> Self {
        let (actor, actor_id) = actor_words(event.actor);
        Self {
            id: event.id.write(),
            at: event.at.0,
            actor: actor.into(),
            actor_id,
            act: event.act.as_str().into(),
            person_id: event.person.map(|id| id.write()),
            facility_id: event.facility.map(|id| id.write()),
            client_id: event.client.map(|id| id.write()),
            detail: event.detail.clone(),
            sequence: None,
            hash: None,
        }
    }

    fn read(self) -> Outcome<ChainedEvent> {
        let place = Place::of("audit_events", &self.id);
        let event = AuditEvent {
            id: place.bytes("id", &self.id)?,
            at: Time(self.at),
            actor: actor(&self.actor, self.actor_id.as_deref()).ok_or_else(|| place.wrong("actor"))?,
            act: place.word("act", &self.act, Act::parse)?,
            person: place.maybe("person_id", self.person_id.as_ref())?,
            facility: place.maybe("facility_id", self.facility_id.as_ref())?,
            client: place.maybe("client_id", self.client_id.as_ref())?,
            detail: self.detail.clone(),
        };
        let link = match (self.sequence, &self.hash) {
            (Some(sequence), Some(hash)) => Some(Link { sequence, hash: place.bytes("hash", hash)? }),
            (None, None) => None,
            _ => return Err(place.wrong("hash")),
        };
        Ok(ChainedEvent { event, link })
    }
}

fn actor_words(actor: Actor) -> (&'static str, Option<Vec<u8>>) {
    match actor {
        Actor::Account(id) => ("account", Some(id.write())),
        Actor::Staff(id) => ("staff", Some(id.write())),
        Actor::Client(id) => ("client", Some(id.write())),
        Actor::Operator => ("operator", None),
        Actor::System => ("system", None),
    }
}

fn actor(word: &str, id: Option<&[u8]>) -> Option<Actor> {
    match (word, id) {
        ("account", Some(id)) => AccountId::from_slice(id).map(Actor::Account),
        ("staff", Some(id)) => StaffId::from_slice(id).map(Actor::Staff),
        ("client", Some(id)) => ClientId::from_slice(id).map(Actor::Client),
        ("operator", None) => Some(Actor::Operator),
        ("system", None) => Some(Actor::System),
        _ => None,
    }
}

/// Which events to show; an absent field shows all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that concern a person.
    pub person: Option<PersonId>,
    /// Those that concern a facility.
    pub facility: Option<FacilityId>,
    /// Those that concern a client.
    pub client: Option<ClientId>,
    /// Those of these acts.
    pub acts: Vec<Act>,
    /// Those from this moment on.
    pub from: Option<Time>,
    /// Those before this moment.
    pub until: Option<Time>,
    /// Those older than this event: the last of the page before.
    pub before: Option<AuditId>,
}

/// A new event, unchained.
pub fn insert(tx: &mut Tx, event: &AuditEvent) -> Outcome<()> {
    diesel::insert_into(audit_events::table)
        .values(Row::write(event))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert an audit event")
}

/// A page of events, newest first.
pub fn page(tx: &mut Tx, filter: &Filter, limit: i64) -> Outcome<Vec<ChainedEvent>> {
    let mut query = audit_events::table.into_boxed().order(audit_events::id.desc()).limit(limit);
    if let Some(person) = filter.person {
        query = query.filter(audit_events::person_id.eq(person.write()));
    }
    if let Some(facility) = filter.facility {
        query = query.filter(audit_events::facility_id.eq(facility.write()));
    }
    if let Some(client) = filter.client {
        query = query.filter(audit_events::client_id.eq(client.write()));
    }
    if !filter.acts.is_empty() {
        query = query.filter(audit_events::act.eq_any(filter.acts.iter().map(|act| act.as_str())));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(from.0));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::at.lt(until.0));
    }
    if let Some(before) = filter.before {
        query = query.filter(audit_events::id.lt(before.write()));
    }
    many(query.load(&mut tx.db), "find a page of audit events", Row::read)
}

/// How often an act concerned a facility since a moment.
pub fn count(tx: &mut Tx, facility: FacilityId, act: Act, from: Time) -> Outcome<i64> {
    let query = audit_events::table
        .filter(audit_events::facility_id.eq(facility.write()))
        .filter(audit_events::act.eq(act.as_str()))
        .filter(audit_events::at.ge(from.0));
    query.count().get_result(&mut tx.db).doing("count audit events")
}
