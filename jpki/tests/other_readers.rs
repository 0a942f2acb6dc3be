//! Somebody else's reader (`myna-card`) over our soft card, and somebody else's published files through our code.

#![cfg(feature = "soft-card")]
#![expect(clippy::unwrap_used)]

use std::path::PathBuf;

use jpki::{
    Anchors, Enrolment, EnrolmentFields, Refusal, RevocationData, Sex, SignedProof,
    anchors::AnchorError,
    certificate::{Certificate, Purpose},
    proof::Encoded,
    soft::{Family, SoftCard},
    statement::Statement,
    verify,
};
use myna_card::{
    Card, Pin, Retries, Transmit,
    ap::{
        common::CommonAp,
        jpki::{JpkiAp, SignatureScheme},
        surface::SurfaceAp,
        text::{self, TextAp},
    },
    data::{Date, ImageFormat, verification_code_b},
    mf::MasterFile,
};

/// 2026-04-01T00:00:00Z, inside the validity of the published test certificates.
const NOW: i64 = 1_775_001_600;

struct Theirs(SoftCard);

impl Transmit for Theirs {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        Ok(self.0.answer(command))
    }
}

fn hanako(dir: &tempfile::TempDir) -> Card<Theirs> {
    let family = Family::open_or_create(dir.path(), NOW).unwrap();
    Card::new(Theirs(family.card("hanako").unwrap().insert()))
}

#[test]
fn cap_05_another_reader_accepts_the_soft_card() {
    let dir = tempfile::tempdir().unwrap();
    let mut card = hanako(&dir);
    {
        let mut jpki = JpkiAp::select(&mut card).unwrap();
        assert!(jpki.read_token_type().unwrap().is_physical_card());
        let available = jpki.read_certificate_availability().unwrap();
        assert!(available.has_sign_certificate() && available.has_auth_certificate());
        assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Remaining(3));
        assert_eq!(jpki.sign_pin_retries().unwrap(), Retries::Remaining(5));

        jpki.verify_auth_pin(&Pin::numeric("1234").unwrap()).unwrap();
        let key = jpki.read_auth_certificate().unwrap().public_key().unwrap();
        for (scheme, data) in [
            (SignatureScheme::Verbatim, &[1u8; 51][..]),
            (SignatureScheme::Sha256Bare, b"statement"),
            (SignatureScheme::PreHashedDigestInfo, &[2; 32]),
            (SignatureScheme::Sha256DigestInfo, b"statement"),
            (SignatureScheme::PreHashedPss, &[3; 32]),
            (SignatureScheme::Sha256Pss, b"statement"),
        ] {
            let signature = jpki.sign_with_auth_key(scheme, data).unwrap();
            scheme.verify(&key, data, &signature).unwrap();
        }

        assert!(jpki.read_sign_certificate_der().is_err(), "guarded");
        jpki.verify_sign_pin(&Pin::new("ABC123").unwrap()).unwrap();
        let leaf = jpki.read_sign_certificate().unwrap();
        leaf.verify_signature(&jpki.read_sign_ca_certificate().unwrap()).unwrap();
    }
    let mut text = TextAp::select(&mut card).unwrap();
    text.verify_pin(&Pin::numeric("1234").unwrap()).unwrap();
    let four = text.read_attributes().unwrap();
    assert_eq!((four.name.as_str(), four.address.as_str()), ("山田　花子", "石川県加賀市大聖寺南町ニ４１番地"));
    assert_eq!(CommonAp::select(&mut card).unwrap().read_card_info().unwrap().municipality_code, "17206");
    assert!(card.transport().0.trips().is_empty());
}

#[test]
fn cap_06_another_reader_proves_the_text_of_the_soft_card() {
    let dir = tempfile::tempdir().unwrap();
    let mut card = hanako(&dir);
    let mut text = TextAp::select(&mut card).unwrap();
    for (key, left) in [(text::ef::PIN, 3), (text::ef::CODE_B, 10)] {
        assert_eq!(text.retries(key).unwrap(), Retries::Remaining(left));
    }
    assert_eq!(text.retries(text::ef::BLOCKED_0012).unwrap(), Retries::Blocked);
    assert!(text.read_attributes().is_err(), "guarded");
    text.verify_code_b(&Pin::numeric("63022920354821").unwrap()).unwrap();
    let attributes = text.read_ef(text::ef::ATTRIBUTES).unwrap();
    // Its roots are not theirs, so the key of the certificate is taken as it is.
    let issuer = text.read_certificate().unwrap().public_key;
    let record = text.read_integrity_record().unwrap();
    record.verify(&issuer).unwrap();
    assert!(record.matches_attributes_file(&attributes).unwrap());
    let own = text.read_signed_public_key().unwrap();
    own.verify(&issuer).unwrap();
    let signature = text.sign(b"a challenge").unwrap();
    own.public_key.verify_pkcs1_sha256(b"a challenge", &signature).unwrap();
    assert_eq!(text.read_ap_basic_data().unwrap().identification.vendor_id, 0x0E);
    text.change_pin(&Pin::numeric("1234").unwrap(), &Pin::numeric("9753").unwrap()).unwrap();
    assert!(text.verify_pin(&Pin::numeric("1234").unwrap()).is_err());
    text.verify_pin(&Pin::numeric("9753").unwrap()).unwrap();
    assert!(card.transport().0.trips().is_empty());
}

#[test]
fn cap_06_another_reader_proves_the_surface_of_the_soft_card() {
    let dir = tempfile::tempdir().unwrap();
    let mut card = hanako(&dir);
    let mut surface = SurfaceAp::select(&mut card).unwrap();
    let issuer = surface.read_certificate().unwrap().public_key;
    assert_eq!(surface.read_ap_basic_data().unwrap().municipality_code, "17206");
    assert!(surface.read_age_record().is_err(), "guarded");
    surface.verify_birth_date(&Pin::numeric("630229").unwrap()).unwrap();
    let age = surface.read_age_record().unwrap();
    age.verify(&issuer).unwrap();
    assert!(surface.read_card_face().is_err(), "the birth date opens the age alone");
    let birth = Date { year: 1988, month: 2, day: 29 };
    surface.verify_code_b(&verification_code_b(birth, 2035, b"4821").unwrap()).unwrap();
    let face = surface.read_card_face().unwrap();
    face.verify(&issuer).unwrap();
    assert_eq!((age.birth_date, face.birth_date, face.expiry.year), (birth, birth, 2035));
    let formats = [&face.photo, &face.name_image, &face.address_image, &face.security_code_image].map(|i| i.format);
    assert_eq!(formats, [ImageFormat::Jpeg2000, ImageFormat::Png, ImageFormat::Png, ImageFormat::Png]);
    assert_eq!(age.public_key, face.public_key);
    let signature = surface.sign(b"a challenge").unwrap();
    face.public_key.verify_pkcs1_sha256(b"a challenge", &signature).unwrap();
    let mut level = MasterFile::select(&mut card).unwrap();
    let chain = level.certificate_chain().unwrap();
    chain[1].verify_with(&chain[0].public_key).unwrap();
    assert_eq!(level.data_object(0x00F0).unwrap(), b"17206");
    assert_eq!(card.contact_atr().unwrap(), card.transport().0.atr());
    assert!(card.transport().0.trips().is_empty());
}

fn package() -> PathBuf {
    // Only what this machine builds is on its disk.
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let options = vec!["--offline".into(), "--filter-platform".into(), host];
    let metadata = cargo_metadata::MetadataCommand::new().other_options(options).exec().unwrap();
    let package = metadata.packages.iter().find(|p| p.name.as_str() == "myna-card").unwrap();
    package.manifest_path.parent().unwrap().into()
}

/// The published certificates of a test card. The files that hold its number are never opened.
fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(package().join("tests/fixtures").join(name)).unwrap()
}

#[test]
fn cap_05_the_certificate_of_a_test_card_is_read() {
    let sign = Certificate::parse(&fixture("jpki-sign-cert.der")).unwrap();
    assert_eq!(sign.purpose(), Ok(Some(Purpose::Sign)));
    let four = sign.basic_four().unwrap();
    assert_eq!(four.name, "黒桐　幹也");
    assert_eq!(four.birth_date.to_iso().as_deref(), Some("1980-02-17"));
    assert_eq!(four.sex.code(), Sex::Male.code());
    assert!(!four.name_has_substitutes && !four.address_has_substitutes);
    let auth = Certificate::parse(&fixture("jpki-auth-cert.der")).unwrap();
    assert_eq!(auth.purpose(), Ok(Some(Purpose::Auth)));
}

fn judged(certificate: &str, roots: &[&str]) -> Refusal {
    let statement = Enrolment::new(EnrolmentFields {
        issuer: "http://localhost".into(),
        account: "a".into(),
        purpose: "p".into(),
        nonce: [0; 32],
        ticket: "t".into(),
        issued_at: NOW,
    })
    .unwrap();
    let proof = SignedProof {
        statement: Encoded(statement.to_bytes()),
        signature: Encoded(vec![0; 256]),
        sign_certificate: Encoded(fixture(certificate)),
    };
    let roots: Vec<_> = roots.iter().map(|root| fixture(root)).collect();
    let anchors = Anchors::test(&roots).unwrap();
    verify(&proof, &anchors, &RevocationData::none("test"), &statement, NOW).unwrap_err()
}

#[test]
fn cap_05_a_test_card_passes_up_to_the_signature_we_cannot_make() {
    let both = ["jpki-sign-ca-cert-2019.der", "jpki-sign-ca-cert.der"];
    // Two generations share one name: key identifier and signature choose.
    assert_eq!(judged("jpki-sign-cert.der", &both), Refusal::BadSignature);
    let older_alone = judged("jpki-sign-cert.der", &both[..1]);
    let newer_alone = judged("jpki-sign-cert.der", &both[1..]);
    assert!([older_alone, newer_alone].contains(&Refusal::ForeignCa));
    assert!([older_alone, newer_alone].contains(&Refusal::BadSignature));
    assert_eq!(judged("jpki-auth-cert.der", &["jpki-auth-ca-cert.der"]), Refusal::WrongPurpose);
}

#[test]
fn cap_05_only_published_roots_are_taken() {
    let anchors = Anchors::production().load_dir(&package().join("certs")).unwrap();
    let labels: Vec<_> = anchors.roots().map(|root| (root.label, root.purpose)).collect();
    assert_eq!(labels.len(), 6);
    for root in [("sign-1", Purpose::Sign), ("sign-3", Purpose::Sign), ("auth-2", Purpose::Auth)] {
        assert!(labels.contains(&root), "{root:?}");
    }
    let test = Anchors::production().load_dir(&package().join("certs/test"));
    assert!(matches!(test, Err(AnchorError::NotPinned(_))));
}
