//! Visits to the national service: taken once, by their `state`.

use crate::Taken;
use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::upstream_visits;
use crate::taken::take_once;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::upstream_visit::{Purpose, UpstreamVisit};
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = upstream_visits)]
struct Row {
    hash: Vec<u8>,
    browser: Vec<u8>,
    interaction: Vec<u8>,
    sealed_handle: Vec<u8>,
    account_id: Option<Vec<u8>>,
    purpose: String,
    expires_at: i64,
    used_at: Option<i64>,
    sealed_told: Option<Vec<u8>>,
}

impl Row {
    fn write(visit: &UpstreamVisit) -> Self {
        Self {
            hash: visit.hash.write(),
            browser: visit.browser.write(),
            interaction: visit.interaction.write(),
            sealed_handle: visit.sealed_handle.clone(),
            account_id: visit.account.map(|account| account.write()),
            purpose: visit.purpose.as_str().into(),
            expires_at: visit.expires_at.0,
            used_at: millis(visit.used_at),
            sealed_told: visit.sealed_told.clone(),
        }
    }

    fn read(self) -> Outcome<UpstreamVisit> {
        let at = Place::of("upstream_visits", &self.hash);
        Ok(UpstreamVisit {
            hash: at.bytes("hash", &self.hash)?,
            browser: at.bytes("browser", &self.browser)?,
            interaction: at.bytes("interaction", &self.interaction)?,
            account: at.maybe("account_id", self.account_id.as_ref())?,
            purpose: at.word("purpose", &self.purpose, Purpose::parse)?,
            sealed_handle: self.sealed_handle,
            expires_at: Time(self.expires_at),
            used_at: time(self.used_at),
            sealed_told: self.sealed_told,
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, visit: &UpstreamVisit) -> Outcome<()> {
    let row = Row::write(visit);
    diesel::insert_into(upstream_visits::table)
        .values(row)
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert an upstream visit")
}

/// By its hash, used or not.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<UpstreamVisit>> {
    one(upstream_visits::table.find(&hash.0[..]).get_result(&mut tx.db), "find an upstream visit", Row::read)
}

/// Takes it: it comes back once.
pub fn take(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<Taken<UpstreamVisit>> {
    take_once!(upstream_visits, Row, "take an upstream visit", tx, hash, now)
}

/// Keeps what the service said until the person has seen it, at the longest until `until`.
pub fn set_told(tx: &mut Tx, hash: &Hash, sealed: &[u8], until: Time) -> Outcome<()> {
    let change = diesel::update(upstream_visits::table.find(&hash.0[..]))
        .set((upstream_visits::sealed_told.eq(Some(sealed)), upstream_visits::expires_at.eq(until.0)));
    change.execute(&mut tx.db).map(drop).doing("keep what the national service said")
}

/// Ends it; of two answers to one page only the first closes it.
pub fn close(tx: &mut Tx, hash: &Hash) -> Outcome<bool> {
    let gone = diesel::delete(upstream_visits::table.find(&hash.0[..])).execute(&mut tx.db);
    gone.map(|rows| rows == 1).doing("close an upstream visit")
}
