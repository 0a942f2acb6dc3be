//! Who came and left. A correction is an event too; rows are never changed.

use crate::place::{Bytes as _, Doing as _, Place, many, one};
use crate::schema::reception_events;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::reception::{Direction, FeeClass, ReceptionEvent, Way};
use pass_core::fault::Outcome;
use pass_core::id::{FacilityId, PersonId, ReceptionEventId};
use std::time::Duration;

#[derive(Queryable, Insertable)]
#[diesel(table_name = reception_events)]
struct Row {
    id: Vec<u8>,
    facility_id: Vec<u8>,
    person_id: Vec<u8>,
    terminal_id: Vec<u8>,
    direction: String,
    way: String,
    fee_class: String,
    milliseconds: i32,
    at: i64,
}

impl Row {
    fn read(self) -> Outcome<ReceptionEvent> {
        let at = Place::of("reception_events", &self.id);
        Ok(ReceptionEvent {
            id: at.bytes("id", &self.id)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            person: at.bytes("person_id", &self.person_id)?,
            terminal: at.bytes("terminal_id", &self.terminal_id)?,
            direction: Direction::parse(&self.direction).ok_or_else(|| at.wrong("direction"))?,
            way: Way::parse(&self.way).ok_or_else(|| at.wrong("way"))?,
            fee_class: FeeClass::parse(&self.fee_class).ok_or_else(|| at.wrong("fee_class"))?,
            took: Duration::from_millis(u64::from(self.milliseconds.unsigned_abs())),
            at: Time(self.at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, event: &ReceptionEvent) -> Outcome<()> {
    let row = Row {
        id: event.id.write(),
        facility_id: event.facility.write(),
        person_id: event.person.write(),
        terminal_id: event.terminal.write(),
        direction: event.direction.as_str().into(),
        way: event.way.as_str().into(),
        fee_class: event.fee_class.as_str().into(),
        milliseconds: i32::try_from(event.took.as_millis()).unwrap_or(i32::MAX),
        at: event.at.0,
    };
    diesel::insert_into(reception_events::table).values(row).execute(&mut tx.db).map(drop).doing("insert a visit")
}

/// The newest of a person at a facility.
pub fn last(tx: &mut Tx, facility: FacilityId, person: PersonId) -> Outcome<Option<ReceptionEvent>> {
    let query = reception_events::table
        .filter(reception_events::person_id.eq(&person.0[..]))
        .filter(reception_events::facility_id.eq(&facility.0[..]))
        .order((reception_events::at.desc(), reception_events::id.desc()))
        .limit(1);
    one(query.get_result(&mut tx.db), "find the last visit", Row::read)
}

/// The newest of a facility.
pub fn newest(tx: &mut Tx, facility: FacilityId) -> Outcome<Option<ReceptionEventId>> {
    let query = reception_events::table
        .filter(reception_events::facility_id.eq(&facility.0[..]))
        .order((reception_events::at.desc(), reception_events::id.desc()))
        .select(reception_events::id)
        .limit(1);
    let read = |id: Vec<u8>| Place::of("reception_events", &id).bytes("id", &id);
    one(query.get_result(&mut tx.db), "find the newest visit of a facility", read)
}

/// Those of a facility from one time up to another, newest first.
pub fn between(tx: &mut Tx, facility: FacilityId, from: Time, to: Time) -> Outcome<Vec<ReceptionEvent>> {
    let query = reception_events::table
        .filter(reception_events::facility_id.eq(&facility.0[..]))
        .filter(reception_events::at.ge(from.0))
        .filter(reception_events::at.lt(to.0))
        .order((reception_events::at.desc(), reception_events::id.desc()));
    many(query.load(&mut tx.db), "find the visits of a facility", Row::read)
}
