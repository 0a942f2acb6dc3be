//! Ages in Asia/Tokyo.
//!
//! An age is reached on the birthday, at 00:00 in Japan. (The law reaches it at the end of the day before, which is the same moment.)
//! Who was born on 29 February reaches it on 1 March in common years. An unknown month or day means no age at all.

use crate::Time;
use crate::domain::person::Birthdate;
use crate::time::Day;

/// Bands of `age_band`: their first age and their word. Pre-school, compulsory school, youth, adult, elder.
pub const BANDS: [(i32, &str); 5] = [(0, "0-5"), (6, "6-14"), (15, "15-17"), (18, "18-64"), (65, "65+")];

/// The age of somebody at a point in time, if the birth day is known and not in the future.
pub fn age(born: Birthdate, now: Time) -> Option<i32> {
    let age = years(born.day()?, now.jst_day());
    (age >= 0).then_some(age)
}

/// The band of an age.
pub fn band(age: i32) -> Option<&'static str> {
    BANDS.iter().rev().find(|(first, _)| *first <= age).map(|(_, word)| *word)
}

/// Completed years on a day; negative before birth.
pub fn years(born: Day, today: Day) -> i32 {
    let had_birthday = (today.month, today.day) >= (born.month, born.day);
    today.year - born.year - i32::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(year: i32, month: u8, day: u8) -> Birthdate {
        Birthdate { year: Some(year), month_day: Some((month, day)) }
    }

    fn at(year: i32, month: u8, day: u8, hour: i64, minute: i64) -> Time {
        Time(Day { year, month, day }.jst_start().0 + (hour * 60 + minute) * 60_000)
    }

    #[test]
    fn cap_21_an_age_is_reached_on_the_birthday_in_japan() {
        for (born, now, expected) in [
            (born(2008, 10, 5), at(2026, 10, 4, 23, 59), Some(17)),
            (born(2008, 10, 5), at(2026, 10, 5, 0, 0), Some(18)),
            // The UTC day before: 2026-10-04T15:00Z.
            (born(2008, 10, 5), Time(at(2026, 10, 5, 0, 0).0 - 1), Some(17)),
            (born(2008, 2, 29), at(2026, 2, 28, 23, 59), Some(17)),
            (born(2008, 2, 29), at(2026, 3, 1, 0, 0), Some(18)),
            (born(2008, 2, 29), at(2028, 2, 28, 23, 59), Some(19)),
            (born(2008, 2, 29), at(2028, 2, 29, 0, 0), Some(20)),
            (born(2006, 3, 1), at(2026, 2, 28, 12, 0), Some(19)),
            (born(2006, 3, 1), at(2026, 3, 1, 12, 0), Some(20)),
            (born(1961, 12, 31), at(2026, 12, 31, 0, 0), Some(65)),
            (born(2026, 10, 5), at(2026, 10, 5, 0, 0), Some(0)),
            (born(2026, 10, 6), at(2026, 10, 5, 0, 0), None),
        ] {
            assert_eq!(age(born, now), expected, "{}", now.jst_day().iso());
        }
    }

    #[test]
    fn cap_21_an_unknown_birth_day_has_no_age() {
        let now = at(2026, 10, 5, 0, 0);
        for incomplete in [
            Birthdate { year: Some(1930), month_day: None },
            Birthdate { year: None, month_day: Some((4, 1)) },
            Birthdate { year: None, month_day: None },
            born(2001, 2, 29),
        ] {
            assert_eq!(age(incomplete, now), None);
        }
    }

    #[test]
    fn cap_21_bands_cover_every_age_once() {
        for (age, word) in [(0, "0-5"), (5, "0-5"), (6, "6-14"), (14, "6-14"), (15, "15-17"), (17, "15-17")] {
            assert_eq!(band(age), Some(word));
        }
        for (age, word) in [(18, "18-64"), (64, "18-64"), (65, "65+"), (110, "65+")] {
            assert_eq!(band(age), Some(word));
        }
        assert_eq!(band(-1), None);
    }
}
