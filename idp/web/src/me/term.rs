//! How long a face is kept: shorter for the young, whose faces change (CAP-11). No template outlives its term.

use pass_core::Time;
use pass_core::claims::age::age;
use pass_core::domain::person::Birthdate;
use pass_core::time::{Day, days_in};

/// When a face enrolled now ends: the first moment of that day in Japan.
pub(super) fn ends(born: Birthdate, now: Time) -> Time {
    later(now.jst_day(), months(born, now)).jst_start()
}

/// Under 6: half a year; 6 to 15: one year; older: three. Where month or day of birth is unknown the year decides,
/// and somebody of unknown age is kept as briefly as a schoolchild.
fn months(born: Birthdate, now: Time) -> i32 {
    let by_year = || born.year.map(|year| now.jst_day().year - year - 1);
    match age(born, now).or_else(by_year) {
        Some(age) if age < 6 => 6,
        Some(age) if age < 16 => 12,
        Some(_) => 36,
        None => 12,
    }
}

/// The same day some months later, or the last of that month.
fn later(day: Day, months: i32) -> Day {
    let count = day.year * 12 + i32::from(day.month) - 1 + months;
    let month = u8::try_from(count.rem_euclid(12) + 1).expect("a month is 1 to 12");
    let year = count.div_euclid(12);
    Day { year, month, day: day.day.min(days_in(year, month)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_11_a_face_ends_earlier_for_children() {
        let now = Day { year: 2026, month: 8, day: 31 }.jst_start();
        let full = |year, month, day| Birthdate { year: Some(year), month_day: Some((month, day)) };
        let cases = [
            (full(2020, 9, 1), "2027-02-28"),
            (full(2020, 8, 31), "2027-08-31"),
            (full(2010, 9, 1), "2027-08-31"),
            (full(2010, 8, 31), "2029-08-31"),
            (full(1960, 1, 1), "2029-08-31"),
            (Birthdate { year: Some(1938), month_day: None }, "2029-08-31"),
            (Birthdate { year: Some(2010), month_day: None }, "2027-08-31"),
            (Birthdate { year: None, month_day: None }, "2027-08-31"),
        ];
        for (at, (born, want)) in cases.into_iter().enumerate() {
            assert_eq!(ends(born, now).jst_day().iso(), want, "case {at}");
        }
    }
}
