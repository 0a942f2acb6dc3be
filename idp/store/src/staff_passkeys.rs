//! Passkeys of staff members.

use crate::place::{Bytes as _, Doing as _, Place, many, one};
use crate::schema::staff_passkeys;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::staff::StaffPasskey;
use pass_core::fault::Outcome;
use pass_core::id::StaffId;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = staff_passkeys)]
struct Row {
    lookup: Vec<u8>,
    staff_id: Vec<u8>,
    public: String,
    created_at: i64,
}

impl Row {
    fn read(self) -> Outcome<StaffPasskey> {
        let at = Place::of("staff_passkeys", &self.lookup);
        Ok(StaffPasskey {
            lookup: at.bytes("lookup", &self.lookup)?,
            staff: at.bytes("staff_id", &self.staff_id)?,
            public: self.public,
            created_at: Time(self.created_at),
        })
    }
}

/// By the hash of the credential id.
pub fn find(tx: &mut Tx, lookup: &Hash) -> Outcome<Option<StaffPasskey>> {
    one(staff_passkeys::table.find(&lookup.0[..]).get_result(&mut tx.db), "find a staff passkey", Row::read)
}

/// Every one of a staff member.
pub fn find_all_of(tx: &mut Tx, staff: StaffId) -> Outcome<Vec<StaffPasskey>> {
    let query =
        staff_passkeys::table.filter(staff_passkeys::staff_id.eq(&staff.0[..])).order(staff_passkeys::created_at);
    many(query.load(&mut tx.db), "find the passkeys of a staff member", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, passkey: &StaffPasskey) -> Outcome<()> {
    let row = Row {
        lookup: passkey.lookup.write(),
        staff_id: passkey.staff.write(),
        public: passkey.public.clone(),
        created_at: passkey.created_at.0,
    };
    diesel::insert_into(staff_passkeys::table).values(row).execute(&mut tx.db).map(drop).doing("insert a staff passkey")
}

/// The passkey after its use, with its new counter.
pub fn replace_public(tx: &mut Tx, lookup: &Hash, public: &str) -> Outcome<()> {
    let change = diesel::update(staff_passkeys::table.find(&lookup.0[..])).set(staff_passkeys::public.eq(public));
    change.execute(&mut tx.db).map(drop).doing("replace a staff passkey's public part")
}

/// Removes one. `false`: there was none.
pub fn remove(tx: &mut Tx, lookup: &Hash) -> Outcome<bool> {
    let gone = diesel::delete(staff_passkeys::table.find(&lookup.0[..])).execute(&mut tx.db);
    gone.map(|rows| rows == 1).doing("remove a staff passkey")
}
