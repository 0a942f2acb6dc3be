//! Tokens with which programs register clients of one facility.

use crate::place::{Bytes as _, Doing as _, Place, json, one};
use crate::schema::initial_access_tokens;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::client::InitialAccessToken;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = initial_access_tokens)]
struct Row {
    hash: Vec<u8>,
    facility_id: Vec<u8>,
    flags: String,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    fn read(self) -> Outcome<InitialAccessToken> {
        let at = Place::of("initial_access_tokens", &self.hash);
        Ok(InitialAccessToken {
            hash: at.bytes("hash", &self.hash)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            flags: at.json("flags", &self.flags)?,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
        })
    }
}

/// By the token, expired or not.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<InitialAccessToken>> {
    let query = initial_access_tokens::table.find(&hash.0[..]);
    one(query.get_result(&mut tx.db), "find an initial access token", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, token: &InitialAccessToken) -> Outcome<()> {
    let row = Row {
        hash: token.hash.write(),
        facility_id: token.facility.write(),
        flags: json(&token.flags),
        created_at: token.created_at.0,
        expires_at: token.expires_at.0,
    };
    let insert = diesel::insert_into(initial_access_tokens::table).values(row);
    insert.execute(&mut tx.db).map(drop).doing("insert an initial access token")
}
