//! Days and times as people read them, on the Japanese clock.

use super::ruby::Words;
use super::words::Lang;

const MS_PER_DAY: i64 = 86_400_000;
const JST: i64 = 9 * 3_600_000;

/// A day of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Year of the common era.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Day {
    /// The day in Japan at this time (epoch milliseconds).
    pub fn of(epoch_ms: i64) -> Day {
        from_days((epoch_ms + JST).div_euclid(MS_PER_DAY))
    }

    /// `2026-10-05`; anything else is none.
    pub fn parse(text: &str) -> Option<Day> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let day = Day { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        (from_days(to_days(day)) == day).then_some(day)
    }

    /// 2026年10月5日, 5 October 2026.
    pub fn words(self, lang: Lang) -> Words {
        let Day { year, month, day } = self;
        Words::new(
            lang,
            match lang {
                Lang::Ja => format!("{year}年{month}月{day}日"),
                Lang::Easy => format!("{year}年（ねん）{month}月（がつ）{day}日（にち）"),
                Lang::En => format!("{day} {} {year}", MONTHS[usize::from(month) - 1]),
            },
        )
    }

    /// A date of birth: both eras in Japanese, 平成7年（1995年）5月12日.
    pub fn birth(self, lang: Lang) -> Words {
        let Day { year, month, day } = self;
        match (lang, self.era()) {
            (Lang::Ja, Some((era, 1))) => Words::new(lang, format!("{era}元年（{year}年）{month}月{day}日")),
            (Lang::Ja, Some((era, n))) => Words::new(lang, format!("{era}{n}年（{year}年）{month}月{day}日")),
            _ => self.words(lang),
        }
    }

    /// The era and the year in it.
    fn era(self) -> Option<(&'static str, i64)> {
        const ERAS: [(&str, i64, u8, u8); 5] = [
            ("令和", 2019, 5, 1),
            ("平成", 1989, 1, 8),
            ("昭和", 1926, 12, 25),
            ("大正", 1912, 7, 30),
            ("明治", 1868, 1, 25),
        ];
        let found = ERAS.iter().find(|era| (self.year, self.month, self.day) >= (era.1, era.2, era.3))?;
        Some((found.0, self.year - found.1 + 1))
    }
}

/// 2026年11月24日（火）15:42, Tuesday 24 November 2026, 15:42.
pub fn moment(lang: Lang, epoch_ms: i64) -> Words {
    let local = epoch_ms + JST;
    let days = local.div_euclid(MS_PER_DAY);
    let minutes = local.rem_euclid(MS_PER_DAY) / 60_000;
    let clock = format!("{}:{:02}", minutes / 60, minutes % 60);
    let day = from_days(days).words(lang);
    let weekday = (days + 4).rem_euclid(7) as usize;
    Words::new(
        lang,
        match lang {
            Lang::Ja => format!("{}（{}）{clock}", day.text(), ["日", "月", "火", "水", "木", "金", "土"][weekday]),
            Lang::Easy => format!("{} {clock}", day.text()),
            Lang::En => format!("{}, {clock}", day.text()),
        },
    )
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days since 1970-01-01 to a civil date (Gregorian, proleptic).
fn from_days(days: i64) -> Day {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = (of_year - (153 * month + 2) / 5 + 1) as u8;
    let month = (if month < 10 { month + 3 } else { month - 9 }) as u8;
    Day { year: year + era * 400 + i64::from(month <= 2), month, day }
}

fn to_days(day: Day) -> i64 {
    let year = day.year - i64::from(day.month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month = (i64::from(day.month) + 9) % 12;
    let of_year = (153 * month + 2) / 5 + i64::from(day.day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_read_them() {
        let cases = [
            ("1995-05-12", "平成7年（1995年）5月12日"),
            ("2019-04-30", "平成31年（2019年）4月30日"),
            ("2019-05-01", "令和元年（2019年）5月1日"),
            ("1988-02-29", "昭和63年（1988年）2月29日"),
            ("1926-12-24", "大正15年（1926年）12月24日"),
        ];
        for (day, want) in cases {
            assert_eq!(Day::parse(day).unwrap().birth(Lang::Ja).text(), want);
        }
        assert_eq!(Day::parse("2026-10-05").unwrap().words(Lang::En).text(), "5 October 2026");
        for bad in ["2026-02-29", "2026-13-01", "2026", "", "2026-1-1-1", "x-y-z"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn moments_are_japanese() {
        // 2026-11-24T06:42:00Z, and one millisecond before midnight in Tokyo
        assert_eq!(moment(Lang::Ja, 1_795_502_520_000).text(), "2026年11月24日（火）15:42");
        assert_eq!(moment(Lang::En, 1_795_502_520_000).text(), "24 November 2026, 15:42");
        assert_eq!(Day::of(1_795_532_399_999), Day { year: 2026, month: 11, day: 24 });
        assert_eq!(Day::of(1_795_532_400_000), Day { year: 2026, month: 11, day: 25 });
    }
}
