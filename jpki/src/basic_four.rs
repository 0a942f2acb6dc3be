//! The basic four as a certificate gives them: name, birth date, sex, address.

use std::fmt;

/// Name, birth date, sex and address, as read. Never normalised.
#[derive(Clone, PartialEq, Eq)]
pub struct BasicFour {
    /// The name; its parts are separated by U+3000.
    pub name: String,
    /// The birth date, possibly incomplete.
    pub birth_date: BirthDate,
    /// The sex on the certificate.
    pub sex: Sex,
    /// The address, block numbers in full width.
    pub address: String,
    /// Some character of the name was replaced by another glyph.
    pub name_has_substitutes: bool,
    /// Some character of the address was replaced by another glyph.
    pub address_has_substitutes: bool,
}

impl fmt::Debug for BasicFour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BasicFour(redacted)")
    }
}

/// A birth date, of which month and day (or all) may be unknown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate {
    /// The Japanese era named beside the date.
    pub era: Option<Era>,
    /// Gregorian year.
    pub year: Option<u16>,
    /// Month, 1 to 12.
    pub month: Option<u8>,
    /// Day of the month.
    pub day: Option<u8>,
}

impl BirthDate {
    /// Eight digits YYYYMMDD, in which 0000 and 00 mean unknown, as text and surface applications write it. No era.
    pub(crate) fn from_digits(digits: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_digit))?;
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
        let known = |n: u16| (n != 0).then_some(n);
        let (year, month, day) = (known(number(0, 4)?), known(number(4, 6)?), known(number(6, 8)?));
        let last = match (year, month) {
            (Some(y), Some(2)) if (y.is_multiple_of(4) && !y.is_multiple_of(100)) || y.is_multiple_of(400) => 29,
            (_, Some(2)) => 28,
            (_, Some(4 | 6 | 9 | 11)) => 30,
            _ => 31,
        };
        // A month without a year, or a day without a month, says nothing.
        let whole = (year.is_some() || month.is_none()) && (month.is_some() || day.is_none());
        let good = digits.len() == 8 && whole && month.is_none_or(|m| m <= 12) && day.is_none_or(|d| d <= last);
        good.then_some(Self { era: None, year, month: month.map(|m| m as u8), day: day.map(|d| d as u8) })
    }

    /// `(year, month, day)` when all three are known.
    #[must_use]
    pub fn complete(&self) -> Option<(u16, u8, u8)> {
        Some((self.year?, self.month?, self.day?))
    }

    /// `YYYY-MM-DD` when complete, `YYYY` when only the year is known.
    #[must_use]
    pub fn to_iso(&self) -> Option<String> {
        match (self.year?, self.month, self.day) {
            (y, Some(m), Some(d)) => Some(format!("{y:04}-{m:02}-{d:02}")),
            (y, _, _) => Some(format!("{y:04}")),
        }
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(redacted)")
    }
}

/// The Japanese era a birth date is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Era {
    /// 明治, until 1912-07-29.
    Meiji,
    /// 大正, 1912-07-30 to 1926-12-24.
    Taisho,
    /// 昭和, 1926-12-25 to 1989-01-07.
    Showa,
    /// 平成, 1989-01-08 to 2019-04-30.
    Heisei,
    /// 令和, from 2019-05-01.
    Reiwa,
}

/// Sex as the card codes it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 0
    Unknown,
    /// 1
    Male,
    /// 2
    Female,
    /// 9
    NotApplicable,
}

impl Sex {
    /// The code on the card.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Sex::Unknown => 0,
            Sex::Male => 1,
            Sex::Female => 2,
            Sex::NotApplicable => 9,
        }
    }

    /// From the code on the card; anything else is `None`.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Sex::Unknown),
            1 => Some(Sex::Male),
            2 => Some(Sex::Female),
            9 => Some(Sex::NotApplicable),
            _ => None,
        }
    }
}

impl fmt::Debug for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sex(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_are_a_date_or_nothing() {
        for (text, iso) in [
            ("19880229", Some("1988-02-29")),
            ("20200618", Some("2020-06-18")),
            ("19500000", Some("1950")),
            ("00000000", None),
        ] {
            assert_eq!(BirthDate::from_digits(text.as_bytes()).unwrap().to_iso().as_deref(), iso, "{text}");
        }
        for wrong in
            ["19870229", "19881301", "19880431", "19880001", "00000100", "1988022", "198802290", "1988022x", ""]
        {
            assert!(BirthDate::from_digits(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
