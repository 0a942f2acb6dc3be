//! What must not come twice: the `jti` of assertions, nonces, and the `jti` of access tokens revoked before their end.

use crate::place::Doing as _;
use crate::schema::replays;
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

/// Remembers a value until its end. `true`: it was seen for the first time.
pub fn remember(tx: &mut Tx, hash: &Hash, until: Time) -> Outcome<bool> {
    let row = (replays::hash.eq(&hash.0[..]), replays::expires_at.eq(until.0));
    on_backend!(tx, |conn| diesel::insert_into(replays::table).values(row).on_conflict_do_nothing().execute(conn))
        .map(|rows| rows == 1)
        .doing("remember a value against replay")
}

/// Whether a value is remembered.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<bool> {
    let query = replays::table.find(&hash.0[..]).select(replays::expires_at);
    query.get_result::<i64>(&mut tx.db).optional().map(|found| found.is_some()).doing("look for a replay")
}
