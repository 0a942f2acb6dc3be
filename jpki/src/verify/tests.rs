//! One proof for each refusal, right in everything but the one thing.

use openssl::{
    pkey::{PKey, Private},
    sign::Signer,
};
use x509_cert::ext::pkix::KeyUsages;

use super::*;
use crate::{
    EnrolmentFields, LoginChallenge, LoginFields, Pin, Sex, agent,
    proof::Encoded,
    soft::{
        Family,
        issue::{Authority, Holder, Order, new_key},
        kit::{NOW, family},
    },
    statement::Statement,
};

mod checklist;

const DAY: i64 = 86400;

fn fields() -> EnrolmentFields {
    EnrolmentFields {
        issuer: "http://localhost:7000".into(),
        account: "h***@mail.example".into(),
        purpose: "加賀市のPASSに、氏名・生年月日・性別・住所を登録します。".into(),
        nonce: [7; 32],
        ticket: "ticket-1".into(),
        issued_at: NOW,
    }
}

fn statement() -> Enrolment {
    Enrolment::new(fields()).unwrap()
}

fn proof_of(family: &Family, name: &str, statement: &Enrolment) -> SignedProof {
    let card = family.card(name).unwrap();
    let password = Pin::signature(&card.signature_password).unwrap();
    agent::read_and_sign(&mut card.insert(), statement, &password).unwrap()
}

fn code_of(family: &Family, proof: &SignedProof) -> &'static str {
    match verify(proof, &family.anchors(), &family.revocation(), &statement(), NOW) {
        Ok(_) => "verified",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn cap_05_a_signed_statement_gives_the_basic_four() {
    let family = family();
    let proof = proof_of(&family, "hanako", &statement());
    let verified = verify(&proof, &family.anchors(), &family.revocation(), &statement(), NOW).unwrap();
    let four = verified.basic_four();
    assert_eq!(four.name, "山田　花子");
    assert_eq!(four.address, "石川県加賀市大聖寺南町ニ４１番地");
    assert_eq!(four.birth_date.to_iso().as_deref(), Some("1988-02-29"));
    assert_eq!(four.sex, Sex::Female);
    assert!(!four.name_has_substitutes && !four.address_has_substitutes);
    assert_eq!(verified.not_after(), NOW + 4 * 365 * DAY);
}

#[test]
fn cap_05_what_was_not_checked_is_a_value() {
    let family = family();
    let proof = proof_of(&family, "hanako", &statement());
    let outcome = |revocation: &RevocationData, what| {
        let verified = verify(&proof, &family.anchors(), revocation, &statement(), NOW).unwrap();
        verified.checks().iter().find(|check| check.what == what).unwrap().outcome.clone()
    };
    let unchecked = RevocationData::none("no agreement with J-LIS");
    assert_eq!(
        outcome(&unchecked, CheckKind::Revocation),
        Outcome::NotChecked { why: "no agreement with J-LIS".into() }
    );
    assert_eq!(outcome(&family.revocation(), CheckKind::Revocation), Outcome::Good { at: NOW - 3600, by: Method::Crl });
    assert_eq!(outcome(&unchecked, CheckKind::ProductionRoot), Outcome::NotChecked { why: "test root".into() });
    assert_eq!(outcome(&unchecked, CheckKind::Statement), Outcome::Passed { at: NOW });
}

#[test]
fn cap_05_the_keyed_serial_tells_cards_and_keys_apart() {
    let family = family();
    let of = |name: &str, key: &[u8]| {
        let proof = proof_of(&family, name, &statement());
        let verified = verify(&proof, &family.anchors(), &family.revocation(), &statement(), NOW).unwrap();
        verified.keyed_serial(key)
    };
    assert_eq!(of("hanako", b"k"), of("hanako", b"k"));
    assert_ne!(of("hanako", b"k"), of("hanako", b"other"));
    assert_ne!(of("hanako", b"k"), of("ken", b"k"));
}

#[test]
fn cap_05_expired_card_is_refused() {
    let family = family();
    assert_eq!(code_of(&family, &proof_of(&family, "expired", &statement())), "expired");
}

#[test]
fn cap_05_revoked_serial_is_refused() {
    let family = family();
    assert_eq!(code_of(&family, &proof_of(&family, "revoked", &statement())), "revoked");
}

#[test]
fn cap_05_foreign_ca_is_refused() {
    let family = family();
    assert_eq!(code_of(&family, &proof_of(&family, "foreign-ca", &statement())), "foreign_ca");
}

#[test]
fn cap_05_a_test_root_is_foreign_in_production() {
    let family = family();
    let proof = proof_of(&family, "hanako", &statement());
    let refused = verify(&proof, &Anchors::production(), &family.revocation(), &statement(), NOW);
    // The test policy already gives it away, before the chain is looked at.
    assert_eq!(refused.unwrap_err(), Refusal::WrongPolicy);
}

#[test]
fn cap_05_altered_statement_is_refused() {
    let family = family();
    let change = |edit: fn(&mut EnrolmentFields)| {
        let mut fields = fields();
        edit(&mut fields);
        code_of(&family, &proof_of(&family, "hanako", &Enrolment::new(fields).unwrap()))
    };
    assert_eq!(change(|f| f.account = "someone-else@mail.example".into()), "altered_statement");
    assert_eq!(change(|f| f.purpose = "別のことに同意します。".into()), "altered_statement");
    assert_eq!(change(|f| f.issuer = "https://evil.example".into()), "altered_statement");
    assert_eq!(change(|f| f.ticket = "ticket-2".into()), "altered_statement");
    assert_eq!(change(|f| f.issued_at += 1), "altered_statement");
}

#[test]
fn cap_05_replayed_nonce_is_refused() {
    let family = family();
    let old = Enrolment::new(EnrolmentFields { nonce: [6; 32], ..fields() }).unwrap();
    assert_eq!(code_of(&family, &proof_of(&family, "hanako", &old)), "replayed_nonce");
}

#[test]
fn cap_05_a_login_is_no_enrolment() {
    let family = family();
    let mut proof = proof_of(&family, "hanako", &statement());
    let fields = LoginFields {
        issuer: fields().issuer,
        purpose: "p".into(),
        nonce: [7; 32],
        ticket: "ticket-1".into(),
        issued_at: NOW,
    };
    proof.statement = Encoded(LoginChallenge::new(fields).unwrap().to_bytes());
    assert_eq!(code_of(&family, &proof), "foreign_statement");
}

#[test]
fn cap_05_bad_signature_is_refused() {
    let family = family();
    let good = proof_of(&family, "hanako", &statement());
    for spoil in [
        |signature: &mut Vec<u8>| signature[100] ^= 1,
        |signature: &mut Vec<u8>| signature.truncate(255),
        |signature: &mut Vec<u8>| signature.push(0),
        |signature: &mut Vec<u8>| signature.clear(),
    ] {
        let mut proof = good.clone();
        spoil(&mut proof.signature.0);
        assert_eq!(code_of(&family, &proof), "bad_signature");
    }
    // Another person's certificate beside the signature: the victim's card proves nothing for it.
    let mut proof = good.clone();
    proof.sign_certificate = proof_of(&family, "ken", &statement()).sign_certificate;
    assert_eq!(code_of(&family, &proof), "bad_signature");
}

/// Certificates made to order by an authority that is trusted in everything.
struct Workshop {
    sign_ca: Authority,
    auth_ca: Authority,
    key: PKey<Private>,
}

impl Workshop {
    fn new() -> Self {
        Self {
            sign_ca: Authority::new(Purpose::Sign, 1, NOW).unwrap(),
            auth_ca: Authority::new(Purpose::Auth, 2, NOW).unwrap(),
            key: new_key(2048).unwrap(),
        }
    }

    fn order(purpose: Purpose) -> Order {
        Order::new(purpose, 77, NOW - DAY, NOW + DAY)
    }

    fn prove(&self, order: &Order) -> Result<Verified, Refusal> {
        self.prove_with(order, &holder(), &self.key)
    }

    fn prove_with(&self, order: &Order, holder: &Holder, key: &PKey<Private>) -> Result<Verified, Refusal> {
        let authority = if order.purpose == Purpose::Sign { &self.sign_ca } else { &self.auth_ca };
        let certificate = authority.issue(order, holder, key).unwrap();
        self.judge(&certificate, key, &RevocationData::none("test"), NOW)
    }

    fn anchors(&self) -> Anchors {
        Anchors::test(&[self.sign_ca.der().unwrap(), self.auth_ca.der().unwrap()]).unwrap()
    }

    fn judge(
        &self,
        certificate: &[u8],
        key: &PKey<Private>,
        revocation: &RevocationData,
        at: i64,
    ) -> Result<Verified, Refusal> {
        let anchors = self.anchors();
        let mut signer = Signer::new(crate::soft::issue::digest_for(key), key).unwrap();
        let proof = SignedProof {
            statement: Encoded(statement().to_bytes()),
            signature: Encoded(signer.sign_oneshot_to_vec(&statement().to_bytes()).unwrap()),
            sign_certificate: Encoded(certificate.to_vec()),
        };
        verify(&proof, &anchors, revocation, &statement(), at)
    }
}

fn holder() -> Holder {
    Holder {
        name: "見本　一郎".into(),
        birth_date: "319700101".into(),
        sex: 1,
        address: "石川県加賀市見本町１番地".into(),
        prefecture: "Ishikawa-ken".into(),
        city: "Kaga-shi".into(),
        city_code: "17206".into(),
    }
}

#[test]
fn cap_05_auth_certificate_is_refused_for_proofing() {
    let shop = Workshop::new();
    let auth = Workshop::order(Purpose::Auth);
    assert_eq!(shop.prove(&auth).unwrap_err(), Refusal::WrongPurpose);
    // Even with the key usage of a signature.
    let dressed = Order { usage: vec![KeyUsages::DigitalSignature, KeyUsages::NonRepudiation], ..auth };
    assert_eq!(shop.prove(&dressed).unwrap_err(), Refusal::WrongPurpose);
    // And when the CA for signatures issued it.
    let auth_policy = Order { policy: "1.2.392.200149.8.5.1.0.30", ..Workshop::order(Purpose::Sign) };
    assert_eq!(shop.prove(&auth_policy).unwrap_err(), Refusal::WrongPurpose);
}

#[test]
fn cap_05_a_certificate_that_fails_only_there_is_refused() {
    let shop = Workshop::new();
    let right = Workshop::order(Purpose::Sign);
    assert!(shop.prove(&right).is_ok());
    for (order, refusal) in [
        (Order { not_before: NOW + 1, ..right.clone() }, Refusal::NotYetValid),
        (Order { not_after: NOW - 1, ..right.clone() }, Refusal::Expired),
        (Order { usage: vec![KeyUsages::DigitalSignature], ..right.clone() }, Refusal::WrongKeyUsage),
        (Order { usage: vec![KeyUsages::NonRepudiation], ..right.clone() }, Refusal::WrongKeyUsage),
        (Order { client_auth: true, ..right.clone() }, Refusal::WrongKeyUsage),
        (Order { ca: true, ..right.clone() }, Refusal::WrongKeyUsage),
        (Order { policy: "1.2.392.200149.8.5.1.1.20", ..right.clone() }, Refusal::WrongPolicy),
        (Order { policy: "1.2.3", ..right.clone() }, Refusal::WrongPolicy),
        (Order { identity_twice: true, ..right.clone() }, Refusal::MalformedCertificate),
    ] {
        assert_eq!(shop.prove(&order).unwrap_err(), refusal);
    }
}

#[test]
fn cap_05_validity_includes_both_ends() {
    let shop = Workshop::new();
    let order = Workshop::order(Purpose::Sign);
    for edge in [Order { not_before: NOW, ..order.clone() }, Order { not_after: NOW, ..order }] {
        assert!(shop.prove(&edge).is_ok());
    }
}

#[test]
fn cap_05_weak_key_is_refused() {
    let shop = Workshop::new();
    let short = new_key(1024).unwrap();
    let refused = shop.prove_with(&Workshop::order(Purpose::Sign), &holder(), &short);
    assert_eq!(refused.unwrap_err(), Refusal::WeakKey);
    let e3 = openssl::rsa::Rsa::generate_with_e(2048, &openssl::bn::BigNum::from_u32(3).unwrap()).unwrap();
    let e3 = PKey::from_rsa(e3).unwrap();
    let refused = shop.prove_with(&Workshop::order(Purpose::Sign), &holder(), &e3);
    assert_eq!(refused.unwrap_err(), Refusal::WeakKey);
}

#[test]
fn cap_05_unusable_identity_is_refused() {
    let shop = Workshop::new();
    let order = Workshop::order(Purpose::Sign);
    for holder in [
        Holder { birth_date: "419700101".into(), ..holder() },
        Holder { birth_date: "31970".into(), ..holder() },
        Holder { sex: 7, ..holder() },
        Holder { name: "　".into(), ..holder() },
        Holder { address: String::new(), ..holder() },
    ] {
        assert_eq!(shop.prove_with(&order, &holder, &shop.key).unwrap_err(), Refusal::UnusableIdentity);
    }
    let partial = Holder { birth_date: "319400000".into(), ..holder() };
    let verified = shop.prove_with(&order, &partial, &shop.key).unwrap();
    assert_eq!(verified.basic_four().birth_date.complete(), None);
}

#[test]
fn cap_05_an_issuer_out_of_its_time_is_refused() {
    let mut shop = Workshop::new();
    shop.sign_ca = Authority::new(Purpose::Sign, 1, NOW - 11 * 365 * DAY).unwrap();
    assert_eq!(shop.prove(&Workshop::order(Purpose::Sign)).unwrap_err(), Refusal::IssuerUnfit);
}

#[test]
fn cap_05_revocation_lists_are_fresh_genuine_and_of_this_city() {
    let shop = Workshop::new();
    let certificate = shop.sign_ca.issue(&Workshop::order(Purpose::Sign), &holder(), &shop.key).unwrap();
    let city = holder();
    let other_city = Holder { city: "Komatsu-shi".into(), ..holder() };
    let foreign = Authority::new(Purpose::Sign, 1, NOW).unwrap();
    let judge = |lists: &[Vec<u8>]| {
        let data = RevocationData::from_der(lists).unwrap();
        shop.judge(&certificate, &shop.key, &data, NOW).map(drop).map_err(Refusal::code)
    };
    let list =
        |ca: &Authority, serials: &[u32], from, until, city| ca.revocation_list(serials, from, until, city).unwrap();
    let clean = list(&shop.sign_ca, &[], NOW - DAY, NOW + DAY, None);
    let naming = list(&shop.sign_ca, &[5, 77, 99], NOW - 3600, NOW + DAY, None);

    let verified = shop
        .judge(&certificate, &shop.key, &RevocationData::from_der(std::slice::from_ref(&clean)).unwrap(), NOW)
        .unwrap();
    let data = RevocationData::from_der(&[naming.clone(), list(&foreign, &[7], NOW - DAY, NOW + DAY, None)]).unwrap();
    let revoked = data.revoked(&shop.anchors(), b"key", NOW);
    assert_eq!(revoked.len(), 3, "a list that no root of ours signed names nobody");
    assert!(revoked.contains(&verified.keyed_serial(b"key")), "who was proofed by it is found again");

    assert_eq!(judge(&[]), Err("revocation_unknown"));
    assert_eq!(judge(std::slice::from_ref(&clean)), Ok(()));
    assert_eq!(judge(std::slice::from_ref(&naming)), Err("revoked"));
    assert_eq!(judge(&[naming, clean]), Err("revoked"), "the newest list decides");
    assert_eq!(judge(&[list(&shop.sign_ca, &[76], NOW - DAY, NOW + DAY, None)]), Ok(()));
    assert_eq!(judge(&[list(&shop.sign_ca, &[], NOW - DAY, NOW, None)]), Err("revocation_unknown"), "outdated");
    assert_eq!(judge(&[list(&shop.sign_ca, &[], NOW + 1, NOW + DAY, None)]), Err("revocation_unknown"), "of tomorrow");
    assert_eq!(judge(&[list(&foreign, &[], NOW - DAY, NOW + DAY, None)]), Err("revocation_unknown"), "forged");
    assert_eq!(judge(&[list(&shop.sign_ca, &[], NOW - DAY, NOW + DAY, Some(&city))]), Ok(()));
    assert_eq!(
        judge(&[list(&shop.sign_ca, &[77], NOW - DAY, NOW + DAY, Some(&other_city))]),
        Err("revocation_unknown"),
        "another city's list says nothing about this one"
    );
}

#[test]
fn cap_05_every_refusal_has_its_own_code() {
    let codes: std::collections::BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    let page = include_str!("../../../docs/card-errors.md");
    for code in codes {
        assert!(page.contains(&format!("`{code}`")), "docs/card-errors.md does not explain {code}");
    }
}

proptest::proptest! {
    #[test]
    fn cap_05_hostile_certificates_are_refused_without_panic(at in 0usize..1000, bit in 0u8..8, cut in 0usize..1000) {
        use std::sync::OnceLock;
        static MADE: OnceLock<(Family, SignedProof)> = OnceLock::new();
        let (family, good) = MADE.get_or_init(|| {
            let family = family();
            let proof = proof_of(&family, "hanako", &statement());
            (family, proof)
        });
        let mut flipped = good.clone();
        flipped.sign_certificate.0[at] ^= 1 << bit;
        proptest::prop_assert_ne!(code_of(family, &flipped), "verified");
        let mut short = good.clone();
        short.sign_certificate.0.truncate(cut);
        proptest::prop_assert_eq!(code_of(family, &short), "malformed_certificate");
    }
}
