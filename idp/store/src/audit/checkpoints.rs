//! Checkpoints: where purging stops, and what the rest of the chain stands on.

use super::chain::find_linked;
use crate::place::{Bytes as _, Doing as _, Place, many, one};
use crate::schema::{audit_checkpoints, audit_events};
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::audit::{Checkpoint, Link};
use pass_core::fault::Outcome;

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

/// The newest checkpoint before a place in the chain.
pub(super) fn latest_before(tx: &mut Tx, sequence: i64) -> Outcome<Option<Checkpoint>> {
    let query = audit_checkpoints::table
        .filter(audit_checkpoints::sequence.lt(sequence))
        .order(audit_checkpoints::sequence.desc());
    one(query.first(&mut tx.db), "find a checkpoint before a place in the chain", CheckpointRow::read)
}

/// The first event that is kept; behind the end of all chains when none is.
pub(super) fn first_kept(tx: &mut Tx) -> Outcome<i64> {
    let first = find_linked(tx, 0, 1)?.pop();
    Ok(first.and_then(|event| event.link).map_or(i64::MAX, |link| link.sequence))
}

/// Removes events up to a checkpoint made before `before`: about `limit` of them, but always a whole stretch
/// between checkpoints, so that the rest can be verified at any moment.
pub fn purge(tx: &mut Tx, before: Time, limit: i64) -> Outcome<usize> {
    let first = first_kept(tx)?;
    let old = audit_checkpoints::table
        .filter(audit_checkpoints::made_at.lt(before.0))
        .filter(audit_checkpoints::sequence.ge(first))
        .select(audit_checkpoints::sequence);
    let within = old
        .filter(audit_checkpoints::sequence.lt(first.saturating_add(limit)))
        .order(audit_checkpoints::sequence.desc());
    let next = old.order(audit_checkpoints::sequence);
    let doing = "find the checkpoint to purge to";
    let stop: Option<i64> = match within.first(&mut tx.db).optional().doing(doing)? {
        Some(stop) => Some(stop),
        None => next.first(&mut tx.db).optional().doing(doing)?,
    };
    let Some(stop) = stop else { return Ok(0) };
    let gone = diesel::delete(audit_events::table.filter(audit_events::sequence.le(stop)));
    gone.execute(&mut tx.db).doing("purge audit events")
}
