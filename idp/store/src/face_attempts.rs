//! Failed face comparisons in a row.

use crate::place::{Bytes as _, Doing as _, one, time};
use crate::schema::face_attempts;
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::face::FaceAttempts;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;

fn read((failures, last): (i32, Option<i64>)) -> Outcome<FaceAttempts> {
    Ok(FaceAttempts { failures, last_failure_at: time(last) })
}

/// The count; zero for a person without failures.
pub fn find(tx: &mut Tx, person: PersonId) -> Outcome<FaceAttempts> {
    let query =
        face_attempts::table.find(&person.0[..]).select((face_attempts::failures, face_attempts::last_failure_at));
    one(query.get_result(&mut tx.db), "find failed comparisons", read).map(Option::unwrap_or_default)
}

/// One more failure; answers the new count. One statement, so that parallel failures are all counted.
pub fn record_failure(tx: &mut Tx, person: PersonId, now: Time) -> Outcome<FaceAttempts> {
    let row = (
        face_attempts::person_id.eq(person.write()),
        face_attempts::failures.eq(1),
        face_attempts::last_failure_at.eq(now.0),
    );
    let more = (face_attempts::failures.eq(face_attempts::failures + 1), face_attempts::last_failure_at.eq(now.0));
    on_backend!(tx, |conn| diesel::insert_into(face_attempts::table)
        .values(row)
        .on_conflict(face_attempts::person_id)
        .do_update()
        .set(more)
        .returning((face_attempts::failures, face_attempts::last_failure_at))
        .get_result(conn))
    .doing("record a failed comparison")
    .and_then(read)
}

/// A match: the count starts again.
pub fn reset(tx: &mut Tx, person: PersonId) -> Outcome<()> {
    let gone = diesel::delete(face_attempts::table.find(&person.0[..])).execute(&mut tx.db);
    gone.map(drop).doing("reset failed comparisons")
}
