//! Devices, their codes, visits and calls: as they went in, once where once is meant, and of one facility alone.

use super::on_both;
use super::samples::{City, NOW, city, hash};
use crate::testing::Seeded;
use crate::{Taken, pairing_codes, reception_events, staff_calls, terminals};
use pass_core::Time;
use pass_core::domain::reception::{
    CallReason, Direction, FeeClass, PairingCode, ReceptionEvent, StaffCall, Terminal, Way,
};
use pass_core::id::{FacilityId, ReceptionEventId, StaffCallId, StaffId, TerminalId};
use std::time::Duration;

const ELSEWHERE: FacilityId = FacilityId([0x55; 16]);

pub(super) fn terminal(city: &City, of: u64) -> Terminal {
    Terminal {
        id: TerminalId::new(NOW + Duration::from_millis(of), &Seeded::new(of)),
        facility: city.facility.id,
        name: format!("端末 {of}"),
        public_key: vec![4; 65],
        cookie: hash(of),
        paired_at: NOW,
        last_seen_at: None,
        revoked_at: None,
    }
}

pub(super) fn code(city: &City, of: u64, now: Time) -> PairingCode {
    PairingCode {
        hash: hash(of),
        facility: city.facility.id,
        name: "正面玄関".into(),
        made_by: None,
        created_at: now,
        expires_at: now + Duration::from_secs(600),
        used_at: None,
    }
}

pub(super) fn visit(city: &City, of: u64, at: Time) -> ReceptionEvent {
    ReceptionEvent {
        id: ReceptionEventId::new(at, &Seeded::new(of)),
        facility: city.facility.id,
        person: city.person.id,
        terminal: terminal(city, 7).id,
        direction: Direction::In,
        way: Way::Face,
        fee_class: FeeClass::NonResident,
        took: Duration::from_millis(2_440),
        at,
    }
}

pub(super) fn call(city: &City, of: u64, at: Time) -> StaffCall {
    StaffCall {
        id: StaffCallId::new(at, &Seeded::new(of)),
        facility: city.facility.id,
        terminal: terminal(city, 7).id,
        reason: CallReason::Failures,
        raised_at: at,
        closed_at: None,
        closed_by: None,
    }
}

#[tokio::test]
async fn cap_38_a_pairing_code_is_taken_once_at_its_own_facility_and_in_time() {
    on_both(async |database| {
        let city = city(1);
        let late = NOW + Duration::from_secs(600);
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            let here = city.facility.id;
            let (one, two) = (code(&city, 1, NOW), code(&city, 2, NOW));
            let two = PairingCode { made_by: Some(StaffId([8; 16])), ..two };
            pairing_codes::insert(tx, &one)?;
            pairing_codes::insert(tx, &two)?;
            assert!(matches!(pairing_codes::take(tx, &hash(3), here, NOW)?, Taken::Unknown));
            assert!(matches!(pairing_codes::take(tx, &hash(1), ELSEWHERE, NOW)?, Taken::Unknown));
            let used = |code: PairingCode| PairingCode { used_at: Some(NOW), ..code };
            let Taken::First(taken) = pairing_codes::take(tx, &hash(1), here, NOW)? else { panic!("not the first") };
            assert_eq!(taken, used(one));
            assert!(matches!(pairing_codes::take(tx, &hash(1), here, NOW)?, Taken::Again(_)));
            assert!(matches!(pairing_codes::take(tx, &hash(2), here, late)?, Taken::Expired(row) if row == two));
            let Taken::First(taken) = pairing_codes::take(tx, &hash(2), here, NOW)? else { panic!("not the first") };
            assert_eq!(taken, used(two));
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn cap_38_of_twenty_devices_with_one_code_one_is_paired() {
    on_both(async |database| {
        let city = city(1);
        let (sample, here) = (city.clone(), city.facility.id);
        let rows = move |tx: &mut crate::Tx| {
            sample.insert(tx)?;
            pairing_codes::insert(tx, &code(&sample, 1, NOW))
        };
        database.store.write(rows).await.unwrap();
        let mut takers = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let store = database.store.clone();
            takers.spawn(
                async move { store.write(move |tx| pairing_codes::take(tx, &hash(1), here, NOW)).await.unwrap() },
            );
        }
        let taken = takers.join_all().await;
        assert_eq!(taken.iter().filter(|taken| matches!(taken, Taken::First(_))).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn cap_38_a_device_is_renamed_and_stopped_by_its_own_facility_and_stays_stopped() {
    on_both(async |database| {
        let city = city(1);
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            let here = city.facility.id;
            let (old, new) = (terminal(&city, 1), terminal(&city, 2));
            terminals::insert(tx, &old)?;
            terminals::insert(tx, &new)?;
            assert_eq!(terminals::find(tx, old.id)?.as_ref(), Some(&old));
            assert_eq!(terminals::find_by_cookie(tx, &hash(2))?.as_ref(), Some(&new));
            assert_eq!(terminals::find_by_cookie(tx, &hash(3))?, None);
            assert_eq!(terminals::find_all(tx, here)?, [new.clone(), old.clone()], "newest first");
            assert!(terminals::find_all(tx, ELSEWHERE)?.is_empty());
            assert!(!terminals::rename(tx, ELSEWHERE, old.id, "x")? && !terminals::revoke(tx, ELSEWHERE, old.id, NOW)?);
            assert!(terminals::rename(tx, here, old.id, "裏口")?);
            let seen = NOW + Duration::from_secs(5);
            terminals::seen_lazy(tx, old.id, seen)?;
            assert!(terminals::revoke(tx, here, old.id, NOW)?);
            assert!(!terminals::revoke(tx, here, old.id, seen)? && !terminals::rename(tx, here, old.id, "x")?);
            let stopped =
                Terminal { name: "裏口".into(), last_seen_at: Some(seen), revoked_at: Some(NOW), ..old.clone() };
            assert_eq!(terminals::find_by_cookie(tx, &hash(1))?, Some(stopped));
            assert_eq!(terminals::find(tx, new.id)?, Some(new), "the other one is as it was");
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn cap_39_visits_come_newest_first_and_of_one_facility_and_span() {
    on_both(async |database| {
        let city = city(1);
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            let (here, person) = (city.facility.id, city.person.id);
            let other = super::samples::city(2);
            other.insert(tx)?;
            terminals::insert(tx, &terminal(&city, 7))?;
            assert_eq!(reception_events::last(tx, here, person)?, None);
            let at = |seconds| NOW + Duration::from_secs(seconds);
            let first = visit(&city, 1, at(0));
            let second = ReceptionEvent { direction: Direction::Out, ..visit(&city, 2, at(60)) };
            let elsewhere = ReceptionEvent { facility: other.facility.id, ..visit(&city, 3, at(90)) };
            // Written in another order than they happened.
            for event in [&second, &elsewhere, &first] {
                reception_events::insert(tx, event)?;
            }
            assert_eq!(reception_events::last(tx, here, person)?.as_ref(), Some(&second));
            assert_eq!(reception_events::last(tx, other.facility.id, person)?, Some(elsewhere));
            assert_eq!(reception_events::newest(tx, here)?, Some(second.id));
            assert_eq!(reception_events::newest(tx, ELSEWHERE)?, None);
            assert_eq!(reception_events::between(tx, here, at(0), at(61))?, [second.clone(), first.clone()]);
            assert_eq!(reception_events::between(tx, here, at(0), at(60))?, [first], "the end is not in it");
            assert_eq!(reception_events::between(tx, here, at(1), at(61))?, [second]);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn cap_29_a_call_waits_until_one_of_its_own_facility_takes_it_on() {
    on_both(async |database| {
        let city = city(1);
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            terminals::insert(tx, &terminal(&city, 7))?;
            let (here, staff, other) = (city.facility.id, StaffId([8; 16]), StaffId([9; 16]));
            let (first, second) = (call(&city, 1, NOW), call(&city, 2, NOW + Duration::from_secs(1)));
            let second = StaffCall { reason: CallReason::Button, ..second };
            staff_calls::insert(tx, &second)?;
            staff_calls::insert(tx, &first)?;
            assert_eq!(staff_calls::find_open(tx, here)?, [first.clone(), second.clone()], "oldest first");
            assert!(staff_calls::find_open(tx, ELSEWHERE)?.is_empty());
            assert!(!staff_calls::close(tx, ELSEWHERE, first.id, NOW, staff)?);
            assert!(staff_calls::close(tx, here, first.id, NOW, staff)?);
            assert!(!staff_calls::close(tx, here, first.id, NOW, other)?, "who came first goes");
            assert_eq!(staff_calls::find_open(tx, here)?, [second]);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}
