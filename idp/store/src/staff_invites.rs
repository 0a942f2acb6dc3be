//! One-time links by which staff members make their first passkey.

use crate::Taken;
use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::staff_invites;
use crate::taken::take_once;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::staff::Invite;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = staff_invites)]
struct Row {
    hash: Vec<u8>,
    staff_id: Vec<u8>,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn read(self) -> Outcome<Invite> {
        let at = Place::of("staff_invites", &self.hash);
        Ok(Invite {
            hash: at.bytes("hash", &self.hash)?,
            staff: at.bytes("staff_id", &self.staff_id)?,
            expires_at: Time(self.expires_at),
            used_at: time(self.used_at),
        })
    }
}

/// By the secret in the link, used or not: the page that opens it must not use it up.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<Invite>> {
    one(staff_invites::table.find(&hash.0[..]).get_result(&mut tx.db), "find an invite", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, invite: &Invite) -> Outcome<()> {
    let row = Row {
        hash: invite.hash.write(),
        staff_id: invite.staff.write(),
        expires_at: invite.expires_at.0,
        used_at: millis(invite.used_at),
    };
    diesel::insert_into(staff_invites::table).values(row).execute(&mut tx.db).map(drop).doing("insert an invite")
}

/// Takes it, once.
pub fn take(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<Taken<Invite>> {
    take_once!(staff_invites, Row, "take an invite", tx, hash, now)
}
