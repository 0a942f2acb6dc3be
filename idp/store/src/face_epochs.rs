//! The epoch of each facility's copies of faces, and the version that every change of them raises.
//!
//! Both are one row for each facility, changed by one statement: whoever writes copies of a facility waits here for whoever does
//! already, so that versions are in the order of commits and no copy of an old epoch comes in behind a new one.

use crate::place::{Bytes as _, Doing as _, one};
use crate::schema::face_epochs;
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::fault::Outcome;
use pass_core::id::FacilityId;

/// Where a facility stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceEpoch {
    /// Which rotation its copies are made with. Counts from 1.
    pub epoch: i32,
    /// Raised by every change of its copies.
    pub version: i64,
}

/// A facility that never had a copy.
const FIRST: FaceEpoch = FaceEpoch { epoch: 1, version: 0 };

fn read((epoch, version): (i32, i64)) -> Outcome<FaceEpoch> {
    Ok(FaceEpoch { epoch, version })
}

/// The epoch and version of a facility.
pub fn find(tx: &mut Tx, facility: FacilityId) -> Outcome<FaceEpoch> {
    let query = face_epochs::table.find(&facility.0[..]).select((face_epochs::epoch, face_epochs::version));
    Ok(one(query.get_result(&mut tx.db), "find the epoch of a facility", read)?.unwrap_or(FIRST))
}

/// A new epoch: every copy made so far is of the past.
pub fn renew(tx: &mut Tx, facility: FacilityId) -> Outcome<FaceEpoch> {
    first(tx, facility)?;
    let here = face_epochs::table.find(&facility.0[..]);
    on_backend!(tx, |conn| diesel::update(here)
        .set((face_epochs::epoch.eq(face_epochs::epoch + 1), face_epochs::version.eq(face_epochs::version + 1_i64)))
        .returning((face_epochs::epoch, face_epochs::version))
        .get_result(conn))
    .doing("begin an epoch")
    .and_then(read)
}

/// The next version of a facility, whose row is this transaction's from here on.
pub(crate) fn step(tx: &mut Tx, facility: FacilityId) -> Outcome<FaceEpoch> {
    first(tx, facility)?;
    let here = face_epochs::table.find(&facility.0[..]);
    on_backend!(tx, |conn| diesel::update(here)
        .set(face_epochs::version.eq(face_epochs::version + 1_i64))
        .returning((face_epochs::epoch, face_epochs::version))
        .get_result(conn))
    .doing("raise the version of a facility's copies")
    .and_then(read)
}

fn first(tx: &mut Tx, facility: FacilityId) -> Outcome<()> {
    let row = (
        face_epochs::facility_id.eq(facility.write()),
        face_epochs::epoch.eq(FIRST.epoch),
        face_epochs::version.eq(FIRST.version),
    );
    on_backend!(tx, |conn| diesel::insert_into(face_epochs::table).values(row).on_conflict_do_nothing().execute(conn))
        .map(drop)
        .doing("begin with copies of a facility")
}
