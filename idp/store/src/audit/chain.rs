//! Linking: each event's hash covers the one before it.

use super::{Row, latest_checkpoint};
use crate::kept::changes_one;
use crate::place::{Bytes as _, Doing as _, Place, many, one};
use crate::schema::audit_events;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::domain::audit::{AuditEvent, ChainedEvent, Link};
use pass_core::fault::Outcome;
use pass_core::seal::Key;
use pass_core::secret::Hash;

/// What the first event is linked to.
pub(super) const START: Link = Link { sequence: 0, hash: Hash([0; 32]) };

/// The last link of the chain; before the first event a row of zeros.
pub fn head(tx: &mut Tx) -> Outcome<Link> {
    let linked = audit_events::table
        .filter(audit_events::sequence.is_not_null())
        .order(audit_events::sequence.desc())
        .select((audit_events::sequence.assume_not_null(), audit_events::hash.assume_not_null()));
    let newest = one(linked.first(&mut tx.db), "find the head of the audit chain", read_link)?;
    // After a purge up to the newest checkpoint the chain goes on from it.
    let anchor = latest_checkpoint(tx)?.map(|checkpoint| checkpoint.link);
    Ok([newest, anchor].into_iter().flatten().max_by_key(|link| link.sequence).unwrap_or(START))
}

fn read_link((sequence, hash): (i64, Vec<u8>)) -> Outcome<Link> {
    Ok(Link { sequence, hash: Place::of("audit_events", &hash).bytes("hash", &hash)? })
}

/// Links up to `limit` waiting events behind the head and answers the new head and how many it linked.
/// The caller holds the lease `leases::AUDIT_CHAIN`; a second chainer would fail on the unique sequence.
pub fn chain(tx: &mut Tx, key: &Key, limit: i64) -> Outcome<(Link, usize)> {
    let mut head = head(tx)?;
    let waiting = find_unlinked(tx, limit)?;
    let linked = waiting.len();
    for event in waiting {
        head = Link { sequence: head.sequence + 1, hash: event.link(key, &head.hash) };
        let row = audit_events::table.find(event.id.write()).filter(audit_events::sequence.is_null());
        let link = (audit_events::sequence.eq(head.sequence), audit_events::hash.eq(head.hash.write()));
        changes_one!(tx, diesel::update(row).set(link), audit_events::id).doing("link an audit event")?;
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

/// How many events wait for the chainer.
pub fn count_unlinked(tx: &mut Tx) -> Outcome<i64> {
    let waiting = audit_events::table.filter(audit_events::sequence.is_null());
    waiting.count().get_result(&mut tx.db).doing("count the waiting audit events")
}
