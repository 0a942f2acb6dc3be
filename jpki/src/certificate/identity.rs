//! The basic four out of the otherNames of a signature certificate.

use der::asn1::{ObjectIdentifier, Utf8StringRef};
use x509_cert::ext::pkix::{SubjectAltName, name::GeneralName};

use super::oid;
use crate::{BasicFour, BirthDate, Era, Refusal, Sex};

pub(super) fn basic_four(names: &SubjectAltName) -> Result<BasicFour, Refusal> {
    let text = |id: ObjectIdentifier| one_text(names, id);
    let name = required(text(oid::NAME)?)?;
    let address = required(text(oid::ADDRESS)?)?;
    let sex = required(text(oid::SEX)?)?;
    let sex = match sex.as_bytes() {
        [digit] => Sex::from_code(digit.wrapping_sub(b'0')).ok_or(Refusal::UnusableIdentity)?,
        _ => return Err(Refusal::UnusableIdentity),
    };
    Ok(BasicFour {
        birth_date: birth_date(&required(text(oid::BIRTH_DATE)?)?).ok_or(Refusal::UnusableIdentity)?,
        sex,
        name_has_substitutes: substitutes(text(oid::NAME_SUBSTITUTES)?)?,
        address_has_substitutes: substitutes(text(oid::ADDRESS_SUBSTITUTES)?)?,
        name,
        address,
    })
}

/// The one otherName of that kind; two of them contradict each other.
fn one_text(names: &SubjectAltName, id: ObjectIdentifier) -> Result<Option<String>, Refusal> {
    let mut found = None;
    for name in &names.0 {
        let GeneralName::OtherName(other) = name else {
            continue;
        };
        if other.type_id != id {
            continue;
        }
        let text = other.value.decode_as::<Utf8StringRef<'_>>().map_err(|_| Refusal::MalformedCertificate)?;
        if found.replace(text.as_str().to_owned()).is_some() {
            return Err(Refusal::UnusableIdentity);
        }
    }
    Ok(found)
}

fn required(text: Option<String>) -> Result<String, Refusal> {
    text.filter(|text| !text.trim().is_empty() && !text.chars().any(char::is_control)).ok_or(Refusal::UnusableIdentity)
}

/// One digit for each character; not 0 means that its glyph was replaced.
fn substitutes(flags: Option<String>) -> Result<bool, Refusal> {
    let flags = flags.unwrap_or_default();
    if !flags.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::UnusableIdentity);
    }
    Ok(flags.bytes().any(|b| b != b'0'))
}

/// Era digit, then YYYYMMDD in the Gregorian calendar, in which 0000 and 00 mean unknown.
fn birth_date(text: &str) -> Option<BirthDate> {
    let digits = text.as_bytes();
    if digits.len() != 9 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let era = match digits[0] {
        b'1' => Era::Meiji,
        b'2' => Era::Taisho,
        b'3' => Era::Showa,
        b'4' => Era::Heisei,
        b'5' => Era::Reiwa,
        _ => return None,
    };
    let number = |from: usize, to: usize| text[from..to].parse::<u16>().ok().filter(|n| *n != 0);
    let small = |from: usize| number(from, from + 2).map(|n| n as u8);
    let date = BirthDate { era: Some(era), year: number(1, 5), month: small(5), day: small(7) };
    plausible(era, &date).then_some(date)
}

fn plausible(era: Era, date: &BirthDate) -> bool {
    let known = match (date.year, date.month, date.day) {
        (None, None, None) => return true,
        (Some(y), None, None) => (y, None, None),
        (Some(y), Some(m), d) => (y, Some(m), d),
        // A month without a year, or a day without a month, says nothing.
        _ => return false,
    };
    let leap = |y: u16| (y.is_multiple_of(4) && !y.is_multiple_of(100)) || y.is_multiple_of(400);
    let days = |y, m| match m {
        2 if leap(y) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let (y, m, d) = known;
    if m.is_some_and(|m| m > 12 || d.is_some_and(|d| d > days(y, m))) {
        return false;
    }
    // The unknown part may lie anywhere: some day of the era must fit.
    let earliest = (y, m.unwrap_or(1), d.unwrap_or(1));
    let latest = (y, m.unwrap_or(12), d.unwrap_or(31));
    let (from, to) = span(era);
    latest >= from && earliest <= to
}

fn span(era: Era) -> ((u16, u8, u8), (u16, u8, u8)) {
    match era {
        Era::Meiji => ((1868, 1, 25), (1912, 7, 29)),
        Era::Taisho => ((1912, 7, 30), (1926, 12, 24)),
        Era::Showa => ((1926, 12, 25), (1989, 1, 7)),
        Era::Heisei => ((1989, 1, 8), (2019, 4, 30)),
        Era::Reiwa => ((2019, 5, 1), (9999, 12, 31)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_agrees_with_its_era() {
        for (text, iso) in [
            ("319800217", Some("1980-02-17")),
            ("319880229", Some("1988-02-29")),
            ("319890107", Some("1989-01-07")),
            ("419890108", Some("1989-01-08")),
            ("520190501", Some("2019-05-01")),
            ("119120729", Some("1912-07-29")),
            ("219261224", Some("1926-12-24")),
            ("319500000", Some("1950")),
            ("319500400", Some("1950")),
            ("419890000", Some("1989")),
        ] {
            assert_eq!(birth_date(text).and_then(|d| d.to_iso()).as_deref(), iso, "{text}");
        }
        assert!(birth_date("400000000").is_some_and(|d| d.year.is_none() && d.to_iso().is_none()));
        for wrong in [
            "319890108",
            "419890107",
            "319870229",
            "019880229",
            "919880229",
            "319881301",
            "319880431",
            "319880001",
            "300000100",
            "31988022",
            "3198802290",
            "31988022x",
            "",
            "５19880229",
        ] {
            assert!(birth_date(wrong).is_none(), "{wrong}");
        }
    }
}
