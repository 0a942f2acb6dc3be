//! The 12-digit individual number: its check digit, so that a search does not take a time stamp for one.

/// Whether twelve digits carry a valid check digit.
///
/// Ordinance of the Ministry (2014) no. 85, article 5: weights 2..7, 2..6 from the right, 11 minus the remainder of 11.
#[must_use]
pub fn is_individual_number(digits: &str) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let [body @ .., check] = digits.as_slice() else { return false };
    if body.len() != 11 {
        return false;
    }
    let sum: u32 = body.iter().rev().zip(1..).map(|(digit, n)| digit * if n <= 6 { n + 1 } else { n - 5 }).sum();
    let expected = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    *check == expected
}

/// Every run of exactly twelve digits in a text that is an individual number by its check digit.
#[must_use]
pub fn find(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 12 && is_individual_number(run)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for (digits, valid) in [
            ("123456789018", true),
            ("123456789010", false),
            ("000000000000", true),
            ("12345678901", false),
            ("1234567890188", false),
        ] {
            assert_eq!(is_individual_number(digits), valid, "{digits}");
        }
    }

    #[test]
    fn only_whole_runs_are_found() {
        assert_eq!(find("a123456789018b 9123456789018 2026-11-25T123456789018"), ["123456789018", "123456789018"]);
    }
}
