//! Which role may open which door: the one table that guards Manager.
//!
//! Every signed-in page asks it by its own method and address pattern before anything else happens, so that no handler
//! can forget. A door that is not in the table is closed to everybody.

use pass_core::domain::staff::Role;

/// What a role is, without where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// All facilities of the city.
    City,
    /// One facility.
    Facility,
    /// The reception of one facility.
    Reception,
}

impl Rank {
    /// All ranks.
    pub const ALL: [Self; 3] = [Self::City, Self::Facility, Self::Reception];

    /// The rank of a role.
    pub const fn of(role: Role) -> Self {
        match role {
            Role::CityAdmin => Self::City,
            Role::FacilityAdmin(_) => Self::Facility,
            Role::Receptionist(_) => Self::Reception,
        }
    }

    /// Key of its word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::City => "mgr-role-city",
            Self::Facility => "mgr-role-facility",
            Self::Reception => "mgr-role-reception",
        }
    }
}

/// A door of Manager: method, address pattern, and who may pass.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The pattern that actix matches.
    pub pattern: &'static str,
    /// Who may pass.
    pub ranks: &'static [Rank],
}

const EVERYBODY: &[Rank] = &Rank::ALL;
const ADMINS: &[Rank] = &[Rank::City, Rank::Facility];
const CITY: &[Rank] = &[Rank::City];

/// Every door behind the sign-in.
pub const DOORS: [Door; 23] = [
    door("GET", "/manager", EVERYBODY),
    door("POST", "/manager/switch", CITY),
    door("POST", "/manager/sign-out", EVERYBODY),
    door("GET", "/manager/facility", ADMINS),
    door("POST", "/manager/facility", ADMINS),
    door("GET", "/manager/clients", ADMINS),
    door("GET", "/manager/clients/{client_id}", ADMINS),
    door("POST", "/manager/clients/{client_id}", ADMINS),
    door("GET", "/manager/clients/{client_id}/errors", ADMINS),
    door("GET", "/manager/clients/{client_id}/try", ADMINS),
    door("POST", "/manager/clients/{client_id}/try", ADMINS),
    door("GET", "/manager/clients/{client_id}/secret", ADMINS),
    door("POST", "/manager/clients/{client_id}/secret", ADMINS),
    door("GET", "/manager/visits", EVERYBODY),
    door("GET", "/manager/visits/mark", EVERYBODY),
    door("POST", "/manager/visits", EVERYBODY),
    door("GET", "/manager/terminals", ADMINS),
    door("POST", "/manager/terminals", ADMINS),
    door("GET", "/manager/people", CITY),
    door("POST", "/manager/people", CITY),
    door("GET", "/manager/audit", ADMINS),
    door("GET", "/manager/keys", CITY),
    door("POST", "/manager/keys", CITY),
];

const fn door(method: &'static str, pattern: &'static str, ranks: &'static [Rank]) -> Door {
    Door { method, pattern, ranks }
}

/// Whether a rank may pass a door.
pub fn may(rank: Rank, method: &str, pattern: &str) -> bool {
    DOORS.iter().any(|door| door.method == method && door.pattern == pattern && door.ranks.contains(&rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_role_and_door_is_decided_here() {
        // city, facility, reception
        let expected = [
            ("GET", "/manager", [true, true, true]),
            ("POST", "/manager/switch", [true, false, false]),
            ("POST", "/manager/sign-out", [true, true, true]),
            ("GET", "/manager/facility", [true, true, false]),
            ("POST", "/manager/facility", [true, true, false]),
            ("GET", "/manager/clients", [true, true, false]),
            ("GET", "/manager/clients/{client_id}", [true, true, false]),
            ("POST", "/manager/clients/{client_id}", [true, true, false]),
            ("GET", "/manager/clients/{client_id}/errors", [true, true, false]),
            ("GET", "/manager/clients/{client_id}/try", [true, true, false]),
            ("POST", "/manager/clients/{client_id}/try", [true, true, false]),
            ("GET", "/manager/clients/{client_id}/secret", [true, true, false]),
            ("POST", "/manager/clients/{client_id}/secret", [true, true, false]),
            ("GET", "/manager/visits", [true, true, true]),
            ("GET", "/manager/visits/mark", [true, true, true]),
            ("POST", "/manager/visits", [true, true, true]),
            ("GET", "/manager/terminals", [true, true, false]),
            ("POST", "/manager/terminals", [true, true, false]),
            ("GET", "/manager/people", [true, false, false]),
            ("POST", "/manager/people", [true, false, false]),
            ("GET", "/manager/audit", [true, true, false]),
            ("GET", "/manager/keys", [true, false, false]),
            ("POST", "/manager/keys", [true, false, false]),
        ];
        assert_eq!(expected.len(), DOORS.len());
        for (method, pattern, allowed) in expected {
            for (rank, want) in Rank::ALL.into_iter().zip(allowed) {
                assert_eq!(may(rank, method, pattern), want, "{rank:?} {method} {pattern}");
            }
        }
        assert!(!may(Rank::City, "GET", "/manager/unknown"));
        assert!(!may(Rank::City, "DELETE", "/manager"));
    }
}
