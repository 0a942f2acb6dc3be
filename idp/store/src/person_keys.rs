//! Wrapped keys of persons, in the second store. Read everywhere, written only through `Store::write_keys`:
//! the key first, then the person; a key whose person never came is an orphan.

use crate::place::{Bytes as _, Doing as _, Place, one};
use crate::schema::{person_keys, persons};
use crate::tx::{KeysTx, Tx};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;

/// The wrapped key of a person; none when it was erased.
pub fn find(tx: &mut Tx, person: PersonId) -> Outcome<Option<Vec<u8>>> {
    let query = person_keys::table.find(&person.0[..]).select(person_keys::wrapped);
    one(query.get_result(&mut tx.db), "find a person's key", Ok)
}

/// The key of a new person.
pub fn insert(keys: &mut KeysTx<'_>, person: PersonId, wrapped: &[u8], now: Time) -> Outcome<()> {
    let row = (
        person_keys::person_id.eq(person.write()),
        person_keys::wrapped.eq(wrapped),
        person_keys::created_at.eq(now.0),
    );
    diesel::insert_into(person_keys::table).values(row).execute(&mut keys.0.db).map(drop).doing("insert a person's key")
}

/// Erases a key, and with it every sealed value of the person. `false`: there was none.
pub fn erase(keys: &mut KeysTx<'_>, person: PersonId) -> Outcome<bool> {
    keys.0.after.erased = true;
    let gone = diesel::delete(person_keys::table.find(&person.0[..])).execute(&mut keys.0.db);
    gone.map(|rows| rows == 1).doing("erase a person's key")
}

/// Keys older than `before` whose person does not exist, or was erased before the key could be.
pub fn find_orphans(tx: &mut Tx, before: Time, limit: i64) -> Outcome<Vec<PersonId>> {
    let owner = persons::table.filter(persons::id.eq(person_keys::person_id)).filter(persons::erased_at.is_null());
    let query = person_keys::table
        .filter(person_keys::created_at.lt(before.0))
        .filter(diesel::dsl::not(diesel::dsl::exists(owner)))
        .select(person_keys::person_id)
        .limit(limit);
    crate::place::many(query.load::<Vec<u8>>(&mut tx.db), "find keys without a person", |id| {
        Place::of("person_keys", &id).bytes("person_id", &id)
    })
}
