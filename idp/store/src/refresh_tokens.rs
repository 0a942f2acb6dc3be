//! Refresh tokens, rotated at each use.

use crate::Taken;
use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::refresh_tokens;
use crate::taken::take_once;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::grant::RefreshToken;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = refresh_tokens)]
struct Row {
    hash: Vec<u8>,
    grant_id: Vec<u8>,
    generation: i32,
    issued_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn write(token: &RefreshToken) -> Self {
        Self {
            hash: token.hash.write(),
            grant_id: token.grant.write(),
            generation: token.generation,
            issued_at: token.issued_at.0,
            expires_at: token.expires_at.0,
            used_at: millis(token.used_at),
        }
    }

    fn read(self) -> Outcome<RefreshToken> {
        let at = Place::of("refresh_tokens", &self.hash);
        Ok(RefreshToken {
            hash: at.bytes("hash", &self.hash)?,
            grant: at.bytes("grant_id", &self.grant_id)?,
            generation: self.generation,
            issued_at: Time(self.issued_at),
            expires_at: Time(self.expires_at),
            used_at: time(self.used_at),
        })
    }
}

/// By its hash, used or not.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<RefreshToken>> {
    one(refresh_tokens::table.find(&hash.0[..]).get_result(&mut tx.db), "find a refresh token", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, token: &RefreshToken) -> Outcome<()> {
    let row = Row::write(token);
    diesel::insert_into(refresh_tokens::table).values(row).execute(&mut tx.db).map(drop).doing("insert a refresh token")
}

/// Takes it by one conditional UPDATE.
// RFC 9700 4.14.2: a second use means that it was stolen; its grant is to be revoked.
pub fn take(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<Taken<RefreshToken>> {
    take_once!(refresh_tokens, Row, "take a refresh token", tx, hash, now)
}
