//! Turns of those who write what a card means: "one card, one person" and "one login key, one account" are read and then
//! written, which two transactions of PostgreSQL could do at once. Each holds the card's row until its commit; under READ
//! COMMITTED the second then reads what the first has written.

use crate::place::Doing as _;
use crate::schema::card_turns;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Fault;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;
use std::collections::BTreeSet;

/// Waits for the turn of all of these cards and keys, and holds it until the transaction ends. Cards share 256 rows by their
/// first byte, so that the table never grows; rows are taken in order, so that two never wait for each other.
pub fn take<'a>(tx: &mut Tx, keyed: impl IntoIterator<Item = &'a Hash>) -> Outcome<()> {
    let slots: BTreeSet<i32> = keyed.into_iter().map(|hash| i32::from(hash.0[0])).collect();
    for slot in slots {
        let change = diesel::update(card_turns::table.find(slot)).set(card_turns::turns.eq(card_turns::turns + 1));
        if change.execute(&mut tx.db).doing("take the turn of a card")? != 1 {
            return Err(Fault::new("take the turn of a card: its row is missing"));
        }
    }
    Ok(())
}
