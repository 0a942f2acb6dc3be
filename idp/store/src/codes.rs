//! Authorization codes (RFC 6749 4.1.2), taken once.

use crate::Taken;
use crate::place::{Bytes as _, Doing as _, Place, millis, time};
use crate::schema::codes;
use crate::taken::take_once;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::grant::Code;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = codes)]
struct Row {
    hash: Vec<u8>,
    grant_id: Vec<u8>,
    redirect_uri: String,
    code_challenge: Option<String>,
    nonce: Option<String>,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn write(code: &Code) -> Self {
        Self {
            hash: code.hash.write(),
            grant_id: code.grant.write(),
            redirect_uri: code.redirect_uri.clone(),
            code_challenge: code.code_challenge.clone(),
            nonce: code.nonce.clone(),
            expires_at: code.expires_at.0,
            used_at: millis(code.used_at),
        }
    }

    fn read(self) -> Outcome<Code> {
        let at = Place::of("codes", &self.hash);
        Ok(Code {
            hash: at.bytes("hash", &self.hash)?,
            grant: at.bytes("grant_id", &self.grant_id)?,
            redirect_uri: self.redirect_uri,
            code_challenge: self.code_challenge,
            nonce: self.nonce,
            expires_at: Time(self.expires_at),
            used_at: time(self.used_at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, code: &Code) -> Outcome<()> {
    diesel::insert_into(codes::table).values(Row::write(code)).execute(&mut tx.db).map(drop).doing("insert a code")
}

/// Takes it by one conditional UPDATE.
// RFC 6749 4.1.2: a code is used once; a second use should revoke all tokens made of it.
pub fn take(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<Taken<Code>> {
    take_once!(codes, Row, "take a code", tx, hash, now)
}
