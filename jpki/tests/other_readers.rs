//! Somebody else's reader (`myna-card`) over our soft card, and somebody else's published files through our code.

#![cfg(all(feature = "soft-card", feature = "photo"))]
#![expect(clippy::unwrap_used)]

use std::{collections::BTreeMap, path::PathBuf};

use jpki::{
    Anchors, Enrolment, EnrolmentFields, KeyId, Refusal, RevocationData, Sex, SignedProof, TextAnchors,
    anchors::AnchorError,
    card::{CardError, LastTry, NotRead},
    certificate::{Certificate, Purpose},
    proof::Encoded,
    soft::{Family, Scripted, SoftCard},
    statement::Statement,
    transport::TransportError,
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
fn cap_07_another_reader_proves_the_surface_of_the_soft_card() {
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

/// A card of files: it believes every secret, and signs with zeros.
struct Files(BTreeMap<u8, Vec<u8>>, Option<u8>);

impl Files {
    /// Into a reader.
    fn insert(mut self) -> Scripted<impl FnMut(&[u8]) -> Result<Vec<u8>, TransportError>> {
        Scripted::new(move |command| Ok(self.answer(command)))
    }

    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let status = |data: &[u8], status: u16| [data, &status.to_be_bytes()[..]].concat();
        match *command {
            [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, id] => {
                self.1 = Some(id);
                status(&[], 0x9000)
            }
            [0x00, 0xB0, high, low, le] => {
                let file = self.1.and_then(|id| self.0.get(&id)).unwrap();
                let rest = &file[usize::from(u16::from_be_bytes([high, low]))..];
                let wanted = if le == 0 { 256 } else { usize::from(le) };
                status(&rest[..wanted.min(rest.len())], 0x9000)
            }
            [0x00, 0x20, 0x00, 0x80] => status(&[], 0x63C3),
            [0x80, 0x2A, ..] => status(&[0; 256], 0x9000),
            _ => status(&[], 0x9000),
        }
    }
}

/// The keys that `myna-card` carries for test cards, without a word on where they are from: good enough to read its own
/// published files.
fn their_test_roots() -> TextAnchors {
    let roots: Vec<_> = myna_card::ca::KNOWN
        .iter()
        .filter(|root| root.key_id.starts_with(b"6"))
        .map(|root| {
            let key = [&[0x90, 3][..], root.exponent, &[0x91, 0x82, 1, 0], root.modulus].concat();
            (KeyId::new(*root.key_id), key)
        })
        .collect();
    TextAnchors::test(&roots).unwrap()
}

/// The text of a test card passes up to the chip's signature, which a copy of its files cannot make.
#[test]
fn cap_06_the_published_text_of_a_test_card_is_read_and_is_a_copy() {
    let read = |spoil: Option<(u8, usize)>| {
        let mut files: BTreeMap<u8, Vec<u8>> =
            [(2, "text-0002.bin"), (3, "text-0003.bin"), (4, "text-0004.bin"), (7, "text-0007.bin")]
                .map(|(id, name)| (id, fixture(name)))
                .into();
        if let Some((id, at)) = spoil {
            let file = files.get_mut(&id).unwrap();
            let at = file.len() - at;
            file[at] ^= 1;
        }
        let mut text = jpki::card::Text::open(Files(files, None).insert()).unwrap();
        text.verify(&jpki::Pin::text("1234").unwrap(), LastTry::Keep).unwrap();
        text.read_basic_four(&their_test_roots(), &[1; 32]).err().unwrap()
    };
    assert_eq!(read(None), NotRead::Refused(Refusal::BadSignature));
    for spoil in [(2, 1), (2, 30), (3, 1), (3, 300), (7, 1), (7, 300)] {
        let refused = read(Some(spoil));
        assert!(matches!(refused, NotRead::Card(CardError::Unproven | CardError::Malformed)), "{spoil:?}: {refused:?}");
    }
    assert_eq!(read(Some((4, 1))), NotRead::Refused(Refusal::ForeignCa));
}

#[test]
fn cap_07_the_published_surface_of_a_test_card_is_read_and_is_a_copy() {
    let files = || -> BTreeMap<u8, Vec<u8>> {
        [(1, "surface-0001.bin"), (2, "surface-0002.bin"), (4, "surface-0004.bin")]
            .map(|(id, name)| (id, fixture(name)))
            .into()
    };
    let copy = NotRead::Refused(Refusal::BadSignature);
    let open = |files| jpki::card::Surface::open(Files(files, None).insert()).unwrap();
    assert_eq!(open(files()).read_age(&their_test_roots(), &[1; 32]).err(), Some(copy.clone()));
    assert_eq!(open(files()).read_face(&their_test_roots(), &[1; 32]).err(), Some(copy));
    // Birth date; photo. What is behind the signature (end of the card, security code) is not signed.
    for (id, at) in [(1, 12), (2, 0x23), (2, 0x400)] {
        let mut spoilt = files();
        spoilt.get_mut(&id).unwrap()[at] ^= 1;
        let mut surface = open(spoilt);
        let refused = if id == 1 {
            surface.read_age(&their_test_roots(), &[1; 32]).err()
        } else {
            surface.read_face(&their_test_roots(), &[1; 32]).err()
        };
        assert!(matches!(refused, Some(NotRead::Card(CardError::Unproven))), "{id} {at}: {refused:?}");
    }
    let face = myna_card::ap::surface::CardFace::parse(&fixture("surface-0002.bin")).unwrap();
    let photo = jpki::photo::decode(&face.photo.data).unwrap();
    assert_eq!((photo.width, photo.height), (378, 472));
}
