use super::*;
use crate::claims::release::Agreement;
use crate::claims::release::tests::{NOW, Scene, consent, library};
use crate::domain::facility::Facility;
use crate::seal::{Purpose, WrappingSecret};

const ASKED: [Claim; 4] = [Claim::Name, Claim::Birthdate, Claim::Gender, Claim::Address];

fn scene(verification: Value, claims: Value) -> Scene {
    let asked = json!({ "userinfo": { "verified_claims": { "verification": verification, "claims": claims } } });
    let mut scene = Scene::new("openid");
    scene.request = ClaimsRequest::parse(&asked.to_string()).unwrap();
    scene.consent = Some(consent(&ASKED, &[]));
    scene
}

fn told_at(scene: &Scene, facility: &Facility, evidence: EvidenceRelease) -> Option<Value> {
    let key = WrappingSecret::new([1; 32]).derive(Purpose::PairwiseSubject);
    let input = ReleaseInput {
        proven: scene.proven.as_ref().map(|(record, proofing)| (record, proofing)),
        declared: &scene.declared,
        facility,
        ceiling: &scene.ceiling,
        scopes: &scene.scopes,
        request: &scene.request,
        place: scene.place,
        consent: scene.consent.as_ref().map_or(Agreement::Missing, Agreement::Given),
        channel: scene.channel,
        acr: scene.acr,
        now: NOW,
    };
    verified_claims(&input, &Terms { key: &key, evidence, attested: true })
}

fn told(verification: Value, claims: Value) -> Option<Value> {
    told_at(&scene(verification, claims), &library(), EvidenceRelease::Pairwise)
}

#[test]
fn cap_52_the_cards_values_come_with_how_they_were_verified() {
    let all = json!({ "trust_framework": null, "assurance_level": null, "assurance_process": null, "time": null,
        "verification_process": null, "evidence": [{ "type": { "value": "electronic_signature" },
        "issuer": null, "serial_number": null, "signature_type": null }] });
    let told = told(all, json!({ "name": null, "birthdate": {}, "gender": { "essential": false } })).unwrap();
    assert_eq!(told["claims"], json!({ "name": "山田　花子", "birthdate": "1988-02-29", "gender": "female" }));
    let how = &told["verification"];
    assert_eq!(how["trust_framework"], TRUST_FRAMEWORK);
    assert_eq!(how["time"], "2026-10-05T00:00+09:00", "the day in Japan, not the second");
    assert_eq!(how["assurance_process"]["policy"], "ds-511");
    assert_eq!(how["assurance_level"], "ial2", "no revocation list was at hand");
    assert_eq!(how["evidence"][0]["type"], "electronic_signature");
    assert!(how["evidence"][0]["serial_number"].as_str().unwrap().starts_with("pw:"));
}

#[test]
fn cap_52_the_serial_itself_needs_setting_ceiling_consent_and_a_proofing_that_kept_it() {
    let evidence = json!({ "trust_framework": null, "evidence": [{ "type": { "value": "electronic_signature" } }] });
    let named = || {
        let mut scene = scene(evidence.clone(), json!({ "name": null }));
        scene.proven.as_mut().unwrap().0.certificate_serial = Some("0a1b2c".into());
        scene.consent = Some(consent(&[Claim::Name, Claim::CertificateSerial], &[]));
        scene
    };
    let raw = |scene: &Scene| told_at(scene, &library(), EvidenceRelease::Raw);
    let told = raw(&named()).unwrap();
    let told = &told["verification"]["evidence"][0];
    assert_eq!((&told["serial_number"], &told["created_at"]), (&json!("0a1b2c"), &json!("2026-10-04T23:30:00Z")));
    for spoil in [
        |scene: &mut Scene| scene.proven.as_mut().unwrap().0.certificate_serial = None,
        |scene: &mut Scene| scene.consent = Some(consent(&[Claim::Name], &[])),
        |scene: &mut Scene| scene.ceiling.entries.retain(|entry| entry.claim != Claim::CertificateSerial),
    ] {
        let mut scene = named();
        spoil(&mut scene);
        assert_eq!(raw(&scene), None, "evidence was asked for, and there is none to tell");
    }
    for other in [EvidenceRelease::None, EvidenceRelease::Pairwise] {
        let told = told_at(&named(), &library(), other).unwrap_or_default();
        assert!(!told.to_string().contains("0a1b2c"), "{other:?}");
    }
    let page = || Scene { place: Place::Anywhere, ..named() };
    let shown = |scene: &Scene| scene.preview().given().any(|(claim, _)| claim == Claim::CertificateSerial);
    assert!(shown(&page()), "the person agrees to the number");
    assert!(!shown(&Scene { request: ClaimsRequest::default(), ..page() }), "nobody asked for evidence");
}

#[test]
fn cap_52_a_checked_revocation_raises_the_level() {
    let mut scene =
        scene(json!({ "trust_framework": null, "assurance_level": { "value": "ial3" } }), json!({ "name": null }));
    assert_eq!(told_at(&scene, &library(), EvidenceRelease::None), None, "ial3 was asked for");
    let check = crate::domain::proofing::Check {
        what: "revocation".into(),
        result: "ok".into(),
        as_of: Some(NOW),
        by: Some("crl".into()),
    };
    scene.proven.as_mut().unwrap().1.checks.push(check);
    let told = told_at(&scene, &library(), EvidenceRelease::None).unwrap();
    assert_eq!(told["verification"]["assurance_level"], "ial3");
}

#[test]
fn cap_52_freshness_and_what_was_not_checked_are_values() {
    let all = json!({ "trust_framework": null, "assurance_process": null, "evidence": [{ "type": null }] });
    let mut scene = scene(all, json!({ "name": null }));
    let how = |scene: &Scene| told_at(scene, &library(), EvidenceRelease::Pairwise).unwrap()["verification"].take();
    let unchecked = how(&scene);
    assert_eq!(unchecked["assurance_process"]["procedure"], "jpki_sign_cert");
    let classified = "/assurance_process/assurance_details/0/assurance_classification";
    assert_eq!(unchecked.pointer(classified).unwrap(), "revocation_not_checked");
    let signature = json!({ "check_method": "vcrypt", "organization": "pass", "check_id": "signature" });
    assert_eq!(unchecked["evidence"][0]["check_details"], json!([signature]));
    // 2026-10-04T23:30Z is the fifth in Japan, and nothing finer than the day leaves.
    let check = |what: &str, result: &str, by: Option<&str>| crate::domain::proofing::Check {
        what: what.into(),
        result: result.into(),
        as_of: by.map(|_| Time(1_791_156_600_000)),
        by: by.map(str::to_owned),
    };
    scene.proven.as_mut().unwrap().1.checks = vec![check("revocation", "not_checked: no list", None)];
    assert_eq!(how(&scene), unchecked);
    scene.proven.as_mut().unwrap().1.checks = vec![check("revocation", "ok", Some("ocsp"))];
    let checked = how(&scene);
    assert_eq!(checked["assurance_process"]["procedure"], "jpki_sign_cert_ocsp");
    assert_eq!(checked.pointer(classified).unwrap(), "revocation_checked");
    let data = json!({ "check_method": "data", "organization": "ocsp", "check_id": "revocation",
        "time": "2026-10-05T00:00+09:00" });
    assert_eq!(checked["evidence"][0]["check_details"], json!([signature, data]));
}

#[test]
fn cap_52_what_was_not_asked_for_is_not_told() {
    let told =
        told(json!({ "trust_framework": null }), json!({ "name": null, "nickname": null, "no such": null })).unwrap();
    assert_eq!(told["verification"], json!({ "trust_framework": TRUST_FRAMEWORK }));
    assert_eq!(told["claims"], json!({ "name": "山田　花子" }));
}

#[test]
fn cap_52_an_unmet_constraint_drops_the_element() {
    let name = || json!({ "name": null });
    for (verification, claims) in [
        (json!({ "trust_framework": { "value": "de_aml" } }), name()),
        (json!({ "trust_framework": { "values": ["de_aml", "jp_aml"] } }), name()),
        (json!({ "trust_framework": null, "time": { "max_age": 60 } }), name()),
        (json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" } }] }), name()),
        (json!({ "trust_framework": null, "assurance_process": { "policy": { "value": "other" } } }), name()),
        (json!({ "trust_framework": null, "other": { "value": "x" } }), name()),
        (json!({ "trust_framework": null }), json!({ "name": { "value": "somebody else" } })),
        (json!({ "trust_framework": null }), json!({})),
        (json!({}), name()),
    ] {
        assert_eq!(told(verification.clone(), claims), None, "{verification}");
    }
    assert!(told(json!({ "trust_framework": { "values": ["x", TRUST_FRAMEWORK] }, "other": null }), name()).is_some());
}

#[test]
fn cap_52_nothing_without_card_consent_ceiling_or_strength() {
    let fresh = || scene(json!({ "trust_framework": null }), json!({ "name": null }));
    let none = |change: fn(&mut Scene)| {
        let mut scene = fresh();
        change(&mut scene);
        told_at(&scene, &library(), EvidenceRelease::None)
    };
    assert!(none(|_| {}).is_some());
    assert_eq!(none(|scene| scene.proven = None), None);
    assert_eq!(none(|scene| scene.consent = None), None);
    assert_eq!(none(|scene| scene.ceiling.entries.clear()), None);
    assert_eq!(none(|scene| scene.acr = Acr::Aal1), None);
    assert_eq!(none(|scene| scene.place = Place::IdToken), None, "asked for in userinfo only");
    let declared = none(|scene| {
        scene.proven = None;
        scene.declared.name = Some("自称".into());
    });
    assert_eq!(declared, None, "the person's own word is not verified");
}

#[test]
fn cap_52_two_facilities_cannot_compare_the_evidence() {
    let all = json!({ "trust_framework": null, "verification_process": null, "evidence": [{ "type": null }] });
    let scene = scene(all, json!({ "name": null }));
    let kosodate = Facility { sector: "kosodate".into(), ..library() };
    let [here, there] =
        [library(), kosodate].map(|facility| told_at(&scene, &facility, EvidenceRelease::Pairwise).unwrap());
    assert_ne!(here["verification"]["verification_process"], there["verification"]["verification_process"]);
    assert_ne!(
        here["verification"]["evidence"][0]["serial_number"],
        there["verification"]["evidence"][0]["serial_number"]
    );
    assert_eq!(told_at(&scene, &library(), EvidenceRelease::None), None, "evidence was asked for and is not told here");
}

#[test]
fn cap_52_name_stands_first_among_what_can_be_verified() {
    assert_eq!(supported().next(), Some(Claim::Name));
    assert!(!supported().any(|claim| claim == Claim::Email));
}

#[test]
fn cap_04_what_the_national_service_said_is_told_as_such_and_as_less() {
    use crate::domain::proofing::{Check, ProofingMethod};
    let all = json!({ "trust_framework": null, "assurance_level": null, "assurance_process": null,
        "evidence": [{ "type": null }] });
    let mut scene = scene(all.clone(), json!({ "name": null }));
    let proofing = &mut scene.proven.as_mut().unwrap().1;
    proofing.method = ProofingMethod::DigitalAuthApp;
    for (result, procedure) in [("ok", "jp_digital_auth_app_revocation"), ("not_checked: x", "jp_digital_auth_app")] {
        let proofing = &mut scene.proven.as_mut().unwrap().1;
        let check =
            |what: &str, result: &str| Check { what: what.into(), result: result.into(), as_of: None, by: None };
        proofing.checks = vec![check("revocation", result)];
        assert_eq!(told_at(&scene, &library(), EvidenceRelease::None), None, "nobody asserted it");
        scene.proven.as_mut().unwrap().1.checks.push(check("assertion", "ok"));
        let told = told_at(&scene, &library(), EvidenceRelease::None).unwrap();
        let how = &told["verification"];
        assert_eq!((&how["trust_framework"], &how["assurance_level"]), (&json!("jp_pass"), &json!("ial2")));
        assert_eq!(how["assurance_process"]["procedure"], procedure);
        assert_eq!(how["evidence"][0]["type"], ATTESTED_EVIDENCE);
        assert_eq!(how["evidence"][0]["record"]["type"], ATTESTED_RECORD);
        assert!(!told.to_string().contains("serial"), "{told}");
    }
    // A facility that insists on the certificate gets nothing.
    let insisting = json!({ "trust_framework": { "value": TRUST_FRAMEWORK } });
    scene.request = self::scene(insisting, json!({ "name": null })).request;
    assert_eq!(told_at(&scene, &library(), EvidenceRelease::Pairwise), None);
}

#[test]
fn cap_06_a_card_that_was_only_read_says_so() {
    let mut scene = scene(
        json!({ "trust_framework": null, "assurance_level": null, "assurance_process": { "procedure": null },
            "evidence": [{ "type": { "value": "document" } }] }),
        json!({ "name": null }),
    );
    let proofing = &mut scene.proven.as_mut().unwrap().1;
    proofing.method = crate::domain::proofing::ProofingMethod::TextApplication;
    proofing.checks = ["statement", "chain"].map(ok).into();
    let told = told_at(&scene, &library(), EvidenceRelease::Raw).unwrap();
    assert_eq!(told["verification"]["assurance_level"], "ial1");
    assert_eq!(told["verification"]["assurance_process"]["procedure"], "jpki_text_application");
    assert_eq!(told["verification"]["evidence"][0]["type"], "document");
    assert!(!told.to_string().contains("serial"), "nothing of the chip leaves");
}

fn ok(what: &str) -> crate::domain::proofing::Check {
    crate::domain::proofing::Check { what: what.into(), result: "ok".into(), as_of: None, by: None }
}

#[test]
fn cap_06_a_reading_that_no_chip_signed_is_given_to_nobody() {
    for checks in [vec![], vec![ok("statement")], vec![ok("chain"), ok("guardian")]] {
        let mut scene = scene(json!({ "trust_framework": null }), json!({ "name": null }));
        let proofing = &mut scene.proven.as_mut().unwrap().1;
        proofing.method = crate::domain::proofing::ProofingMethod::TextApplication;
        proofing.checks = checks;
        assert_eq!(told_at(&scene, &library(), EvidenceRelease::Raw), None);
    }
}
