//! Failed face comparisons in a row.

use crate::place::{Bytes as _, Doing as _, one, time};
use crate::schema::face_attempts;
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::face::FaceAttempts;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;
use std::time::Duration;

fn read((failures, last): (i32, Option<i64>)) -> Outcome<FaceAttempts> {
    Ok(FaceAttempts { failures, last_failure_at: time(last) })
}

/// The count; zero for a person without failures.
pub fn find(tx: &mut Tx, person: PersonId) -> Outcome<FaceAttempts> {
    let query =
        face_attempts::table.find(&person.0[..]).select((face_attempts::failures, face_attempts::last_failure_at));
    one(query.get_result(&mut tx.db), "find failed comparisons", read).map(Option::unwrap_or_default)
}

/// What limits a try.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Failures in a row that cost nothing.
    pub free: i32,
    /// How long each further try waits after the last one.
    pub delay: Duration,
    /// Failures after which there is no further try.
    pub last: i32,
}

/// Counts a try as failed before it is made, where one may be made now; answers the count with it, or nothing. One statement decides
/// and counts, so that tries made side by side are no more than tries made one after another.
pub fn begin(tx: &mut Tx, person: PersonId, limit: Limit, now: Time) -> Outcome<Option<FaceAttempts>> {
    let row = (
        face_attempts::person_id.eq(person.write()),
        face_attempts::failures.eq(1),
        face_attempts::last_failure_at.eq(now.0),
    );
    let first = on_backend!(tx, |conn| diesel::insert_into(face_attempts::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))
    .doing("count a first try")?;
    if first == 1 {
        return Ok(Some(FaceAttempts { failures: 1, last_failure_at: Some(now) }));
    }
    let allowed = face_attempts::table.find(person.0.to_vec()).filter(
        face_attempts::failures.lt(limit.free).or(face_attempts::failures.lt(limit.last).and(
            face_attempts::last_failure_at.is_null().or(face_attempts::last_failure_at.le((now - limit.delay).0)),
        )),
    );
    let more = (face_attempts::failures.eq(face_attempts::failures + 1), face_attempts::last_failure_at.eq(now.0));
    let counted = on_backend!(tx, |conn| diesel::update(allowed)
        .set(more)
        .returning((face_attempts::failures, face_attempts::last_failure_at))
        .get_result(conn));
    one(counted, "count a try", read)
}

/// The try was a failure: it stays counted, also where a match was found beside it meanwhile. Answers the count.
pub fn keep(tx: &mut Tx, person: PersonId, now: Time) -> Outcome<FaceAttempts> {
    let row = (
        face_attempts::person_id.eq(person.write()),
        face_attempts::failures.eq(1),
        face_attempts::last_failure_at.eq(now.0),
    );
    on_backend!(tx, |conn| diesel::insert_into(face_attempts::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))
    .doing("keep a failed comparison")?;
    find(tx, person)
}

/// The try was none, because nothing could be compared: it is taken back, and the wait before it counts again.
pub fn take_back(tx: &mut Tx, person: PersonId, begun: Time, before: FaceAttempts) -> Outcome<()> {
    let mine = face_attempts::table.find(person.0.to_vec()).filter(face_attempts::failures.gt(0));
    diesel::update(mine)
        .set(face_attempts::failures.eq(face_attempts::failures - 1))
        .execute(&mut tx.db)
        .doing("take a try back")?;
    let last = face_attempts::table.find(person.0.to_vec()).filter(face_attempts::last_failure_at.eq(begun.0));
    let earlier = before.last_failure_at.map(|at| at.0);
    diesel::update(last)
        .set(face_attempts::last_failure_at.eq(earlier))
        .execute(&mut tx.db)
        .map(drop)
        .doing("take the time of a try back")
}

/// A match: the count starts again.
pub fn reset(tx: &mut Tx, person: PersonId) -> Outcome<()> {
    let gone = diesel::delete(face_attempts::table.find(&person.0[..])).execute(&mut tx.db);
    gone.map(drop).doing("reset failed comparisons")
}
