//! The login certificate, right and wrong in one thing each.

use openssl::{
    hash::MessageDigest,
    pkey::{PKey, Private},
    sign::Signer,
};
use x509_cert::ext::pkix::KeyUsages;

use super::*;
use crate::{
    AnyStatement, LoginFields, Pin, agent,
    proof::Encoded,
    revocation::PlatformAnswer,
    soft::{
        Family,
        issue::{Authority, Holder, Order, new_key},
        kit::{NOW, family},
    },
    statement::Statement,
};

const DAY: i64 = 86400;

fn challenge_with(nonce: u8) -> LoginChallenge {
    LoginChallenge::new(LoginFields {
        issuer: "http://localhost:7000".into(),
        purpose: "図書館にログインします".into(),
        nonce: [nonce; 32],
        ticket: "ticket-1".into(),
        issued_at: NOW,
    })
    .unwrap()
}

fn challenge() -> LoginChallenge {
    challenge_with(7)
}

fn proof_of(family: &Family, name: &str, challenge: &LoginChallenge) -> LoginProof {
    let card = family.card(name).unwrap();
    let typed = agent::Typed { pin: Some(Pin::auth(&card.pin).unwrap()), password: None, text: None };
    let signed = agent::sign(&mut card.insert(), &AnyStatement::Login(challenge.clone()), &typed).unwrap();
    assert!(signed.proof.is_none(), "a login asks nothing of the signature key");
    signed.login.unwrap()
}

fn none() -> RevocationData {
    RevocationData::none("test")
}

fn code(family: &Family, proof: &LoginProof, at: i64) -> &'static str {
    match verify_login(proof, &family.anchors(), &none(), &challenge(), at) {
        Ok(_) => "verified",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn cap_62_four_digits_sign_in_and_tell_cards_apart() {
    let family = family();
    let of = |name: &str, key: &[u8]| {
        let proof = proof_of(&family, name, &challenge());
        verify_login(&proof, &family.anchors(), &none(), &challenge(), NOW).unwrap().keyed_serial(key)
    };
    assert_eq!(of("hanako", b"k"), of("hanako", b"k"));
    assert_ne!(of("hanako", b"k"), of("ken", b"k"));
    assert_ne!(of("hanako", b"k"), of("hanako", b"other"));
}

fn enrolment() -> crate::Enrolment {
    crate::Enrolment::new(crate::EnrolmentFields {
        issuer: "http://localhost:7000".into(),
        account: "h***@mail.example".into(),
        purpose: "登録します".into(),
        nonce: [7; 32],
        ticket: "ticket-1".into(),
        issued_at: NOW,
    })
    .unwrap()
}

#[test]
fn cap_62_one_session_binds_both_keys() {
    let family = family();
    let card = family.card("hanako").unwrap();
    let enrolment = enrolment();
    let typed = agent::Typed {
        password: Some(Pin::signature(&card.signature_password).unwrap()),
        pin: Some(Pin::auth(&card.pin).unwrap()),
        text: None,
    };
    let signed = agent::sign(&mut card.insert(), &AnyStatement::Enrolment(enrolment.clone()), &typed).unwrap();
    let (proof, login) = (signed.proof.unwrap(), signed.login.unwrap());
    let proven = crate::verify(&proof, &family.anchors(), &family.revocation(), &enrolment, NOW).unwrap();
    let login_of = enrolment.challenge().unwrap();
    let login = verify_login(&login, &family.anchors(), &none(), &login_of, NOW).unwrap();
    assert_ne!(proven.keyed_serial(b"k"), login.keyed_serial(b"k"), "two certificates");
}

#[test]
fn cap_62_a_wrong_pin_signs_nothing_and_costs_one_try() {
    let family = family();
    let card = family.card("ken").unwrap();
    let typed = |pin: &str| agent::Typed {
        password: Some(Pin::signature(&card.signature_password).unwrap()),
        pin: Some(Pin::auth(pin).unwrap()),
        text: None,
    };
    let recovery = AnyStatement::Recovery(crate::Recovery::new(challenge().fields().clone()).unwrap());
    let wrong = agent::sign(&mut card.insert(), &recovery, &typed("0000"));
    assert_eq!(
        wrong,
        Err(agent::NotSigned::Secret(crate::pin::Secret::Auth, crate::card::CardError::WrongPassword { left: 2 }))
    );
    assert_eq!(wrong.unwrap_err().code(), "wrong_pin");
    assert_eq!(agent::look_for_login(&mut card.insert()).unwrap().tries_left, 2);
    assert!(agent::sign(&mut card.insert(), &recovery, &typed(&card.pin)).is_ok());
    assert_eq!(agent::look_for_login(&mut card.insert()).unwrap().tries_left, 3, "the right one gives the tries back");
    let nothing = agent::sign(&mut card.insert(), &recovery, &agent::Typed::default());
    assert_eq!(nothing, Err(agent::NotSigned::Card(crate::card::CardError::SecretMissing)));
}

#[test]
fn cap_62_a_replayed_altered_or_foreign_statement_is_refused() {
    let family = family();
    assert_eq!(code(&family, &proof_of(&family, "hanako", &challenge_with(8)), NOW), "replayed_nonce");
    let mut altered = challenge().fields().clone();
    altered.purpose = "別の目的".into();
    let altered = LoginChallenge::new(altered).unwrap();
    assert_eq!(code(&family, &proof_of(&family, "hanako", &altered), NOW), "altered_statement");
    let mut proof = proof_of(&family, "hanako", &challenge());
    proof.statement = Encoded(crate::Recovery::new(challenge().fields().clone()).unwrap().to_bytes());
    assert_eq!(code(&family, &proof, NOW), "foreign_statement");
    let mut proof = proof_of(&family, "hanako", &challenge());
    proof.signature.0[9] ^= 1;
    assert_eq!(code(&family, &proof, NOW), "bad_signature");
    let mut proof = proof_of(&family, "hanako", &challenge());
    proof.auth_certificate = proof_of(&family, "ken", &challenge()).auth_certificate;
    assert_eq!(code(&family, &proof, NOW), "bad_signature");
}

#[test]
fn cap_62_the_certificate_of_the_other_purpose_signs_nobody_in() {
    let family = family();
    let card = family.card("hanako").unwrap();
    let recovery = crate::Recovery::new(challenge().fields().clone()).unwrap();
    let typed =
        agent::Typed { password: Some(Pin::signature(&card.signature_password).unwrap()), pin: None, text: None };
    let signed = agent::sign(&mut card.insert(), &AnyStatement::Recovery(recovery.clone()), &typed).unwrap();
    let proof = signed.proof.unwrap();
    crate::verify_recovery(&proof, &family.anchors(), &family.revocation(), &recovery, NOW).unwrap();
    let as_login = LoginProof {
        statement: Encoded(challenge().to_bytes()),
        signature: proof.signature.clone(),
        auth_certificate: proof.sign_certificate.clone(),
    };
    assert_eq!(code(&family, &as_login, NOW), "wrong_purpose");
    let login = proof_of(&family, "hanako", &challenge());
    let as_signature = crate::SignedProof {
        statement: Encoded(recovery.to_bytes()),
        signature: login.signature,
        sign_certificate: login.auth_certificate,
    };
    let refused =
        crate::verify_recovery(&as_signature, &family.anchors(), &family.revocation(), &recovery, NOW).unwrap_err();
    assert_eq!(refused, Refusal::WrongPurpose);
}

/// A login key of our own making, with everything right but what the order spoils.
fn made(order: &Order, ca: &Authority, key: &PKey<Private>) -> LoginProof {
    let holder = Holder {
        name: "n".into(),
        birth_date: "319880229".into(),
        sex: 2,
        address: "石川県加賀市".into(),
        prefecture: "Ishikawa-ken".into(),
        city: "Kaga-shi".into(),
        city_code: "17206".into(),
    };
    let bytes = challenge().to_bytes();
    let mut signer = Signer::new(MessageDigest::sha256(), key).unwrap();
    LoginProof {
        signature: Encoded(signer.sign_oneshot_to_vec(&bytes).unwrap()),
        statement: Encoded(bytes),
        auth_certificate: Encoded(ca.issue(order, &holder, key).unwrap()),
    }
}

#[test]
fn cap_62_each_line_of_the_checklist_refuses_alone() {
    let ca = Authority::new(Purpose::Auth, 0xBFCD, NOW).unwrap();
    let anchors = Anchors::test(&[ca.der().unwrap()]).unwrap();
    let key = new_key(2048).unwrap();
    let right = Order::new(Purpose::Auth, 9, NOW - DAY, NOW + DAY);
    let refusal =
        |order: &Order, at: i64| verify_login(&made(order, &ca, &key), &anchors, &none(), &challenge(), at).map(drop);
    assert_eq!(refusal(&right, NOW), Ok(()));
    use KeyUsages::{CRLSign, DigitalSignature, KeyCertSign, NonRepudiation};
    for (order, at, wanted) in [
        (right.clone(), NOW + DAY + 1, Refusal::Expired),
        (right.clone(), NOW - DAY - 1, Refusal::NotYetValid),
        (Order { client_auth: false, ..right.clone() }, NOW, Refusal::WrongKeyUsage),
        (Order { usage: vec![DigitalSignature, NonRepudiation], ..right.clone() }, NOW, Refusal::WrongKeyUsage),
        (Order { usage: vec![DigitalSignature, KeyCertSign], ..right.clone() }, NOW, Refusal::WrongKeyUsage),
        (Order { usage: vec![DigitalSignature, CRLSign], ..right.clone() }, NOW, Refusal::WrongKeyUsage),
        (Order { usage: vec![NonRepudiation], ..right.clone() }, NOW, Refusal::WrongKeyUsage),
        (Order { ca: true, ..right.clone() }, NOW, Refusal::WrongKeyUsage),
        (Order { policy: "1.2.392.200149.8.5.1.0.20", ..right.clone() }, NOW, Refusal::WrongPolicy),
        (Order { policy: "1.2.392.200149.8.5.1.3.30", ..right.clone() }, NOW, Refusal::WrongPolicy),
    ] {
        assert_eq!(refusal(&order, at), Err(wanted));
    }
    let stranger = Authority::new(Purpose::Auth, 0xBFCD, NOW).unwrap();
    let foreign = made(&right, &stranger, &key);
    let foreign = verify_login(&foreign, &anchors, &none(), &challenge(), NOW);
    assert_eq!(foreign.map(drop), Err(Refusal::ForeignCa));
    // Production takes no test policy.
    let production = verify_login(&made(&right, &ca, &key), &Anchors::production(), &none(), &challenge(), NOW);
    assert_eq!(production.map(drop), Err(Refusal::WrongPolicy));
    // A revocation check that is configured but has no list of this issuer refuses.
    let unknown = RevocationData::from_der(&[]).unwrap();
    let unknown = verify_login(&made(&right, &ca, &key), &anchors, &unknown, &challenge(), NOW);
    assert_eq!(unknown.map(drop), Err(Refusal::RevocationUnknown));
    let list = ca.revocation_list(&[9], NOW - 60, NOW + DAY, None).unwrap();
    let revoked = RevocationData::from_der(&[list]).unwrap();
    let revoked = verify_login(&made(&right, &ca, &key), &anchors, &revoked, &challenge(), NOW);
    assert_eq!(revoked.map(drop), Err(Refusal::Revoked));
}

#[test]
fn cap_09_a_login_shows_neither_name_nor_number() {
    let family = family();
    let proof = proof_of(&family, "hanako", &challenge());
    let login = verify_login(&proof, &family.anchors(), &none(), &challenge(), NOW).unwrap();
    assert_eq!(format!("{proof:?}"), "LoginProof(redacted)");
    let shown = format!("{login:?}");
    assert!(!shown.contains("issuer") && !shown.contains("serial"), "{shown}");
}

#[test]
fn cap_62_a_platform_may_say_that_only_the_signature_certificate_is_revoked() {
    let family = family();
    let proof = proof_of(&family, "hanako", &challenge());
    let with = |answer| {
        let known = RevocationData::platform(answer, NOW);
        verify_login(&proof, &family.anchors(), &known, &challenge(), NOW).map(|login| login.sign_revoked())
    };
    assert!(!with(PlatformAnswer::Good { applicant: "A".into() }).unwrap());
    assert!(with(PlatformAnswer::Gone).unwrap(), "410: the login is good, the proofing is not");
    assert_eq!(with(PlatformAnswer::Refused).unwrap_err(), Refusal::Revoked);
    assert_eq!(with(PlatformAnswer::Unknown).unwrap_err(), Refusal::RevocationUnknown);
    assert_eq!(with(PlatformAnswer::Duplicate).unwrap_err(), Refusal::AlreadyRegistered);
}

#[test]
fn cap_62_a_revoked_or_foreign_login_certificate_signs_nobody_in_though_the_card_proofs() {
    let family = family();
    let judged = |name: &str, known: &RevocationData| {
        let proof = proof_of(&family, name, &challenge());
        verify_login(&proof, &family.anchors(), known, &challenge(), NOW).map(|login| login.checks().to_vec())
    };
    let lists = family.login_revocation();
    assert_eq!(judged("login-revoked", &lists), Err(Refusal::Revoked));
    assert!(judged("login-revoked", &none()).is_ok(), "only the list says so");
    for known in [&lists, &none()] {
        assert_eq!(judged("login-foreign", known), Err(Refusal::ForeignCa));
    }
    for card in ["hanako", "revoked", "moved"] {
        assert!(judged(card, &lists).is_ok(), "{card}");
    }
    // The other certificate of both cards is good: what ends a login does not end a proofing.
    for name in ["login-revoked", "login-foreign"] {
        let card = family.card(name).unwrap();
        let enrolment = enrolment();
        let password = Pin::signature(&card.signature_password).unwrap();
        let proof = agent::read_and_sign(&mut card.insert(), &enrolment, &password).unwrap();
        assert!(crate::verify(&proof, &family.anchors(), &family.revocation(), &enrolment, NOW).is_ok(), "{name}");
    }
}

#[test]
fn cap_05_a_consent_is_signed_by_the_signature_key_and_verified() {
    let family = family();
    let fields = |city: &str, nonce: u8| crate::ConsentFields {
        issuer: "http://localhost:7000".into(),
        facility: "加賀市立図書館".into(),
        purpose: "利用登録".into(),
        values: vec![crate::ConsentValue { claim: "residence_city".into(), value: city.into() }],
        nonce: [nonce; 32],
        ticket: "ticket-1".into(),
        issued_at: NOW,
    };
    let consent = |city, nonce| crate::Consent::new(fields(city, nonce)).unwrap();
    let card = family.card("hanako").unwrap();
    let typed =
        agent::Typed { password: Some(Pin::signature(&card.signature_password).unwrap()), pin: None, text: None };
    let ours = consent("加賀市", 7);
    let signed = agent::sign(&mut card.insert(), &AnyStatement::Consent(ours.clone().into()), &typed).unwrap();
    assert!(signed.login.is_none() && signed.text.is_none());
    let proof = signed.proof.unwrap();
    let judged = |proof: &crate::SignedProof, expected: &crate::Consent| {
        crate::verify_consent(proof, &family.anchors(), &family.revocation(), expected, NOW)
            .map(|found| found.not_after())
    };
    assert!(judged(&proof, &ours).is_ok());
    assert_eq!(judged(&proof, &consent("小松市", 7)), Err(Refusal::AlteredStatement), "other values");
    assert_eq!(judged(&proof, &consent("加賀市", 8)), Err(Refusal::ReplayedNonce));
    let mut spoilt = proof.clone();
    spoilt.signature.0[40] ^= 1;
    assert_eq!(judged(&spoilt, &ours), Err(Refusal::BadSignature));
    // Neither of the others is a consent, nor the reverse.
    let enrolment = enrolment();
    let password = typed.password.unwrap();
    let other = agent::read_and_sign(&mut card.insert(), &enrolment, &password).unwrap();
    assert_eq!(judged(&other, &ours), Err(Refusal::ForeignStatement));
    let reverse = crate::verify(&proof, &family.anchors(), &family.revocation(), &enrolment, NOW);
    assert_eq!(reverse.map(drop), Err(Refusal::ForeignStatement));
    // Without its password nothing is signed; the four digits are none.
    let digits = agent::Typed { password: None, pin: Some(Pin::auth(&card.pin).unwrap()), text: None };
    let unsigned = agent::sign(&mut card.insert(), &AnyStatement::Consent(ours.into()), &digits);
    assert_eq!(unsigned.err().map(|error| error.code()), Some("wrong_password"));
}
