//! What a visit is: in or out, from the city or not.

use crate::Time;
use crate::claims::residence::{Residence, resolve};
use crate::domain::reception::{Direction, FeeClass};

/// Somebody who came today and did not leave yet leaves; everybody else comes. A day is one of Japan.
pub fn direction(last: Option<(Direction, Time)>, now: Time) -> Direction {
    match last {
        Some((Direction::In, at)) if at.jst_day() == now.jst_day() => Direction::Out,
        _ => Direction::In,
    }
}

/// From the proven address; the same reading that the claim `is_resident` is made of.
pub fn fee_class(address: Option<&str>, municipality: &str, now: Time) -> FeeClass {
    match address.map(|address| resolve(address, now.jst_day())) {
        Some(Residence::Resolved(found)) if found.is(municipality) => FeeClass::Resident,
        Some(Residence::Resolved(_)) => FeeClass::NonResident,
        Some(Residence::Ambiguous(_) | Residence::Unknown) | None => FeeClass::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn cap_33_who_came_today_leaves_and_a_new_day_begins_with_coming() {
        // 2026-11-27 09:00 in Japan.
        let now = Time(1_795_737_600_000);
        let ago = |hours| now - Duration::from_hours(hours);
        assert_eq!(direction(None, now), Direction::In);
        assert_eq!(direction(Some((Direction::In, ago(1))), now), Direction::Out);
        assert_eq!(direction(Some((Direction::Out, ago(1))), now), Direction::In);
        assert_eq!(direction(Some((Direction::In, ago(10))), now), Direction::In);
    }

    #[test]
    fn cap_30_the_class_follows_the_proven_address_alone() {
        let now = Time(1_795_737_600_000);
        let class = |address| fee_class(address, "172065", now);
        assert_eq!(class(Some("石川県加賀市大聖寺南町ニ４１")), FeeClass::Resident);
        assert_eq!(class(Some("石川県小松市小馬出町９１")), FeeClass::NonResident);
        assert_eq!(class(Some("どこか")), FeeClass::Unknown);
        assert_eq!(class(None), FeeClass::Unknown);
    }
}
