//! Points in time as the protocol and the tables hold them: epoch milliseconds. Japan's calendar days are for rules and display only.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};
use std::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// Japan has had no daylight saving since 1951: nine hours, always.
const JST_OFFSET_MS: i64 = 9 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

impl Time {
    /// Whole seconds, as JWT claims want them (RFC 7519 2, NumericDate).
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The point in time of a NumericDate.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    /// The calendar day in Asia/Tokyo.
    pub fn jst_day(self) -> Day {
        Day::from_epoch_days((self.0 + JST_OFFSET_MS).div_euclid(DAY_MS))
    }

    /// Hour and minute in Asia/Tokyo.
    pub fn jst_clock(self) -> (u8, u8) {
        let minutes = (self.0 + JST_OFFSET_MS).rem_euclid(DAY_MS) / 60_000;
        ((minutes / 60) as u8, (minutes % 60) as u8)
    }

    /// `2026-10-05T08:30:00Z` (RFC 3339).
    pub fn iso(self) -> String {
        let (days, second) = (self.seconds().div_euclid(86_400), self.seconds().rem_euclid(86_400));
        let day = Day::from_epoch_days(days).iso();
        format!("{day}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
    }

    /// Time passed since `earlier`, zero if it lies in the future.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0).max(0).cast_unsigned())
    }
}

impl Add<Duration> for Time {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Time {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day {
    /// Year, for example 2026.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Day {
    /// A day that exists in the calendar, or nothing.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        // Four digits, as ISO 8601 writes them; farther years would leave the range of milliseconds.
        let valid =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01 to a date (Howard Hinnant's `civil_from_days`).
    pub fn from_epoch_days(days: i64) -> Self {
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u8;
        let month = if mp < 10 { mp + 3 } else { mp - 9 } as u8;
        let year = (yoe + era * 400 + i64::from(month <= 2)) as i32;
        Self { year, month, day }
    }

    /// Days since 1970-01-01 (`days_from_civil`).
    pub fn epoch_days(self) -> i64 {
        let y = i64::from(self.year) - i64::from(self.month <= 2);
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let mp = (i64::from(self.month) + 9) % 12;
        let doy = (153 * mp + 2) / 5 + i64::from(self.day) - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        era * 146_097 + doe - 719_468
    }

    /// The first moment of this day in Asia/Tokyo.
    pub fn jst_start(self) -> Time {
        Time(self.epoch_days() * DAY_MS - JST_OFFSET_MS)
    }

    /// Reads what [`Day::iso`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// `2026-10-05`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days of a month in the Gregorian calendar.
pub fn days_in(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_in_japan_is_fifteen_utc() {
        let just_before = Time(1_793_890_799_999); // 2026-11-05T14:59:59.999Z
        assert_eq!(just_before.jst_day().iso(), "2026-11-05");
        assert_eq!(Time(just_before.0 + 1).jst_day().iso(), "2026-11-06");
        assert_eq!(Time(just_before.0 + 1).jst_clock(), (0, 0));
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(Time(1_793_890_799_999).iso(), "2026-11-05T14:59:59Z");
        assert_eq!(Time(0).iso(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn days_round_trip_over_leap_years() {
        for days in (-40_000..60_000).step_by(13) {
            assert_eq!(Day::from_epoch_days(days).epoch_days(), days);
        }
        assert!(Day::new(2026, 2, 29).is_none());
        assert!(Day::new(2028, 2, 29).is_some());
    }
}
