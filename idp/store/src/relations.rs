//! Who acts for whom.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, time};
use crate::schema::relations;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::relation::{Relation, RelationKind};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, PersonId, RelationId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = relations)]
struct Row {
    id: Vec<u8>,
    account_id: Vec<u8>,
    person_id: Vec<u8>,
    kind: String,
    from_at: i64,
    until_at: i64,
    ended_at: Option<i64>,
}

impl Row {
    fn write(relation: &Relation) -> Self {
        Self {
            id: relation.id.write(),
            account_id: relation.account.write(),
            person_id: relation.person.write(),
            kind: relation.kind.as_str().into(),
            from_at: relation.from.0,
            until_at: relation.until.0,
            ended_at: millis(relation.ended_at),
        }
    }

    fn read(self) -> Outcome<Relation> {
        let at = Place::of("relations", &self.id);
        Ok(Relation {
            id: at.bytes("id", &self.id)?,
            account: at.bytes("account_id", &self.account_id)?,
            person: at.bytes("person_id", &self.person_id)?,
            kind: at.word("kind", &self.kind, RelationKind::parse)?,
            from: Time(self.from_at),
            until: Time(self.until_at),
            ended_at: time(self.ended_at),
        })
    }
}

/// A new one. A second live one of the same two is a fault.
pub fn insert(tx: &mut Tx, relation: &Relation) -> Outcome<()> {
    let row = Row::write(relation);
    diesel::insert_into(relations::table).values(row).execute(&mut tx.db).map(drop).doing("insert a relation")
}

/// Those of an account that were not ended, in the order they began.
pub fn find_all_of(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Relation>> {
    let query = relations::table
        .filter(relations::account_id.eq(&account.0[..]))
        .filter(relations::ended_at.is_null())
        .order(relations::id);
    many(query.load(&mut tx.db), "find the relations of an account", Row::read)
}

/// Those to a person that were not ended.
pub fn find_all_to(tx: &mut Tx, person: PersonId) -> Outcome<Vec<Relation>> {
    let query = relations::table
        .filter(relations::person_id.eq(&person.0[..]))
        .filter(relations::ended_at.is_null())
        .order(relations::id);
    many(query.load(&mut tx.db), "find the relations to a person", Row::read)
}

/// Whether one of an account holds now; it cannot end beside this transaction from here on.
pub fn hold(tx: &mut Tx, account: AccountId, id: RelationId, now: Time) -> Outcome<bool> {
    let live = relations::table
        .find(&id.0[..])
        .filter(relations::account_id.eq(account.0.to_vec()))
        .filter(relations::until_at.gt(now.0))
        .filter(relations::ended_at.is_null());
    // An update that changes nothing takes the row: whoever ends it waits.
    let same = diesel::update(live).set(relations::until_at.eq(relations::until_at));
    same.execute(&mut tx.db).map(|rows| rows == 1).doing("hold a relation")
}

/// Ends one of an account. `false`: it is another's, or was ended before.
pub fn close(tx: &mut Tx, account: AccountId, id: RelationId, now: Time) -> Outcome<bool> {
    let live = relations::table
        .find(&id.0[..])
        .filter(relations::account_id.eq(account.0.to_vec()))
        .filter(relations::ended_at.is_null());
    let change = diesel::update(live).set(relations::ended_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("end a relation")
}
