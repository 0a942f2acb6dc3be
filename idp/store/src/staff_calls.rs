//! Calls for staff, until somebody takes them on.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, time};
use crate::schema::staff_calls;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::reception::{CallReason, StaffCall};
use pass_core::fault::Outcome;
use pass_core::id::{FacilityId, StaffCallId, StaffId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = staff_calls)]
struct Row {
    id: Vec<u8>,
    facility_id: Vec<u8>,
    terminal_id: Vec<u8>,
    reason: String,
    raised_at: i64,
    closed_at: Option<i64>,
    closed_by: Option<Vec<u8>>,
}

impl Row {
    fn read(self) -> Outcome<StaffCall> {
        let at = Place::of("staff_calls", &self.id);
        Ok(StaffCall {
            id: at.bytes("id", &self.id)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            terminal: at.bytes("terminal_id", &self.terminal_id)?,
            reason: CallReason::parse(&self.reason).ok_or_else(|| at.wrong("reason"))?,
            raised_at: Time(self.raised_at),
            closed_at: time(self.closed_at),
            closed_by: at.maybe("closed_by", self.closed_by.as_ref())?,
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, call: &StaffCall) -> Outcome<()> {
    let row = Row {
        id: call.id.write(),
        facility_id: call.facility.write(),
        terminal_id: call.terminal.write(),
        reason: call.reason.as_str().into(),
        raised_at: call.raised_at.0,
        closed_at: millis(call.closed_at),
        closed_by: call.closed_by.map(|staff| staff.write()),
    };
    diesel::insert_into(staff_calls::table).values(row).execute(&mut tx.db).map(drop).doing("insert a call for staff")
}

/// Those of a facility that nobody took on, oldest first.
pub fn find_open(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<StaffCall>> {
    let query = staff_calls::table
        .filter(staff_calls::facility_id.eq(&facility.0[..]))
        .filter(staff_calls::closed_at.is_null())
        .order(staff_calls::id);
    many(query.load(&mut tx.db), "find open calls for staff", Row::read)
}

/// Somebody takes it on. `false`: somebody did before, or it is not of this facility.
pub fn close(tx: &mut Tx, facility: FacilityId, id: StaffCallId, now: Time, by: StaffId) -> Outcome<bool> {
    let open = staff_calls::table
        .find(&id.0[..])
        .filter(staff_calls::facility_id.eq(&facility.0[..]))
        .filter(staff_calls::closed_at.is_null());
    let change = diesel::update(open).set((staff_calls::closed_at.eq(now.0), staff_calls::closed_by.eq(by.write())));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("close a call for staff")
}
