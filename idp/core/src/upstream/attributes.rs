//! The four attributes in the shapes in which they may come. Which of them the service uses is not confirmed
//! (docs/operate.md), so that all are read; characters are never changed.

use crate::domain::person::{Birthdate, Sex};
use crate::time::Day;
use serde_json::{Map, Value};

/// Longest text that is taken for a name or an address.
const LONGEST: usize = 1000;

/// The four.
pub(super) struct Attributes {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) birthdate: Birthdate,
    pub(super) sex: Sex,
}

/// All four, or nothing: a proofing with holes is none.
pub(super) fn attributes(claims: &Map<String, Value>) -> Option<Attributes> {
    Some(Attributes {
        name: text(claims.get("name")?)?,
        address: address(claims.get("address")?)?,
        birthdate: birthdate(claims.get("birthdate")?)?,
        sex: sex(claims.get("gender")?)?,
    })
}

fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    (!text.trim().is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
}

/// One line, or the object of OpenID Connect Core 5.1.1: its `formatted`, else its parts from the largest to the smallest.
fn address(value: &Value) -> Option<String> {
    let Value::Object(parts) = value else { return text(value) };
    if let Some(formatted) = parts.get("formatted").and_then(text) {
        return Some(formatted);
    }
    let joined: String =
        ["region", "locality", "street_address"].iter().filter_map(|name| parts.get(*name)?.as_str()).collect();
    text(&Value::from(joined))
}

/// `19880229`, `1988-02-29`; a year alone, or zeros where month and day are not known (OpenID Connect Core 5.1).
fn birthdate(value: &Value) -> Option<Birthdate> {
    let text = value.as_str()?;
    let digits: String = match text.len() {
        10 if text.is_ascii() && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-' => text.replace('-', ""),
        _ => text.to_owned(),
    };
    if !matches!(digits.len(), 4 | 8) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i32 = digits[..4].parse().ok().filter(|year| *year > 0)?;
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<u8>().ok()).filter(|number| *number > 0);
    let month_day = number(digits.get(4..6)).zip(number(digits.get(6..8)));
    match month_day {
        Some((month, day)) => Day::new(year, month, day).map(|_| ())?,
        // Half a day is no day.
        None if digits.len() == 8 && &digits[4..] != "0000" => return None,
        None => {}
    }
    Some(Birthdate { year: Some(year), month_day })
}

/// As on the card (`1`, `2`, `9`, `0`), as OpenID Connect says it, or in Japanese.
fn sex(value: &Value) -> Option<Sex> {
    let number = value.as_u64().map(|number| number.to_string());
    match number.as_deref().or(value.as_str())? {
        "1" | "male" | "男" | "男性" => Some(Sex::Male),
        "2" | "female" | "女" | "女性" => Some(Sex::Female),
        "0" | "9" | "not_applicable" | "unknown" | "other" => Some(Sex::Unstated),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(name: Value, address: Value, birthdate: Value, gender: Value) -> Option<Attributes> {
        let claims = json!({ "name": name, "address": address, "birthdate": birthdate, "gender": gender });
        attributes(claims.as_object()?)
    }

    #[test]
    fn cap_04_every_shape_of_an_attribute_is_read() {
        let line = "石川県加賀市大聖寺南町ニ４１番地";
        let whole = json!({ "formatted": line, "region": "x" });
        let parts = json!({ "region": "石川県", "locality": "加賀市", "street_address": "大聖寺南町ニ４１番地" });
        for (address, birthdate, gender) in [
            (json!(line), json!("19880229"), json!("2")),
            (whole, json!("1988-02-29"), json!("female")),
            (parts, json!("1988-02-29"), json!(2)),
            (json!(line), json!("19880229"), json!("女")),
        ] {
            let four = read(json!("山田　花子"), address, birthdate, gender).unwrap();
            assert_eq!((four.name.as_str(), four.address.as_str()), ("山田　花子", line));
            assert!(four.sex == Sex::Female && four.birthdate.day() == Day::new(1988, 2, 29));
        }
        for (written, kept) in [("1988", (Some(1988), None)), ("19880000", (Some(1988), None))] {
            let four = read(json!("a"), json!("b"), json!(written), json!("9")).unwrap();
            assert!((four.birthdate.year, four.birthdate.month_day) == kept && four.sex == Sex::Unstated);
        }
    }

    #[test]
    fn cap_04_what_cannot_be_read_is_no_attribute() {
        let fine = [json!("山田　花子"), json!("石川県"), json!("19880229"), json!("1")];
        for (at, bad) in [
            (0, json!("")),
            (0, json!("　")),
            (0, json!(1)),
            (0, json!("あ".repeat(400))),
            (1, json!({})),
            (1, json!({ "country": "JP" })),
            (2, json!("19880230")),
            (2, json!("1988-2-29")),
            (2, json!("19880200")),
            (2, json!("昭和63年")),
            (2, json!("00000000")),
            (3, json!("3")),
            (3, Value::Null),
        ] {
            let mut four = fine.clone();
            four[at] = bad;
            let [name, address, birthdate, gender] = four.clone();
            assert!(read(name, address, birthdate, gender).is_none(), "{four:?}");
        }
    }
}
