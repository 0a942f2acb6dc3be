//! Legal bodies that run facilities.

use crate::place::{Bytes as _, Doing as _, Place, json, many, one};
use crate::schema::organisations;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::domain::facility::Organisation;
use pass_core::fault::Outcome;
use pass_core::id::OrganisationId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = organisations)]
struct Row {
    id: Vec<u8>,
    name: String,
    public_body: bool,
}

impl Row {
    fn read(self) -> Outcome<Organisation> {
        let at = Place::of("organisations", &self.id);
        Ok(Organisation {
            id: at.bytes("id", &self.id)?,
            name: at.json("name", &self.name)?,
            public_body: self.public_body,
        })
    }
}

/// By row.
pub fn find(tx: &mut Tx, id: OrganisationId) -> Outcome<Option<Organisation>> {
    one(organisations::table.find(&id.0[..]).get_result(&mut tx.db), "find an organisation", Row::read)
}

/// Every one.
pub fn find_all(tx: &mut Tx) -> Outcome<Vec<Organisation>> {
    many(organisations::table.order(organisations::id).load(&mut tx.db), "find all organisations", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, organisation: &Organisation) -> Outcome<()> {
    let row =
        Row { id: organisation.id.write(), name: json(&organisation.name), public_body: organisation.public_body };
    diesel::insert_into(organisations::table).values(row).execute(&mut tx.db).map(drop).doing("insert an organisation")
}
