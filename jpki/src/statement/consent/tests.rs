use super::*;
use crate::{Enrolment, EnrolmentFields};

fn value(claim: &str, value: &str) -> ConsentValue {
    ConsentValue { claim: claim.into(), value: value.into() }
}

fn fields() -> ConsentFields {
    ConsentFields {
        issuer: "https://pass.example".into(),
        facility: "加賀市立図書館".into(),
        purpose: "市内にお住まいの方の利用登録".into(),
        values: vec![value("residence_city", "加賀市"), value("age_over_18", "はい")],
        nonce: [0xAB; 32],
        ticket: "t-1".into(),
        issued_at: 1_775_001_600,
    }
}

fn made() -> Consent {
    Consent::new(fields()).unwrap()
}

#[test]
fn cap_05_a_consent_reads_as_a_document_and_holds_no_value() {
    let bytes = made().to_bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let (hash, nonce) = (lines::hex(&made().record().values_sha256), "ab".repeat(32));
    assert_eq!(
        text,
        format!(
            "PASS-JPKI-CONSENT-v1\nissuer=https://pass.example\nfacility=加賀市立図書館\n\
             purpose=市内にお住まいの方の利用登録\nclaims=residence_city age_over_18\nvalues-sha256={hash}\n\
             nonce={nonce}\nticket=t-1\nissued-at=1775001600\n"
        )
    );
    assert_eq!(made().key(), Secret::Sign);
    let record = ConsentRecord::parse(&bytes).unwrap();
    assert_eq!(&record, made().record());
    assert_eq!(format!("{:?}", fields()), "ConsentFields { issuer: \"https://pass.example\", .. }");
}

#[test]
fn cap_05_the_hash_is_of_these_values_in_this_document() {
    let record = made().record().clone();
    assert!(record.fits(&fields().values));
    let (city, age) = (value("residence_city", "加賀市"), value("age_over_18", "はい"));
    for other in [
        vec![],
        vec![city.clone()],
        vec![age.clone(), city.clone()],
        vec![value("residence_city", "小松市"), age.clone()],
        vec![value("residence_city", "加賀市は"), value("age_over_18", "い")],
        vec![city, value("age_over_20", "はい")],
    ] {
        assert!(!record.fits(&other), "{other:?}");
    }
    // The same values in another document have another hash: two facilities cannot compare.
    let other = Consent::new(ConsentFields { nonce: [1; 32], ..fields() }).unwrap();
    assert_ne!(other.record().values_sha256, record.values_sha256);
}

#[test]
fn cap_05_only_the_canonical_bytes_are_a_consent() {
    let good = String::from_utf8(made().to_bytes()).unwrap();
    for spoilt in [
        good.replace("CONSENT", "ENROLMENT"),
        good.replace("-v1", "-v2"),
        good.replace("nonce=ab", "nonce=AB"),
        good.replace("city age", "city  age"),
        good.replace("city age", "city\u{3000}age"),
        good.replace("age_over_18", "residence_city"),
        good.replace("issued-at=", "issued-at=0"),
        good.replace("claims=residence_city age_over_18", "claims="),
        good.replace("図書館", "図書\u{202E}館"),
        good.trim_end().to_owned(),
        format!("{good}more=1\n"),
    ] {
        assert!(ConsentRecord::parse(spoilt.as_bytes()).is_err(), "{spoilt}");
    }
    let enrolment = Enrolment::new(EnrolmentFields {
        issuer: "https://pass.example".into(),
        account: "a".into(),
        purpose: "p".into(),
        nonce: [0xAB; 32],
        ticket: "t-1".into(),
        issued_at: 1,
    });
    assert_eq!(ConsentRecord::parse(&enrolment.unwrap().to_bytes()), Err(StatementError::Form));
    assert_eq!(Enrolment::parse(good.as_bytes()), Err(StatementError::Form));
}

#[test]
fn cap_05_a_consent_cannot_deceive_its_reader() {
    let with = |values: Vec<ConsentValue>| Consent::new(ConsentFields { values, ..fields() });
    let many: Vec<_> = (0..65).map(|n| value(&format!("claim_{n}"), "x")).collect();
    for values in [
        vec![],
        vec![value("", "x")],
        vec![value("name age", "x")],
        vec![value("name\nticket=x", "x")],
        vec![value("name", "x"), value("name", "y")],
        vec![value("name", "")],
        vec![value("name", "a\u{202E}b")],
        vec![value("name", &"x".repeat(1001))],
        many,
    ] {
        assert!(matches!(with(values.clone()), Err(StatementError::Field(_))), "{values:?}");
    }
    let json = serde_json::to_value(fields()).unwrap();
    assert_eq!(serde_json::from_value::<ConsentFields>(json.clone()).unwrap(), fields());
    for (name, given) in [("values_sha256", "00"), ("digest", "00"), ("claims", "name")] {
        let mut opaque = json.clone();
        opaque[name] = given.into();
        assert!(serde_json::from_value::<ConsentFields>(opaque).is_err(), "{name}: nothing but the fields");
    }
}
