//! Sign-ins of staff members.

use crate::place::{Bytes as _, Doing as _, Place, one};
use crate::schema::staff_sessions;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::staff::StaffSession;
use pass_core::fault::Outcome;
use pass_core::id::StaffId;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = staff_sessions)]
struct Row {
    hash: Vec<u8>,
    staff_id: Vec<u8>,
    expires_at: i64,
}

impl Row {
    fn read(self) -> Outcome<StaffSession> {
        let at = Place::of("staff_sessions", &self.hash);
        Ok(StaffSession {
            hash: at.bytes("hash", &self.hash)?,
            staff: at.bytes("staff_id", &self.staff_id)?,
            expires_at: Time(self.expires_at),
        })
    }
}

/// The session of a cookie, while it lives.
pub fn find_live(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<Option<StaffSession>> {
    let query = staff_sessions::table.find(&hash.0[..]).filter(staff_sessions::expires_at.gt(now.0));
    one(query.get_result(&mut tx.db), "find a staff session", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, session: &StaffSession) -> Outcome<()> {
    let row = Row { hash: session.hash.write(), staff_id: session.staff.write(), expires_at: session.expires_at.0 };
    diesel::insert_into(staff_sessions::table).values(row).execute(&mut tx.db).map(drop).doing("insert a staff session")
}

/// Ends one. `false`: there was none.
pub fn end(tx: &mut Tx, hash: &Hash) -> Outcome<bool> {
    let gone = diesel::delete(staff_sessions::table.find(&hash.0[..])).execute(&mut tx.db);
    gone.map(|rows| rows == 1).doing("end a staff session")
}

/// Ends every one of a staff member.
pub fn end_all_of(tx: &mut Tx, staff: StaffId) -> Outcome<usize> {
    let theirs = staff_sessions::table.filter(staff_sessions::staff_id.eq(staff.write()));
    diesel::delete(theirs).execute(&mut tx.db).doing("end the sessions of a staff member")
}
