//! Places that ask for claims.

use crate::place::{Bytes as _, Doing as _, Place, json, many, one};
use crate::schema::facilities;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::domain::facility::Facility;
use pass_core::fault::Outcome;
use pass_core::id::FacilityId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = facilities)]
struct Row {
    id: Vec<u8>,
    organisation_id: Vec<u8>,
    slug: String,
    name: String,
    department: String,
    logo: String,
    municipality: String,
    sector: String,
}

impl Row {
    fn write(facility: &Facility) -> Self {
        Self {
            id: facility.id.write(),
            organisation_id: facility.organisation.write(),
            slug: facility.slug.clone(),
            name: json(&facility.name),
            department: json(&facility.department),
            logo: facility.logo.clone(),
            municipality: facility.municipality.clone(),
            sector: facility.sector.clone(),
        }
    }

    fn read(self) -> Outcome<Facility> {
        let at = Place::of("facilities", &self.id);
        Ok(Facility {
            id: at.bytes("id", &self.id)?,
            organisation: at.bytes("organisation_id", &self.organisation_id)?,
            name: at.json("name", &self.name)?,
            department: at.json("department", &self.department)?,
            slug: self.slug,
            logo: self.logo,
            municipality: self.municipality,
            sector: self.sector,
        })
    }
}

/// By row.
pub fn find(tx: &mut Tx, id: FacilityId) -> Outcome<Option<Facility>> {
    one(facilities::table.find(&id.0[..]).get_result(&mut tx.db), "find a facility", Row::read)
}

/// By its short name.
pub fn find_by_slug(tx: &mut Tx, slug: &str) -> Outcome<Option<Facility>> {
    let query = facilities::table.filter(facilities::slug.eq(slug));
    one(query.get_result(&mut tx.db), "find a facility by its short name", Row::read)
}

/// Every one, in the order of registration.
pub fn find_all(tx: &mut Tx) -> Outcome<Vec<Facility>> {
    many(facilities::table.order(facilities::id).load(&mut tx.db), "find all facilities", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, facility: &Facility) -> Outcome<()> {
    diesel::insert_into(facilities::table)
        .values(Row::write(facility))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert a facility")
}
