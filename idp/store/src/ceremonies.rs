//! WebAuthn ceremonies between begin and finish.

use crate::place::{Bytes as _, Doing as _, Place, one};
use crate::schema::ceremonies;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::account::Ceremony;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = ceremonies)]
struct Row {
    hash: Vec<u8>,
    account_id: Option<Vec<u8>>,
    state: String,
    expires_at: i64,
}

impl Row {
    fn read(self) -> Outcome<Ceremony> {
        let at = Place::of("ceremonies", &self.hash);
        Ok(Ceremony {
            hash: at.bytes("hash", &self.hash)?,
            account: at.maybe("account_id", self.account_id.as_ref())?,
            state: self.state,
            expires_at: Time(self.expires_at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, ceremony: &Ceremony) -> Outcome<()> {
    let row = Row {
        hash: ceremony.hash.write(),
        account_id: ceremony.account.map(|account| account.write()),
        state: ceremony.state.clone(),
        expires_at: ceremony.expires_at.0,
    };
    diesel::insert_into(ceremonies::table).values(row).execute(&mut tx.db).map(drop).doing("insert a ceremony")
}

/// Takes it out, once, while its time lasts.
pub fn take(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<Option<Ceremony>> {
    let alive = ceremonies::table.find(&hash.0[..]).filter(ceremonies::expires_at.gt(now.0));
    let gone = diesel::delete(alive).returning(ceremonies::all_columns).get_result(&mut tx.db);
    one(gone, "take a ceremony", Row::read)
}
