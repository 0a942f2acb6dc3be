//! Audit events: inserted unchained in the transaction that causes them, linked in order by one leased chainer.
//!
//! Left out here: signing a checkpoint (the caller has the keys) and deciding when to make one.

use crate::place::{Bytes as _, Doing as _, Place, many, one};
use crate::schema::{audit_checkpoints, audit_events};
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::audit::{Act, Actor, AuditEvent, ChainedEvent, Checkpoint, Link};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, AuditId, ClientId, FacilityId, PersonId, StaffId};
use pass_core::secret::Hash;

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

/// How many events wait for the chainer.
pub fn count_unlinked(tx: &mut Tx) -> Outcome<i64> {
    let waiting = audit_events::table.filter(audit_events::sequence.is_null());
    waiting.count().get_result(&mut tx.db).doing("count the waiting audit events")
}

/// The last link of the chain; before the first event a row of zeros.
pub fn head(tx: &mut Tx) -> Outcome<Link> {
    let linked = audit_events::table
        .filter(audit_events::sequence.is_not_null())
        .order(audit_events::sequence.desc())
        .select((audit_events::sequence.assume_not_null(), audit_events::hash.assume_not_null()));
    let newest = one(linked.first(&mut tx.db), "find the head of the audit chain", read_link)?;
    // After a purge up to the newest checkpoint the chain goes on from it.
    let anchor = latest_checkpoint(tx)?.map(|checkpoint| checkpoint.link);
    let start = Link { sequence: 0, hash: Hash([0; 32]) };
    Ok([newest, anchor].into_iter().flatten().max_by_key(|link| link.sequence).unwrap_or(start))
}

fn read_link((sequence, hash): (i64, Vec<u8>)) -> Outcome<Link> {
    Ok(Link { sequence, hash: Place::of("audit_events", &hash).bytes("hash", &hash)? })
}

/// Links up to `limit` waiting events behind the head and answers the new head and how many it linked.
/// The caller holds the lease `leases::AUDIT_CHAIN`; a second chainer would fail on the unique sequence.
pub fn chain(tx: &mut Tx, limit: i64) -> Outcome<(Link, usize)> {
    let mut head = head(tx)?;
    let waiting = find_unlinked(tx, limit)?;
    let linked = waiting.len();
    for event in waiting {
        head = Link { sequence: head.sequence + 1, hash: event.link(&head.hash) };
        let row = audit_events::table.find(event.id.write()).filter(audit_events::sequence.is_null());
        diesel::update(row)
            .set((audit_events::sequence.eq(head.sequence), audit_events::hash.eq(head.hash.write())))
            .execute(&mut tx.db)
            .doing("link an audit event")?;
    }
    Ok((head, linked))
}

/// The tail: events that wait for the chainer, oldest first.
pub fn find_unlinked(tx: &mut Tx, limit: i64) -> Outcome<Vec<AuditEvent>> {
    let query = audit_events::table.filter(audit_events::sequence.is_null()).order(audit_events::id).limit(limit);
    many(query.load(&mut tx.db), "find unlinked audit events", |row: Row| row.read().map(|event| event.event))
}

/// Linked events behind a sequence number, in order.
pub fn find_linked(tx: &mut Tx, after: i64, limit: i64) -> Outcome<Vec<ChainedEvent>> {
    let query = audit_events::table.filter(audit_events::sequence.gt(after)).order(audit_events::sequence).limit(limit);
    many(query.load(&mut tx.db), "find linked audit events", Row::read)
}

/// What a walk over the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The link before the first event that is still kept.
    pub from: Link,
    /// The last link that is right.
    pub to: Link,
    /// Events linked.
    pub linked: i64,
    /// The first event that does not fit behind the one before it.
    pub broken_at: Option<AuditId>,
    /// Events that wait for the chainer.
    pub unlinked: i64,
}

/// Walks the whole chain and stops at the first event that does not fit.
pub fn verify(tx: &mut Tx) -> Outcome<Walk> {
    const STEP: i64 = 1000;
    let from = anchor(tx)?;
    let unlinked = audit_events::table.filter(audit_events::sequence.is_null()).count();
    let unlinked = unlinked.get_result(&mut tx.db).doing("count unlinked audit events")?;
    let mut walk = Walk { from, to: from, linked: 0, broken_at: None, unlinked };
    loop {
        let step = find_linked(tx, walk.to.sequence, STEP)?;
        if step.is_empty() {
            return Ok(walk);
        }
        for ChainedEvent { event, link } in step {
            let expected = Link { sequence: walk.to.sequence + 1, hash: event.link(&walk.to.hash) };
            if link != Some(expected) {
                walk.broken_at = Some(event.id);
                return Ok(walk);
            }
            walk.to = expected;
            walk.linked += 1;
        }
    }
}

/// Where the kept part begins: the checkpoint before its first event, or zeros.
fn anchor(tx: &mut Tx) -> Outcome<Link> {
    let first = find_linked(tx, 0, 1)?.pop().and_then(|event| event.link).map_or(i64::MAX, |link| link.sequence);
    let query = audit_checkpoints::table
        .filter(audit_checkpoints::sequence.lt(first))
        .order(audit_checkpoints::sequence.desc());
    let checkpoint = one(query.first(&mut tx.db), "find the checkpoint before the audit chain", CheckpointRow::read)?;
    let start = Link { sequence: 0, hash: Hash([0; 32]) };
    Ok(checkpoint.filter(|_| first != 1).map_or(start, |checkpoint| checkpoint.link))
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_checkpoints)]
struct CheckpointRow {
    sequence: i64,
    hash: Vec<u8>,
    made_at: i64,
    kid: String,
    signature: Vec<u8>,
}

impl CheckpointRow {
    fn read(self) -> Outcome<Checkpoint> {
        let hash = Place::of("audit_checkpoints", &self.sequence.to_be_bytes()).bytes("hash", &self.hash)?;
        Ok(Checkpoint {
            link: Link { sequence: self.sequence, hash },
            made_at: Time(self.made_at),
            kid: self.kid,
            signature: self.signature,
        })
    }
}

/// A signed checkpoint.
pub fn insert_checkpoint(tx: &mut Tx, checkpoint: &Checkpoint) -> Outcome<()> {
    let row = CheckpointRow {
        sequence: checkpoint.link.sequence,
        hash: checkpoint.link.hash.write(),
        made_at: checkpoint.made_at.0,
        kid: checkpoint.kid.clone(),
        signature: checkpoint.signature.clone(),
    };
    diesel::insert_into(audit_checkpoints::table)
        .values(row)
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert an audit checkpoint")
}

/// All checkpoints, oldest first, for `pass audit verify`.
pub fn find_checkpoints(tx: &mut Tx) -> Outcome<Vec<Checkpoint>> {
    let query = audit_checkpoints::table.order(audit_checkpoints::sequence);
    many(query.load(&mut tx.db), "find the audit checkpoints", CheckpointRow::read)
}

/// The newest checkpoint.
pub fn latest_checkpoint(tx: &mut Tx) -> Outcome<Option<Checkpoint>> {
    let query = audit_checkpoints::table.order(audit_checkpoints::sequence.desc());
    one(query.first(&mut tx.db), "find the newest audit checkpoint", CheckpointRow::read)
}

/// Removes up to `limit` events behind a checkpoint that is older than `before`: the rest stays verifiable from it.
pub fn purge(tx: &mut Tx, before: Time, limit: i64) -> Outcome<usize> {
    let query = audit_checkpoints::table
        .filter(audit_checkpoints::made_at.lt(before.0))
        .order(audit_checkpoints::sequence.desc());
    let Some(stop) = one(query.first(&mut tx.db), "find the checkpoint to purge to", CheckpointRow::read)? else {
        return Ok(0);
    };
    let first = find_linked(tx, 0, 1)?.pop().and_then(|event| event.link).map_or(i64::MAX, |link| link.sequence);
    // A batch of the oldest; what is left of it begins at no checkpoint until the last batch, so nothing is removed halfway.
    if first > stop.link.sequence || stop.link.sequence - first >= limit {
        return purge_to_checkpoint(tx, first, first.saturating_add(limit), before);
    }
    remove_up_to(tx, stop.link.sequence)
}

/// The newest checkpoint within the batch.
fn purge_to_checkpoint(tx: &mut Tx, first: i64, end: i64, before: Time) -> Outcome<usize> {
    let query = audit_checkpoints::table
        .filter(audit_checkpoints::made_at.lt(before.0))
        .filter(audit_checkpoints::sequence.between(first, end))
        .order(audit_checkpoints::sequence.desc());
    let stop = one(query.first(&mut tx.db), "find a checkpoint within the batch", CheckpointRow::read)?;
    stop.map_or(Ok(0), |stop| remove_up_to(tx, stop.link.sequence))
}

fn remove_up_to(tx: &mut Tx, sequence: i64) -> Outcome<usize> {
    let old = audit_events::table.filter(audit_events::sequence.le(sequence));
    diesel::delete(old).execute(&mut tx.db).doing("purge audit events")
}
