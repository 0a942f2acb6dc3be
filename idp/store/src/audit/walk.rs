//! Walking the chain, for `pass audit verify`.

use super::chain::{START, count_unlinked, find_linked};
use super::checkpoints;
use crate::tx::Tx;
use pass_core::domain::audit::{ChainedEvent, Link};
use pass_core::fault::Outcome;
use pass_core::id::AuditId;
use pass_core::seal::Key;
use pass_core::secret::Hash;
use std::collections::BTreeMap;

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
    /// The first checkpoint that the chain does not run through: events were exchanged or cut off.
    pub missed_checkpoint: Option<i64>,
    /// Events that wait for the chainer.
    pub unlinked: i64,
}

/// Walks the whole chain and stops at the first event that does not fit.
pub fn verify(tx: &mut Tx, key: &Key) -> Outcome<Walk> {
    const STEP: i64 = 1000;
    let from = anchor(tx)?;
    let unlinked = count_unlinked(tx)?;
    let checkpoints: BTreeMap<i64, Hash> = checkpoints::find_checkpoints(tx)?
        .into_iter()
        .map(|checkpoint| (checkpoint.link.sequence, checkpoint.link.hash))
        .collect();
    let mut walk = Walk { from, to: from, linked: 0, broken_at: None, missed_checkpoint: None, unlinked };
    loop {
        let step = find_linked(tx, walk.to.sequence, STEP)?;
        if step.is_empty() {
            // A chain that ends before its newest checkpoint was cut.
            walk.missed_checkpoint = checkpoints.keys().copied().find(|&sequence| sequence > walk.to.sequence);
            return Ok(walk);
        }
        for ChainedEvent { event, link } in step {
            let expected = Link { sequence: walk.to.sequence + 1, hash: event.link(key, &walk.to.hash) };
            if link != Some(expected) {
                walk.broken_at = Some(event.id);
                return Ok(walk);
            }
            if checkpoints.get(&expected.sequence).is_some_and(|hash| *hash != expected.hash) {
                walk.missed_checkpoint = Some(expected.sequence);
                return Ok(walk);
            }
            walk.to = expected;
            walk.linked += 1;
        }
    }
}

/// Where the kept part begins: the checkpoint before its first event, or the start.
fn anchor(tx: &mut Tx) -> Outcome<Link> {
    match checkpoints::first_kept(tx)? {
        1 => Ok(START),
        first => Ok(checkpoints::latest_before(tx, first)?.map_or(START, |checkpoint| checkpoint.link)),
    }
}
