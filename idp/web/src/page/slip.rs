//! The slip (票): what is handed over, with its real values, and below the tear-off line what stays.
//!
//! The same rows stand on the consent page, on a facility's page under `/me` and in Manager's preview. They are made
//! from the values that will be sent, so that page and userinfo cannot differ.

use pass_core::claims::{Claim, Group};
use serde_json::Value;

use crate::kit::date::Day;
use crate::kit::words::Arg;
use crate::kit::{Lang, Words};

/// One row for people, with its exact members inside.
#[derive(Clone)]
pub struct Row {
    /// What it is about.
    pub label: Words,
    /// What it says.
    pub says: Words,
    /// What is not given with it.
    pub not: Option<Words>,
    /// The members exactly as they are sent.
    pub members: Vec<Member>,
    /// The claim's name where the person may leave it out; its checkbox begins unticked.
    pub optional: Option<String>,
}

/// A claim as it is sent.
#[derive(Clone)]
pub struct Member {
    /// The claim's name; its id on the page is `pass-consent-item-{claim}`.
    pub claim: String,
    /// What people call it.
    pub label: Words,
    /// Its values: one, or the members of an object with their own labels.
    pub values: Vec<Shown>,
}

/// A value, readable and as sent.
#[derive(Clone)]
pub struct Shown {
    /// The label inside an object.
    pub label: Option<Words>,
    /// How people read it.
    pub shown: Words,
    /// The value itself: the text of a string, JSON of anything else.
    pub value: String,
}

/// A claim that will be given.
pub struct Given<'a> {
    /// The claim's name.
    pub claim: &'a str,
    /// The value as it will be sent.
    pub value: &'a Value,
    /// Whether the person may leave it out.
    pub optional: bool,
}

/// Claims that were asked for and are not given, and why in one phrase.
#[derive(Clone)]
pub struct NotGiven {
    /// What people call them.
    pub what: Words,
    /// Why.
    pub why: Words,
}

/// Claims that are not given, put together by their first reason; pairs are the claim and the word of `core::release` for it.
pub fn not_given_because<'a>(
    lang: Lang,
    city: &str,
    claims: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<NotGiven> {
    let mut by_reason: Vec<(&'static str, Vec<String>)> = Vec::new();
    for (claim, reason) in claims {
        let (key, name) = (super::me_facility::why(reason), label(lang, city, claim).text().to_owned());
        match by_reason.iter_mut().find(|(known, _)| *known == key) {
            Some((_, names)) => names.push(name),
            None => by_reason.push((key, vec![name])),
        }
    }
    let and = lang.t("slip-and");
    let one = |(key, names): (&str, Vec<String>)| NotGiven {
        what: Words::new(lang, names.join(and.text())),
        why: lang.t(key),
    };
    by_reason.into_iter().map(one).collect()
}

/// The rows of the slip in their order: the groups of the catalogue, the kana of a name apart, then the number, then what a
/// newer catalogue may give.
fn row_keys() -> impl Iterator<Item = &'static str> {
    let of_group = |group: Group| match group {
        Group::Name => vec!["name", "kana"],
        other => vec![other.key()],
    };
    Group::ALL.into_iter().flat_map(of_group).chain(["sub"])
}

/// The row a claim stands in; none for a word that the catalogue does not know.
fn row_of(claim: &str) -> Option<&'static str> {
    match Claim::parse(claim) {
        Some(Claim::NameKana) => Some("kana"),
        Some(known) => Some(known.group().key()),
        None => (claim == "sub").then_some("sub"),
    }
}

/// The rows of a slip for these claims, the facility being in this city.
pub fn rows(lang: Lang, city: &str, given: &[Given<'_>]) -> Vec<Row> {
    let mut in_order: Vec<&Given<'_>> = given.iter().collect();
    in_order.sort_by_key(|one| Claim::parse(one.claim));
    let mut rows = Vec::new();
    for key in row_keys() {
        let of_row = |optional: bool| {
            in_order.iter().copied().filter(move |one| one.optional == optional && row_of(one.claim) == Some(key))
        };
        let fixed: Vec<&Given<'_>> = of_row(false).collect();
        if !fixed.is_empty() {
            rows.push(row(lang, city, key, &fixed, given));
        }
        for one in of_row(true) {
            rows.push(Row { optional: Some(one.claim.into()), ..row(lang, city, key, &[one], given) });
        }
    }
    for other in given.iter().filter(|one| row_of(one.claim).is_none()) {
        let optional = other.optional.then(|| other.claim.to_owned());
        rows.push(Row { optional, ..row(lang, city, "other", &[other], given) });
    }
    rows
}

/// What stays with the person, by name: everything a facility could want and does not get.
pub fn kept(lang: Lang, given: &[Given<'_>]) -> Vec<Words> {
    let gets = |claim: &str| given.iter().any(|g| g.claim == claim);
    [
        ("keep-name", gets("name")),
        ("keep-street", gets("address")),
        ("keep-birthdate", gets("birthdate")),
        ("keep-gender", gets("gender")),
        ("keep-email", gets("email")),
        ("keep-phone", gets("phone_number")),
        ("keep-face", false),
        ("keep-number", false),
    ]
    .into_iter()
    .filter(|(_, given)| !given)
    .map(|(key, _)| lang.t(key))
    .collect()
}

fn row(lang: Lang, city: &str, group: &str, claims: &[&Given<'_>], all: &[Given<'_>]) -> Row {
    Row {
        label: if group == "other" { Words::new(lang, claims[0].claim) } else { lang.t(label_of(group)) },
        says: says(lang, city, group, claims),
        not: not_given(lang, group, all),
        members: claims.iter().map(|one| member(lang, city, one)).collect(),
        optional: None,
    }
}

fn label_of(group: &str) -> &'static str {
    match group {
        "name" => "slip-name",
        "kana" => "slip-kana",
        "address" => "slip-address",
        "residence" => "slip-residence",
        "birthdate" => "slip-birthdate",
        "age" => "slip-age",
        "gender" => "slip-gender",
        "email" => "slip-email",
        "phone" => "slip-phone",
        "profile" => "slip-profile",
        "certificate" => "slip-certificate",
        _ => "slip-sub",
    }
}

/// The sentence of a row.
fn says(lang: Lang, city: &str, group: &str, claims: &[&Given<'_>]) -> Words {
    let value = |name: &str| claims.iter().find(|g| g.claim == name).map(|g| g.value);
    let text = |name: &str| value(name).and_then(Value::as_str);
    match group {
        "residence" => {
            let place =
                [text("residence_prefecture"), text("residence_city")].into_iter().flatten().collect::<String>();
            match (place.is_empty(), value("is_resident").and_then(Value::as_bool)) {
                (false, _) => Words::new(lang, place),
                (true, Some(true)) => lang.t_args("slip-resident", &[("city", city.value())]),
                (true, Some(false)) => lang.t_args("slip-not-resident", &[("city", city.value())]),
                (true, None) => shown(lang, claims[0].claim, claims[0].value),
            }
        }
        "age" => {
            let mut said: Vec<String> = Vec::new();
            for one in claims {
                let words = match (one.claim.strip_prefix("age_over_"), one.value.as_bool()) {
                    (Some(years), Some(true)) => lang.t_args("slip-age-over", &[("years", years.value())]),
                    (Some(years), Some(false)) => lang.t_args("slip-age-under", &[("years", years.value())]),
                    _ => shown(lang, one.claim, one.value),
                };
                said.push(words.text().to_owned());
            }
            Words::new(lang, said.join(lang.t("slip-and").text()))
        }
        "profile" => lang.t_args("slip-profile-count", &[("n", claims.len().value())]),
        "sub" => lang.t("slip-sub-says"),
        _ => shown(lang, claims[0].claim, claims[0].value),
    }
}

fn not_given(lang: Lang, group: &str, all: &[Given<'_>]) -> Option<Words> {
    let gets = |claim: &str| all.iter().any(|g| g.claim == claim);
    match group {
        "residence" if !gets("address") => Some(lang.t("slip-residence-not")),
        "age" if !gets("birthdate") => Some(lang.t("slip-age-not")),
        "sub" => Some(lang.t("slip-sub-not")),
        "certificate" => Some(lang.t("slip-certificate-not")),
        "kana" | "phone" | "profile" => Some(lang.t("slip-declared")),
        _ => None,
    }
}

/// The members of an address in the order in which an envelope shows them (OIDC Core 5.1.1).
const PARTS: [&str; 6] = ["formatted", "postal_code", "region", "locality", "street_address", "country"];

fn member(lang: Lang, city: &str, given: &Given<'_>) -> Member {
    let place = |name: &str| PARTS.iter().position(|part| *part == name).unwrap_or(PARTS.len());
    let values = match given.value {
        Value::Object(parts) => {
            let mut parts: Vec<(&String, &Value)> = parts.iter().collect();
            parts.sort_by_key(|(name, _)| place(name));
            let part = |(name, value): (&String, &Value)| Shown {
                label: Some(label(lang, city, name)),
                shown: shown(lang, name, value),
                value: sent(value),
            };
            parts.into_iter().map(part).collect()
        }
        value => vec![Shown { label: None, shown: shown(lang, given.claim, value), value: sent(value) }],
    };
    Member { claim: given.claim.into(), label: label(lang, city, given.claim), values }
}

fn sent(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value as people read it.
fn shown(lang: Lang, claim: &str, value: &Value) -> Words {
    let text = value.as_str();
    match claim {
        "birthdate" => text.and_then(Day::parse).map(|day| day.birth(lang)),
        "residence_verified_on" => text.and_then(Day::parse).map(|day| day.words(lang)),
        "gender" => match text {
            Some("male") => Some(lang.t("slip-male")),
            Some("female") => Some(lang.t("slip-female")),
            _ => None,
        },
        "address" => value.get("formatted").and_then(Value::as_str).map(|all| Words::new(lang, all)),
        "country" if text == Some("JP") => Some(lang.t("slip-japan")),
        "age_band" => text.and_then(|band| age_band(lang, band)),
        _ => None,
    }
    .or_else(|| value.as_bool().map(|yes| lang.t(if yes { "slip-yes" } else { "slip-no" })))
    .unwrap_or_else(|| Words::new(lang, sent(value)))
}

/// `20-64`, `65+`, `0-5` as words.
fn age_band(lang: Lang, band: &str) -> Option<Words> {
    if let Some(from) = band.strip_suffix('+') {
        return Some(lang.t_args("slip-age-over", &[("years", from.value())]));
    }
    let (from, to) = band.split_once('-')?;
    Some(lang.t_args("slip-age-band", &[("from", from.value()), ("to", to.value())]))
}

/// What people call a claim.
pub fn label(lang: Lang, city: &str, claim: &str) -> Words {
    if claim == "is_resident" {
        return lang.t_args("claim-is_resident", &[("city", city.value())]);
    }
    if let Some(years) = claim.strip_prefix("age_over_") {
        return lang.t_args("claim-age_over", &[("years", years.value())]);
    }
    let key = format!("claim-{}", claim.replace("#ja-Kana-JP", "-kana"));
    if lang.knows(&key) { lang.t(&key) } else { Words::new(lang, claim) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_18_every_claim_of_the_catalogue_has_its_row_and_its_label() {
        for claim in Claim::ALL {
            let row = row_of(claim.as_str()).unwrap();
            assert!(row_keys().any(|key| key == row), "{claim:?} has no row");
            for lang in Lang::ALL {
                assert_ne!(label(lang, "", claim.as_str()).text(), claim.as_str(), "{claim:?} has no label");
                assert!(row == "sub" || label_of(row) != "slip-sub", "{row} has no label");
            }
        }
        assert_eq!(row_of("x_new_claim"), None);
    }
}
