use super::*;
use crate::claims::release::tests::{NOW, hanako, library, proofing};
use crate::time::Day;

fn proven(record: &ProvenRecord, claim: Claim) -> Option<Value> {
    let (proofing, facility) = (proofing(), library());
    Values::new(Some((record, &proofing)), &DeclaredRecord::default(), &facility, NOW).proven(claim)
}

#[test]
fn names_split_only_at_exactly_one_wide_space() {
    for (name, family, given) in [
        ("山田　花子", Some("山田"), Some("花子")),
        ("山田花子", None, None),
        ("山田 花子", None, None),
        ("ＹＡＭＡＤＡ　ＨＡＮＡＫＯ　ＡＮＮＡ", None, None),
        ("　花子", None, None),
        ("山田　", None, None),
        ("\u{9AD9}橋　\u{845B}\u{E0100}子", Some("\u{9AD9}橋"), Some("\u{845B}\u{E0100}子")),
    ] {
        let record = ProvenRecord { name: name.into(), ..hanako() };
        assert_eq!(proven(&record, Claim::FamilyName), family.map(Value::from), "{name}");
        assert_eq!(proven(&record, Claim::GivenName), given.map(Value::from), "{name}");
        assert_eq!(proven(&record, Claim::Name), Some(name.into()));
    }
}

#[test]
fn an_address_has_its_parts_where_the_municipality_is_known() {
    for (address, expected) in [
        (
            "石川県加賀市大聖寺南町ニ４１番地",
            json!({"formatted": "石川県加賀市大聖寺南町ニ４１番地", "country": "JP", "region": "石川県",
                   "locality": "加賀市", "street_address": "大聖寺南町ニ４１番地"}),
        ),
        ("府中市宮西町二丁目", json!({"formatted": "府中市宮西町二丁目"})),
        ("カリフォルニア州", json!({"formatted": "カリフォルニア州"})),
    ] {
        let record = ProvenRecord { address: address.into(), ..hanako() };
        assert_eq!(proven(&record, Claim::Address), Some(expected));
    }
}

#[test]
fn birth_dates_and_sex_are_given_as_far_as_they_are_known() {
    for (year, month_day, expected) in [
        (Some(1988), Some((2, 29)), Some("1988-02-29")),
        (Some(1930), None, Some("1930")),
        (None, Some((4, 1)), None),
        (Some(1987), Some((2, 29)), None),
        (None, None, None),
    ] {
        let record = ProvenRecord { birthdate: Birthdate { year, month_day }, ..hanako() };
        assert_eq!(proven(&record, Claim::Birthdate), expected.map(Value::from));
        assert_eq!(proven(&record, Claim::AgeBand).is_some(), record.birthdate.day().is_some());
    }
    for (sex, expected) in [(Sex::Male, Some("male")), (Sex::Female, Some("female")), (Sex::Unstated, None)] {
        let record = ProvenRecord { sex, ..hanako() };
        assert_eq!(proven(&record, Claim::Gender), expected.map(Value::from));
    }
}

#[test]
fn cap_20_residence_is_given_without_the_street() {
    let record = hanako();
    for (claim, expected) in [
        (Claim::ResidencePrefecture, json!("石川県")),
        (Claim::ResidenceCity, json!("加賀市")),
        (Claim::ResidenceCityCode, json!("172065")),
        (Claim::IsResident, json!(true)),
        // Verified at 23:30 UTC on the fourth: the fifth in Japan.
        (Claim::ResidenceVerifiedOn, json!("2026-10-05")),
    ] {
        assert_eq!(proven(&record, claim), Some(expected), "{claim:?}");
    }
    assert_eq!(proofing().verified_at.jst_day(), Day { year: 2026, month: 10, day: 5 });
    let komatsu = ProvenRecord { address: "石川県小松市小馬出町９１番地".into(), ..hanako() };
    assert_eq!(proven(&komatsu, Claim::IsResident), Some(false.into()));
    let unclear = ProvenRecord { address: "府中市宮西町".into(), ..hanako() };
    for claim in Claim::ALL.iter().filter(|claim| claim.group() == crate::claims::Group::Residence) {
        assert_eq!(proven(&unclear, *claim), None, "{claim:?}");
    }
}

#[test]
fn declared_values_are_never_empty_and_verified_flags_follow_their_value() {
    let facility = library();
    let declared = |record: &DeclaredRecord, claim| Values::new(None, record, &facility, NOW).declared(claim);
    let full = DeclaredRecord {
        email: Some("hanako@example.jp".into()),
        email_verified: true,
        nickname: Some("はな".into()),
        address: Some("加賀市".into()),
        updated_at: Some(Time(1_790_000_000_999)),
        ..DeclaredRecord::default()
    };
    for (claim, expected) in [
        (Claim::Email, Some(json!("hanako@example.jp"))),
        (Claim::EmailVerified, Some(json!(true))),
        (Claim::PhoneNumberVerified, None),
        (Claim::Nickname, Some(json!("はな"))),
        (Claim::Address, Some(json!({"formatted": "加賀市"}))),
        (Claim::UpdatedAt, Some(json!(1_790_000_000))),
        (Claim::ResidenceCity, None),
        (Claim::AgeOver18, None),
    ] {
        assert_eq!(declared(&full, claim), expected, "{claim:?}");
    }
    let blank = Some(String::new());
    let empty =
        DeclaredRecord { email: blank.clone(), name: blank.clone(), address: blank, ..DeclaredRecord::default() };
    for claim in Claim::ALL {
        assert_eq!(declared(&empty, *claim), None, "{claim:?}");
    }
}
