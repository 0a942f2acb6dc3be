//! What was proven about a person, sealed under the person's key. This crate sees sealed bytes only.

use crate::place::{Bytes as _, Doing as _, one};
use crate::schema::sealed_records;
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = sealed_records)]
struct Row<'a> {
    person_id: Vec<u8>,
    sealed: &'a [u8],
    updated_at: i64,
}

/// The sealed bytes.
pub fn find(tx: &mut Tx, person: PersonId) -> Outcome<Option<Vec<u8>>> {
    let query = sealed_records::table.find(&person.0[..]).select(sealed_records::sealed);
    one(query.get_result(&mut tx.db), "find a sealed record", Ok)
}

/// The person's record as it is from now on.
pub fn put(tx: &mut Tx, person: PersonId, sealed: &[u8], now: Time) -> Outcome<()> {
    let row = Row { person_id: person.write(), sealed, updated_at: now.0 };
    on_backend!(tx, |conn| diesel::insert_into(sealed_records::table)
        .values(&row)
        .on_conflict(sealed_records::person_id)
        .do_update()
        .set(&row)
        .execute(conn))
    .map(drop)
    .doing("put a sealed record")
}
