//! Codes that pair a device with a reception, each once.

use crate::Taken;
use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::pairing_codes;
use crate::taken::take_once;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::reception::PairingCode;
use pass_core::fault::Outcome;
use pass_core::id::FacilityId;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = pairing_codes)]
struct Row {
    hash: Vec<u8>,
    facility_id: Vec<u8>,
    name: String,
    staff_id: Option<Vec<u8>>,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn read(self) -> Outcome<PairingCode> {
        let at = Place::of("pairing_codes", &self.hash);
        Ok(PairingCode {
            hash: at.bytes("hash", &self.hash)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            name: self.name,
            made_by: at.maybe("staff_id", self.staff_id.as_ref())?,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            used_at: time(self.used_at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, code: &PairingCode) -> Outcome<()> {
    let row = Row {
        hash: code.hash.write(),
        facility_id: code.facility.write(),
        name: code.name.clone(),
        staff_id: code.made_by.map(|staff| staff.write()),
        created_at: code.created_at.0,
        expires_at: code.expires_at.0,
        used_at: millis(code.used_at),
    };
    diesel::insert_into(pairing_codes::table).values(row).execute(&mut tx.db).map(drop).doing("insert a pairing code")
}

/// Takes one of this facility, once; one of another facility stays untouched, and is unknown here.
pub fn take(tx: &mut Tx, hash: &Hash, facility: FacilityId, now: Time) -> Outcome<Taken<PairingCode>> {
    let query = pairing_codes::table.find(&hash.0[..]).select(pairing_codes::facility_id);
    let whose: Option<Vec<u8>> = one(query.get_result(&mut tx.db), "find a pairing code", Ok)?;
    if whose.as_deref() != Some(&facility.0[..]) {
        return Ok(Taken::Unknown);
    }
    take_once!(pairing_codes, Row, "take a pairing code", tx, hash, now)
}
