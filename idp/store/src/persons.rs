//! Subjects of claims.

use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::persons;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::person::Person;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = persons)]
struct Row {
    id: Vec<u8>,
    created_at: i64,
    erased_at: Option<i64>,
}

impl Row {
    fn read(self) -> Outcome<Person> {
        let at = Place::of("persons", &self.id);
        Ok(Person { id: at.bytes("id", &self.id)?, created_at: Time(self.created_at), erased_at: time(self.erased_at) })
    }
}

/// By row.
pub fn find(tx: &mut Tx, id: PersonId) -> Outcome<Option<Person>> {
    one(persons::table.find(&id.0[..]).get_result(&mut tx.db), "find a person", Row::read)
}

/// A new one, whose key is in the second store already.
pub fn insert(tx: &mut Tx, person: &Person) -> Outcome<()> {
    let row = Row { id: person.id.write(), created_at: person.created_at.0, erased_at: millis(person.erased_at) };
    diesel::insert_into(persons::table).values(row).execute(&mut tx.db).map(drop).doing("insert a person")
}

/// Holds a person until the transaction ends: nobody erases them meanwhile. `false`: they were erased, or are unknown.
pub fn hold(tx: &mut Tx, id: PersonId) -> Outcome<bool> {
    let there = persons::table.find(&id.0[..]).filter(persons::erased_at.is_null());
    let change = diesel::update(there).set(persons::erased_at.eq(None::<i64>));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("hold a person")
}

/// Marks that the person's key was erased. `false`: it was marked before, or there is no such person.
pub fn mark_erased(tx: &mut Tx, id: PersonId, now: Time) -> Outcome<bool> {
    let there = persons::table.find(&id.0[..]).filter(persons::erased_at.is_null());
    let change = diesel::update(there).set(persons::erased_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("mark a person as erased")
}
