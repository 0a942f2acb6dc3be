//! Devices at receptions.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, one, time};
use crate::schema::terminals;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::reception::Terminal;
use pass_core::fault::Outcome;
use pass_core::id::{FacilityId, TerminalId};
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = terminals)]
struct Row {
    id: Vec<u8>,
    facility_id: Vec<u8>,
    name: String,
    public_key: Vec<u8>,
    cookie: Vec<u8>,
    paired_at: i64,
    last_seen_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl Row {
    fn write(terminal: &Terminal) -> Self {
        Self {
            id: terminal.id.write(),
            facility_id: terminal.facility.write(),
            name: terminal.name.clone(),
            public_key: terminal.public_key.clone(),
            cookie: terminal.cookie.write(),
            paired_at: terminal.paired_at.0,
            last_seen_at: millis(terminal.last_seen_at),
            revoked_at: millis(terminal.revoked_at),
        }
    }

    fn read(self) -> Outcome<Terminal> {
        let at = Place::of("terminals", &self.id);
        Ok(Terminal {
            id: at.bytes("id", &self.id)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            name: self.name,
            public_key: self.public_key,
            cookie: at.bytes("cookie", &self.cookie)?,
            paired_at: Time(self.paired_at),
            last_seen_at: time(self.last_seen_at),
            revoked_at: time(self.revoked_at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, terminal: &Terminal) -> Outcome<()> {
    let row = Row::write(terminal);
    diesel::insert_into(terminals::table).values(row).execute(&mut tx.db).map(drop).doing("insert a terminal")
}

/// By row.
pub fn find(tx: &mut Tx, id: TerminalId) -> Outcome<Option<Terminal>> {
    one(terminals::table.find(&id.0[..]).get_result(&mut tx.db), "find a terminal", Row::read)
}

/// By its cookie, revoked or not.
pub fn find_by_cookie(tx: &mut Tx, cookie: &Hash) -> Outcome<Option<Terminal>> {
    let query = terminals::table.filter(terminals::cookie.eq(&cookie.0[..]));
    one(query.get_result(&mut tx.db), "find a terminal by its cookie", Row::read)
}

/// Every one of a facility, also those out of service, newest first.
pub fn find_all(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<Terminal>> {
    let query = terminals::table.filter(terminals::facility_id.eq(&facility.0[..])).order(terminals::id.desc());
    many(query.load(&mut tx.db), "find the terminals of a facility", Row::read)
}

/// Another name. `false`: this facility has none such, or it is out of service.
pub fn rename(tx: &mut Tx, facility: FacilityId, id: TerminalId, name: &str) -> Outcome<bool> {
    let there = terminals::table
        .find(&id.0[..])
        .filter(terminals::facility_id.eq(&facility.0[..]))
        .filter(terminals::revoked_at.is_null());
    let change = diesel::update(there).set(terminals::name.eq(name));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("rename a terminal")
}

/// Out of service, for good. `false`: it was before, or this facility has none such.
pub fn revoke(tx: &mut Tx, facility: FacilityId, id: TerminalId, now: Time) -> Outcome<bool> {
    let there = terminals::table
        .find(&id.0[..])
        .filter(terminals::facility_id.eq(&facility.0[..]))
        .filter(terminals::revoked_at.is_null());
    let change = diesel::update(there).set(terminals::revoked_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("revoke a terminal")
}

/// It was heard of; may be lost in a power cut.
pub fn seen_lazy(tx: &mut Tx, id: TerminalId, now: Time) -> Outcome<()> {
    let change = diesel::update(terminals::table.find(&id.0[..])).set(terminals::last_seen_at.eq(now.0));
    change.execute(&mut tx.db).map(drop).doing("note that a terminal was heard of")
}
