//! Messages written in the transaction of their cause, delivered at least once.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, time};
use crate::schema::outbox;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::outbox::OutboxItem;
use pass_core::fault::Outcome;
use pass_core::id::OutboxId;
use std::time::Duration;

/// After so many tries a message is given up (`retention` removes it a week later).
pub(crate) const MOST_TRIES: i32 = 20;

#[derive(Queryable, Insertable)]
#[diesel(table_name = outbox)]
struct Row {
    id: Vec<u8>,
    sealed: Vec<u8>,
    due_at: i64,
    tries: i32,
    sent_at: Option<i64>,
}

impl Row {
    fn read(self) -> Outcome<OutboxItem> {
        let at = Place::of("outbox", &self.id);
        Ok(OutboxItem {
            id: at.bytes("id", &self.id)?,
            sealed: self.sealed,
            due_at: Time(self.due_at),
            tries: self.tries,
            sent_at: time(self.sent_at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, item: &OutboxItem) -> Outcome<()> {
    let row = Row {
        id: item.id.write(),
        sealed: item.sealed.clone(),
        due_at: item.due_at.0,
        tries: item.tries,
        sent_at: millis(item.sent_at),
    };
    diesel::insert_into(outbox::table).values(row).execute(&mut tx.db).map(drop).doing("insert a message")
}

/// Whether anything waits to be sent: a read, so that an empty outbox writes nothing.
pub fn is_due(tx: &mut Tx, now: Time) -> Outcome<bool> {
    let due = outbox::table
        .filter(outbox::sent_at.is_null())
        .filter(outbox::due_at.le(now.0))
        .filter(outbox::tries.lt(MOST_TRIES));
    diesel::select(diesel::dsl::exists(due)).get_result(&mut tx.db).doing("look for due messages")
}

/// Claims what is due: counted as tried, and due again after `patience` unless it is marked as sent.
/// Of two nodes that claim at once each message goes to one.
pub fn claim_due(tx: &mut Tx, now: Time, patience: Duration, limit: i64) -> Outcome<Vec<OutboxItem>> {
    let due = outbox::table
        .filter(outbox::sent_at.is_null())
        .filter(outbox::due_at.le(now.0))
        .filter(outbox::tries.lt(MOST_TRIES))
        .order(outbox::due_at)
        .limit(limit)
        .load::<Row>(&mut tx.db)
        .doing("find messages that are due")?;
    let mut claimed = Vec::new();
    for row in due {
        // Conditional: another node may have claimed it since the SELECT.
        let unclaimed =
            outbox::table.find(row.id).filter(outbox::sent_at.is_null()).filter(outbox::due_at.eq(row.due_at));
        let claim = diesel::update(unclaimed)
            .set((outbox::due_at.eq((now + patience).0), outbox::tries.eq(outbox::tries + 1)))
            .returning(outbox::all_columns)
            .get_result::<Row>(&mut tx.db);
        claimed.extend(crate::place::one(claim, "claim a message", Row::read)?);
    }
    Ok(claimed)
}

/// It was delivered.
pub fn mark_sent(tx: &mut Tx, id: OutboxId, now: Time) -> Outcome<()> {
    let change = diesel::update(outbox::table.find(&id.0[..])).set(outbox::sent_at.eq(now.0));
    change.execute(&mut tx.db).map(drop).doing("mark a message as sent")
}

/// It was not delivered and is due again later.
pub fn mark_failed(tx: &mut Tx, id: OutboxId, due_at: Time) -> Outcome<()> {
    let unsent = outbox::table.find(&id.0[..]).filter(outbox::sent_at.is_null());
    let change = diesel::update(unsent).set(outbox::due_at.eq(due_at.0));
    change.execute(&mut tx.db).map(drop).doing("mark a message as failed")
}

/// The newest messages, sent or not, for the demo's outbox page.
pub fn find_newest(tx: &mut Tx, limit: i64) -> Outcome<Vec<OutboxItem>> {
    let query = outbox::table.order(outbox::id.desc()).limit(limit);
    many(query.load(&mut tx.db), "find the newest messages", Row::read)
}
