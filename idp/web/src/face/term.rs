//! How long a face is kept: shorter for the young, whose faces change (CAP-11). No template outlives its term.
//! The operator sets the months in `[face]`.

use pass_core::Time;
use pass_core::claims::age::age;
use pass_core::domain::person::Birthdate;
use pass_core::time::{Day, days_in};

/// Months that a face is kept, by the age of the person when it is enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Under 6.
    pub under_6: u32,
    /// 6 to 15, and of unknown age.
    pub under_16: u32,
    /// 16 and older.
    pub adult: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self { under_6: 6, under_16: 12, adult: 36 }
    }
}

/// When a face enrolled now ends: the first moment of that day in Japan.
pub fn ends(terms: Terms, born: Birthdate, now: Time) -> Time {
    later(now.jst_day(), months(terms, born, now)).jst_start()
}

/// Where month or day of birth is unknown the year decides, and somebody of unknown age is kept as briefly as a schoolchild.
fn months(terms: Terms, born: Birthdate, now: Time) -> i32 {
    let by_year = || born.year.map(|year| now.jst_day().year - year - 1);
    let months = match age(born, now).or_else(by_year) {
        Some(age) if age < 6 => terms.under_6,
        Some(age) if age < 16 => terms.under_16,
        Some(_) => terms.adult,
        None => terms.under_16.min(terms.adult),
    };
    i32::try_from(months).unwrap_or(i32::MAX / 24)
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
            assert_eq!(ends(Terms::default(), born, now).jst_day().iso(), want, "case {at}");
        }
        let short = Terms { under_6: 1, under_16: 2, adult: 3 };
        assert_eq!(ends(short, full(1960, 1, 1), now).jst_day().iso(), "2026-11-30");
    }
}
