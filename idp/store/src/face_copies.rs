//! Copies of faces, one for each person and facility, turned and sealed. Every change raises the version of the facility and
//! writes a change notice, in the same transaction.

use crate::changes::{Topic, bump};
use crate::face_epochs;
use crate::place::{Bytes as _, Doing as _, Place, many, one};
use crate::schema::{face_copies, face_templates, person_keys};
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::face::FaceCopy;
use pass_core::fault::Outcome;
use pass_core::id::{FacilityId, PersonId};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = face_copies)]
struct Row {
    person_id: Vec<u8>,
    facility_id: Vec<u8>,
    epoch: i32,
    model: String,
    sealed: Vec<u8>,
    version: i64,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    fn write(copy: &FaceCopy, version: i64) -> Self {
        Self {
            person_id: copy.person.write(),
            facility_id: copy.facility.write(),
            epoch: copy.epoch,
            model: copy.model.clone(),
            sealed: copy.sealed.clone(),
            version,
            created_at: copy.created_at.0,
            expires_at: copy.expires_at.0,
        }
    }

    fn read(self) -> Outcome<FaceCopy> {
        let at = Place::of("face_copies", &self.person_id);
        Ok(FaceCopy {
            person: at.bytes("person_id", &self.person_id)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            epoch: self.epoch,
            model: self.model,
            sealed: self.sealed,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
        })
    }
}

/// The copy of a person at a facility from now on. `false`, and nothing is written: it was made for an epoch that is over, or there
/// is no master of its model any more.
pub fn insert(tx: &mut Tx, copy: &FaceCopy) -> Outcome<bool> {
    insert_all(tx, std::slice::from_ref(copy))
}

/// The same for several; give them in the order of their facilities, so that two who do this never wait for each other.
pub fn insert_all(tx: &mut Tx, copies: &[FaceCopy]) -> Outcome<bool> {
    let mut all = true;
    for copy in copies {
        all &= write(tx, copy)?;
    }
    bump(tx, Topic::Faces)?;
    Ok(all)
}

/// The same where each takes the place of one that is still there: what was turned off meanwhile stays off.
pub fn replace_all(tx: &mut Tx, copies: &[FaceCopy]) -> Outcome<bool> {
    let mut still = Vec::new();
    for copy in copies {
        if find(tx, copy.person, copy.facility)?.is_some() {
            still.push(copy.clone());
        }
    }
    if still.is_empty() { Ok(true) } else { insert_all(tx, &still) }
}

fn write(tx: &mut Tx, copy: &FaceCopy) -> Outcome<bool> {
    let now = face_epochs::step(tx, copy.facility)?;
    let master = face_templates::table.find(copy.person.0.to_vec()).select(face_templates::model);
    let master: Option<String> = one(master.get_result(&mut tx.db), "find a master template", Ok)?;
    if now.epoch != copy.epoch || master.as_ref() != Some(&copy.model) {
        return Ok(false);
    }
    let row = Row::write(copy, now.version);
    on_backend!(tx, |conn| diesel::insert_into(face_copies::table)
        .values(&row)
        .on_conflict((face_copies::person_id, face_copies::facility_id))
        .do_update()
        .set(&row)
        .execute(conn))
    .doing("insert a copy of a face")?;
    Ok(true)
}

/// The copy of a person at a facility.
pub fn find(tx: &mut Tx, person: PersonId, facility: FacilityId) -> Outcome<Option<FaceCopy>> {
    let query = face_copies::table.find((&person.0[..], &facility.0[..]));
    one(query.get_result(&mut tx.db), "find a copy of a face", Row::read)
}

/// All copies of a person.
pub fn find_all_of(tx: &mut Tx, person: PersonId) -> Outcome<Vec<FaceCopy>> {
    let query = face_copies::table.filter(face_copies::person_id.eq(&person.0[..])).order(face_copies::facility_id);
    many(query.load(&mut tx.db), "find the copies of a face", Row::read)
}

/// A copy with the wrapped key of its person, and the version that wrote it.
pub struct Keyed {
    /// The copy.
    pub copy: FaceCopy,
    /// The person's key, wrapped.
    pub key: Vec<u8>,
    /// Which version of the facility wrote it.
    pub version: i64,
}

/// Copies of a facility in an epoch that were written after a version, oldest change first, at most so many. Whoever has no key
/// any more is left out. Go on behind the version of the last one.
pub fn of_facility(tx: &mut Tx, facility: FacilityId, epoch: i32, after: i64, limit: i64) -> Outcome<Vec<Keyed>> {
    let query = face_copies::table
        .inner_join(person_keys::table.on(person_keys::person_id.eq(face_copies::person_id)))
        .filter(face_copies::facility_id.eq(&facility.0[..]))
        .filter(face_copies::version.gt(after))
        .filter(face_copies::epoch.eq(epoch))
        .order(face_copies::version)
        .limit(limit)
        .select((face_copies::all_columns, person_keys::wrapped));
    many(query.load::<(Row, Vec<u8>)>(&mut tx.db), "find the copies of a facility", |(row, key)| {
        let version = row.version;
        Ok(Keyed { copy: row.read()?, key, version })
    })
}

/// Who has a copy at a facility in an epoch, and a key to open it.
pub fn persons_of(tx: &mut Tx, facility: FacilityId, epoch: i32) -> Outcome<Vec<PersonId>> {
    let query = face_copies::table
        .inner_join(person_keys::table.on(person_keys::person_id.eq(face_copies::person_id)))
        .filter(face_copies::facility_id.eq(&facility.0[..]))
        .filter(face_copies::epoch.eq(epoch))
        .select(face_copies::person_id);
    many(query.load::<Vec<u8>>(&mut tx.db), "find who has a copy at a facility", |id| {
        Place::of("face_copies", &id).bytes("person_id", &id)
    })
}

/// Persons whose copy at a facility is of an epoch that is over.
pub fn find_old(tx: &mut Tx, facility: FacilityId, epoch: i32, limit: i64) -> Outcome<Vec<PersonId>> {
    let query = face_copies::table
        .filter(face_copies::facility_id.eq(&facility.0[..]))
        .filter(face_copies::epoch.lt(epoch))
        .order(face_copies::version)
        .limit(limit)
        .select(face_copies::person_id);
    many(query.load::<Vec<u8>>(&mut tx.db), "find copies of an old epoch", |id| {
        Place::of("face_copies", &id).bytes("person_id", &id)
    })
}

/// Removes the copy of a person at a facility. `false`: there was none.
pub fn remove(tx: &mut Tx, person: PersonId, facility: FacilityId) -> Outcome<bool> {
    let gone = take_out(tx, person, facility)?;
    if gone {
        bump(tx, Topic::Faces)?;
    }
    Ok(gone)
}

/// Removes all copies of a person and says where they were. They would go with the master too, but then nobody would be told.
pub fn remove_all(tx: &mut Tx, person: PersonId) -> Outcome<Vec<FacilityId>> {
    let mut left = Vec::new();
    for copy in find_all_of(tx, person)? {
        if take_out(tx, person, copy.facility)? {
            left.push(copy.facility);
        }
    }
    if !left.is_empty() {
        bump(tx, Topic::Faces)?;
    }
    Ok(left)
}

fn take_out(tx: &mut Tx, person: PersonId, facility: FacilityId) -> Outcome<bool> {
    if find(tx, person, facility)?.is_none() {
        return Ok(false);
    }
    // The facility's row first, as whoever inserts does.
    face_epochs::step(tx, facility)?;
    let gone = diesel::delete(face_copies::table.find((person.0.to_vec(), facility.0.to_vec())));
    gone.execute(&mut tx.db).map(|rows| rows == 1).doing("remove a copy of a face")
}
