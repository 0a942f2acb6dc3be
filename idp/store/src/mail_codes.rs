//! One-time codes that were mailed.

use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::mail_codes;
use crate::tx::{Tx, on_backend};
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use pass_core::Time;
use pass_core::domain::account::MailCode;
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

/// What became of a code that was typed.
#[derive(Clone, Debug)]
pub enum MailCodeTaken {
    /// It is right, and the caller is the first and only one.
    First(MailCode),
    /// It is wrong; so many tries are left.
    Wrong {
        /// Tries left; at 0 the code is dead.
        left: i32,
    },
    /// It was used before.
    Used,
    /// Its time is over.
    Expired,
    /// Too many wrong tries.
    Exhausted,
    /// No code was mailed for this browser.
    Unknown,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = mail_codes)]
struct Row {
    hash: Vec<u8>,
    address: Vec<u8>,
    sealed_address: Vec<u8>,
    code: Vec<u8>,
    account_id: Option<Vec<u8>>,
    tries: i32,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn write(code: &MailCode) -> Self {
        Self {
            hash: code.hash.write(),
            address: code.address.write(),
            sealed_address: code.sealed_address.clone(),
            code: code.code.write(),
            account_id: code.account.map(|account| account.write()),
            tries: code.tries,
            created_at: code.created_at.0,
            expires_at: code.expires_at.0,
            used_at: millis(code.used_at),
        }
    }

    fn read(self) -> Outcome<MailCode> {
        let at = Place::of("mail_codes", &self.hash);
        Ok(MailCode {
            hash: at.bytes("hash", &self.hash)?,
            address: at.bytes("address", &self.address)?,
            code: at.bytes("code", &self.code)?,
            account: at.maybe("account_id", self.account_id.as_ref())?,
            sealed_address: self.sealed_address,
            tries: self.tries,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            used_at: time(self.used_at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, code: &MailCode) -> Outcome<()> {
    let row = Row::write(code);
    diesel::insert_into(mail_codes::table).values(row).execute(&mut tx.db).map(drop).doing("insert a mail code")
}

/// By the secret that the browser holds.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<MailCode>> {
    one(mail_codes::table.find(&hash.0[..]).first(&mut tx.db), "find a mail code", Row::read)
}

/// Codes mailed to an address since a moment, to limit them.
pub fn count_since(tx: &mut Tx, address: &Hash, since: Time) -> Outcome<i64> {
    let query =
        mail_codes::table.filter(mail_codes::address.eq(&address.0[..])).filter(mail_codes::created_at.ge(since.0));
    query.count().get_result(&mut tx.db).doing("count the mail codes of an address")
}

/// When the last code was mailed to an address.
pub fn find_last(tx: &mut Tx, address: &Hash) -> Outcome<Option<Time>> {
    let query = mail_codes::table
        .filter(mail_codes::address.eq(&address.0[..]))
        .select(diesel::dsl::max(mail_codes::created_at));
    query.first::<Option<i64>>(&mut tx.db).map(|at| at.map(Time)).doing("find the last mail code of an address")
}

/// Tries a code. One conditional UPDATE counts the try and compares, so that parallel guesses share the same few tries.
pub fn take(tx: &mut Tx, hash: &Hash, code: &Hash, most_tries: i32, now: Time) -> Outcome<MailCodeTaken> {
    let row = mail_codes::table.find(&hash.0[..]);
    let alive = row
        .filter(mail_codes::used_at.is_null())
        .filter(mail_codes::tries.lt(most_tries))
        .filter(mail_codes::expires_at.gt(now.0));
    let used = case_when(mail_codes::code.eq(&code.0[..]), now.0.into_sql::<Nullable<BigInt>>());
    let tried = on_backend!(tx, |conn| diesel::update(alive)
        .set((mail_codes::tries.eq(mail_codes::tries + 1), mail_codes::used_at.eq(used)))
        .returning(mail_codes::all_columns)
        .get_result::<Row>(conn));
    match one(tried, "take a mail code", Row::read)? {
        Some(right) if right.used_at.is_some() => Ok(MailCodeTaken::First(right)),
        Some(wrong) => Ok(MailCodeTaken::Wrong { left: most_tries - wrong.tries }),
        None => Ok(match find(tx, hash)? {
            None => MailCodeTaken::Unknown,
            Some(late) if late.used_at.is_some() => MailCodeTaken::Used,
            Some(late) if late.expires_at <= now => MailCodeTaken::Expired,
            Some(_) => MailCodeTaken::Exhausted,
        }),
    }
}
