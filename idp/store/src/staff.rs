//! Staff members and their roles.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, one, time};
use crate::schema::staff;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::staff::{Role, Staff};
use pass_core::fault::Outcome;
use pass_core::id::{FacilityId, StaffId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = staff)]
struct Row {
    id: Vec<u8>,
    name: String,
    role: String,
    facility_id: Option<Vec<u8>>,
    user_handle: Vec<u8>,
    created_at: i64,
    closed_at: Option<i64>,
}

impl Row {
    fn write(member: &Staff) -> Self {
        let (role, facility) = words(member.role);
        Self {
            id: member.id.write(),
            name: member.name.clone(),
            role: role.into(),
            facility_id: facility.map(|facility| facility.write()),
            user_handle: member.user_handle.to_vec(),
            created_at: member.created_at.0,
            closed_at: millis(member.closed_at),
        }
    }

    fn read(self) -> Outcome<Staff> {
        let at = Place::of("staff", &self.id);
        let facility = at.maybe("facility_id", self.facility_id.as_ref())?;
        Ok(Staff {
            id: at.bytes("id", &self.id)?,
            role: role(&self.role, facility).ok_or_else(|| at.wrong("role"))?,
            user_handle: at.bytes("user_handle", &self.user_handle)?,
            name: self.name,
            created_at: Time(self.created_at),
            closed_at: time(self.closed_at),
        })
    }
}

const fn words(role: Role) -> (&'static str, Option<FacilityId>) {
    match role {
        Role::CityAdmin => ("city_admin", None),
        Role::FacilityAdmin(facility) => ("facility_admin", Some(facility)),
        Role::Receptionist(facility) => ("receptionist", Some(facility)),
    }
}

fn role(word: &str, facility: Option<FacilityId>) -> Option<Role> {
    match (word, facility) {
        ("city_admin", None) => Some(Role::CityAdmin),
        ("facility_admin", Some(facility)) => Some(Role::FacilityAdmin(facility)),
        ("receptionist", Some(facility)) => Some(Role::Receptionist(facility)),
        _ => None,
    }
}

/// By row.
pub fn find(tx: &mut Tx, id: StaffId) -> Outcome<Option<Staff>> {
    one(staff::table.find(&id.0[..]).get_result(&mut tx.db), "find a staff member", Row::read)
}

/// By the user handle of a passkey.
pub fn find_by_user_handle(tx: &mut Tx, handle: &[u8; 16]) -> Outcome<Option<Staff>> {
    let query = staff::table.filter(staff::user_handle.eq(&handle[..]));
    one(query.get_result(&mut tx.db), "find a staff member by user handle", Row::read)
}

/// Every one, also those who left, in the order of registration.
pub fn find_all(tx: &mut Tx) -> Outcome<Vec<Staff>> {
    many(staff::table.order(staff::id).load(&mut tx.db), "find all staff members", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, member: &Staff) -> Outcome<()> {
    let row = Row::write(member);
    diesel::insert_into(staff::table).values(row).execute(&mut tx.db).map(drop).doing("insert a staff member")
}

/// They left. `false`: they had left before, or are unknown.
pub fn close(tx: &mut Tx, id: StaffId, now: Time) -> Outcome<bool> {
    let there = staff::table.find(&id.0[..]).filter(staff::closed_at.is_null());
    let change = diesel::update(there).set(staff::closed_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("close a staff member")
}
