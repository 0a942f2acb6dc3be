//! What a facility may ask for at most: versions, appended and never changed.

use crate::place::{Bytes as _, Doing as _, Place, json, many, one};
use crate::schema::ceilings;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::facility::Ceiling;
use pass_core::fault::Outcome;
use pass_core::id::FacilityId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = ceilings)]
struct Row {
    facility_id: Vec<u8>,
    version: i32,
    purpose: String,
    entries: String,
    created_at: i64,
}

impl Row {
    fn write(ceiling: &Ceiling) -> Self {
        Self {
            facility_id: ceiling.facility.write(),
            version: ceiling.version,
            purpose: json(&ceiling.purpose),
            entries: json(&ceiling.entries),
            created_at: ceiling.created_at.0,
        }
    }

    fn read(self) -> Outcome<Ceiling> {
        let at = Place::of("ceilings", &self.facility_id);
        Ok(Ceiling {
            facility: at.bytes("facility_id", &self.facility_id)?,
            version: self.version,
            purpose: at.json("purpose", &self.purpose)?,
            entries: at.json("entries", &self.entries)?,
            created_at: Time(self.created_at),
        })
    }
}

/// The version in force.
pub fn find_latest(tx: &mut Tx, facility: FacilityId) -> Outcome<Option<Ceiling>> {
    let query = ceilings::table.filter(ceilings::facility_id.eq(&facility.0[..])).order(ceilings::version.desc());
    one(query.get_result(&mut tx.db), "find a ceiling", Row::read)
}

/// The version in force of every facility.
pub fn find_all_latest(tx: &mut Tx) -> Outcome<Vec<Ceiling>> {
    let query = ceilings::table.order((ceilings::facility_id, ceilings::version));
    let mut all = many(query.load(&mut tx.db), "find all ceilings", Row::read)?;
    all.reverse();
    all.dedup_by_key(|ceiling| ceiling.facility);
    Ok(all)
}

/// One version, as a consent names it.
pub fn find(tx: &mut Tx, facility: FacilityId, version: i32) -> Outcome<Option<Ceiling>> {
    one(
        ceilings::table.find((&facility.0[..], version)).get_result(&mut tx.db),
        "find a version of a ceiling",
        Row::read,
    )
}

/// All versions, oldest first.
pub fn find_all_of(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<Ceiling>> {
    let query = ceilings::table.filter(ceilings::facility_id.eq(&facility.0[..])).order(ceilings::version);
    many(query.load(&mut tx.db), "find all versions of a ceiling", Row::read)
}

/// A new version. Its number must be the next one: two editors at once cannot both have it.
pub fn insert(tx: &mut Tx, ceiling: &Ceiling) -> Outcome<()> {
    diesel::insert_into(ceilings::table)
        .values(Row::write(ceiling))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert a ceiling")
}
