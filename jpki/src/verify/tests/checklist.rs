//! The checklist, line by line: a certificate that is right in everything else fails there and only there.

use der::{Decode, Encode};
use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
};
use x509_cert::Certificate as Parsed;

use super::*;
use crate::soft::issue::{Extra, RootOrder, digest_for};

const UNKNOWN: &str = "1.2.392.200149.8.5.9.9";

fn p384() -> PKey<Private> {
    curve(Nid::SECP384R1)
}

fn curve(nid: Nid) -> PKey<Private> {
    PKey::from_ec_key(EcKey::generate(&EcGroup::from_curve_name(nid).unwrap()).unwrap()).unwrap()
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..0x80 => out.push(short as u8),
        long => out.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    out.extend_from_slice(content);
    out
}

/// The certificate with `from` replaced by `to` in what is signed, and signed once more by that authority.
fn resigned(certificate: &[u8], from: &[u8], to: &[u8], authority: &Authority) -> Vec<u8> {
    let parsed = Parsed::from_der(certificate).unwrap();
    let mut tbs = parsed.tbs_certificate().to_der().unwrap();
    let at = tbs.windows(from.len()).position(|window| window == from).unwrap();
    tbs.splice(at..at + from.len(), to.iter().copied());
    let mut signer = Signer::new(digest_for(&authority.key), &authority.key).unwrap();
    let signature = [&[0][..], &signer.sign_oneshot_to_vec(&tbs).unwrap()].concat();
    let algorithm = parsed.signature_algorithm().to_der().unwrap();
    tlv(0x30, &[tbs, algorithm, tlv(0x03, &signature)].concat())
}

/// What comes of a certificate of this workshop in these bytes.
fn code(shop: &Workshop, certificate: &[u8]) -> &'static str {
    code_at(shop, certificate, NOW)
}

fn code_at(shop: &Workshop, certificate: &[u8], at: i64) -> &'static str {
    match shop.judge(certificate, &shop.key, &RevocationData::none("test"), at) {
        Ok(_) => "verified",
        Err(refusal) => refusal.code(),
    }
}

fn right(shop: &Workshop) -> Vec<u8> {
    shop.sign_ca.issue(&Workshop::order(Purpose::Sign), &holder(), &shop.key).unwrap()
}

#[test]
fn cap_05_the_root_is_chosen_by_signature_among_three_of_one_name() {
    let shop = Workshop::new();
    let generations: Vec<Authority> = (1..4).map(|n| Authority::new(Purpose::Sign, n, NOW).unwrap()).collect();
    let roots: Vec<Vec<u8>> = generations.iter().map(|root| root.der().unwrap()).collect();
    let names: std::collections::BTreeSet<_> =
        roots.iter().map(|root| Certificate::parse(root).unwrap().subject_der()).collect();
    assert_eq!(names.len(), 1, "one name for all");
    let anchors = Anchors::test(&roots).unwrap();
    for (nth, generation) in generations.iter().enumerate() {
        let leaf = generation.issue(&Workshop::order(Purpose::Sign), &holder(), &shop.key).unwrap();
        let leaf = Certificate::parse(&leaf).unwrap();
        let found = anchors.issuer_of(&leaf, Purpose::Sign).unwrap();
        assert_eq!(found.certificate.der(), roots[nth]);
        let without = Anchors::test(&[&roots[..nth], &roots[nth + 1..]].concat()).unwrap();
        assert_eq!(
            without.issuer_of(&leaf, Purpose::Sign).err(),
            Some(Refusal::ForeignCa),
            "the others do not stand in"
        );
        assert_eq!(
            anchors.issuer_of(&leaf, Purpose::Auth).err(),
            Some(Refusal::ForeignCa),
            "each root for its purpose"
        );
    }
    // The name and key identifier of one generation, the signature of another.
    let leaf = generations[0].issue(&Workshop::order(Purpose::Sign), &holder(), &shop.key).unwrap();
    let mixed = resigned(&leaf, b"Kaga-shi", b"Kaga-shi", &generations[1]);
    let mixed = Certificate::parse(&mixed).unwrap();
    assert_eq!(anchors.issuer_of(&mixed, Purpose::Sign).err(), Some(Refusal::ForeignCa));
}

#[test]
fn cap_05_one_changed_byte_breaks_the_chain() {
    let shop = Workshop::new();
    let mut changed = right(&shop);
    let at = changed.windows(8).position(|window| window == b"Kaga-shi").unwrap();
    changed[at] = b'S';
    assert_eq!(code(&shop, &changed), "foreign_ca");
}

#[test]
fn cap_05_the_issuer_is_a_ca_that_may_sign_certificates_in_its_time() {
    let good = RootOrder::new(Purpose::Sign, 1, NOW);
    for (root, wanted) in [
        (good.clone(), "verified"),
        (RootOrder { not_before: NOW, ..good.clone() }, "verified"),
        (RootOrder { not_after: NOW, ..good.clone() }, "verified"),
        (RootOrder { not_before: NOW + 1, ..good.clone() }, "issuer_unfit"),
        (RootOrder { not_after: NOW - 1, ..good.clone() }, "issuer_unfit"),
        (RootOrder { ca: Some(false), ..good.clone() }, "issuer_unfit"),
        (RootOrder { ca: None, ..good.clone() }, "issuer_unfit"),
        (RootOrder { usage: vec![KeyUsages::CRLSign], ..good.clone() }, "issuer_unfit"),
        (RootOrder { usage: vec![], ..good }, "issuer_unfit"),
    ] {
        let mut shop = Workshop::new();
        shop.sign_ca = Authority::make(&root, new_key(2048).unwrap()).unwrap();
        assert_eq!(code(&shop, &right(&shop)), wanted, "{:?} {:?}", root.ca, root.usage);
    }
}

#[test]
fn cap_05_the_certificate_ends_at_midnight_in_japan() {
    let shop = Workshop::new();
    // 2026-04-01T14:59:59Z: the last second of the first of April in Japan.
    let end = NOW + 14 * 3600 + 59 * 60 + 59;
    let order = Order { not_after: end, ..Workshop::order(Purpose::Sign) };
    let leaf = shop.sign_ca.issue(&order, &holder(), &shop.key).unwrap();
    assert_eq!(code_at(&shop, &leaf, end), "verified");
    assert_eq!(code_at(&shop, &leaf, end + 1), "expired");
}

#[test]
fn cap_05_key_usage_must_be_there_and_once() {
    let shop = Workshop::new();
    let order = Workshop::order(Purpose::Sign);
    assert_eq!(shop.prove(&Order { usage: vec![], ..order.clone() }).unwrap_err(), Refusal::WrongKeyUsage);
    for more in [KeyUsages::KeyCertSign, KeyUsages::CRLSign] {
        let usage = [&order.usage[..], &[more]].concat();
        assert_eq!(shop.prove(&Order { usage, ..order.clone() }).unwrap_err(), Refusal::WrongKeyUsage);
    }
    // A second one that would allow everything.
    let all = Extra { id: "2.5.29.15", critical: true, value: vec![3, 2, 0, 0xFF] };
    let twice = Order { extra: vec![all], ..order };
    assert_eq!(shop.prove(&twice).unwrap_err(), Refusal::MalformedCertificate);
}

#[test]
fn cap_05_what_must_not_be_ignored_is_refused() {
    let shop = Workshop::new();
    let with = |critical| {
        let extra = vec![Extra { id: UNKNOWN, critical, value: vec![5, 0] }];
        shop.prove(&Order { extra, ..Workshop::order(Purpose::Sign) }).map(drop)
    };
    assert_eq!(with(false), Ok(()));
    assert_eq!(with(true), Err(Refusal::MalformedCertificate));
}

#[test]
fn cap_05_algorithms_are_those_we_know_and_agree() {
    let shop = Workshop::new();
    let leaf = right(&shop);
    let sha256 = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
    let sha1 = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05];
    assert_eq!(code(&shop, &resigned(&leaf, &sha256, &sha256, &shop.sign_ca)), "verified");
    assert_eq!(code(&shop, &resigned(&leaf, &sha256, &sha1, &shop.sign_ca)), "malformed_certificate", "inside only");
    let everywhere: Vec<u8> = {
        let mut bytes = leaf;
        while let Some(at) = bytes.windows(9).position(|window| window == sha256) {
            bytes[at..at + 9].copy_from_slice(&sha1);
        }
        bytes
    };
    assert_ne!(code(&shop, &everywhere), "verified");
}

#[test]
fn cap_05_the_key_of_the_next_card_is_taken_and_no_other() {
    // Only P-384 with SHA-384: leaf and issuer of both kinds, in every pairing.
    for (root, leaf) in [(true, true), (true, false), (false, true)] {
        let mut shop = Workshop::new();
        if root {
            shop.sign_ca = Authority::make(&RootOrder::new(Purpose::Sign, 1, NOW), p384()).unwrap();
        }
        if leaf {
            shop.key = p384();
        }
        assert_eq!(code(&shop, &right(&shop)), "verified", "root {root}, leaf {leaf}");
    }
    let mut shop = Workshop::new();
    for nid in [Nid::X9_62_PRIME256V1, Nid::SECP521R1, Nid::SECP256K1] {
        shop.key = curve(nid);
        assert_eq!(code(&shop, &right(&shop)), "weak_key", "{nid:?}");
    }
    shop.key = PKey::generate_ed25519().unwrap();
    // Ed25519 signs without a digest, so that the certificate alone is judged.
    let leaf = Certificate::parse(&right(&shop)).unwrap();
    assert_eq!(leaf.sound_key().err(), Some(Refusal::WeakKey));
    let anchors = shop.anchors();
    assert_eq!(trusted(&leaf, &anchors, NOW).err(), Some(Refusal::WeakKey));
    // A root that is no better than what it signs.
    shop.key = new_key(2048).unwrap();
    shop.sign_ca = Authority::make(&RootOrder::new(Purpose::Sign, 1, NOW), curve(Nid::SECP521R1)).unwrap();
    assert_eq!(code(&shop, &right(&shop)), "foreign_ca");
}

#[test]
fn cap_05_a_key_written_in_another_way_is_refused() {
    let mut shop = Workshop::new();
    let leaf = right(&shop);
    // rsaEncryption: NULL as its parameters (RFC 3279 2.3.1), e = 65537, a modulus of 2048 bits or more.
    let with_null = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];
    let mut with_text = with_null;
    with_text[9] = 0x04;
    let mut unknown = with_null;
    unknown[8] = 0x07;
    for (what, to) in [("other parameters", with_text), ("another algorithm", unknown)] {
        assert_eq!(code(&shop, &resigned(&leaf, &with_null, &to, &shop.sign_ca)), "weak_key", "{what}");
    }
    let exponent = [0x02, 0x03, 0x01, 0x00, 0x01];
    for other in [[0x02, 0x03, 0x01, 0x00, 0x03], [0x02, 0x03, 0x03, 0x00, 0x01]] {
        assert_eq!(code(&shop, &resigned(&leaf, &exponent, &other, &shop.sign_ca)), "weak_key", "{other:?}");
    }
    // RFC 5480 2.2: no hybrid form; a point that is not on the curve is none.
    shop.key = p384();
    let leaf = right(&shop);
    let point = [0x03, 0x62, 0x00, 0x04];
    assert_eq!(code(&shop, &resigned(&leaf, &point, &point, &shop.sign_ca)), "verified");
    for form in [0x00, 0x01, 0x05, 0x06, 0x07] {
        let hybrid = resigned(&leaf, &point, &[0x03, 0x62, 0x00, form], &shop.sign_ca);
        assert_eq!(code(&shop, &hybrid), "weak_key", "{form}");
    }
    let at = leaf.windows(4).position(|window| window == point).unwrap();
    let start: [u8; 8] = leaf[at..at + 8].try_into().unwrap();
    let mut beside = start;
    beside[7] ^= 1;
    assert_eq!(code(&shop, &resigned(&leaf, &start, &beside, &shop.sign_ca)), "weak_key", "beside the curve");
}

#[test]
fn cap_05_only_canonical_der_is_read() {
    let shop = Workshop::new();
    let leaf = right(&shop);
    let spoilt: [(&str, Vec<u8>); 6] = [
        ("a byte behind the end", [&leaf[..], &[0]].concat()),
        ("the last byte missing", leaf[..leaf.len() - 1].to_vec()),
        ("a length in more bytes than needed", [&[0x30, 0x83, 0], &leaf[2..]].concat()),
        ("indefinite length", [&[0x30, 0x80], &leaf[4..], &[0, 0]].concat()),
        ("a truth of 01 instead of FF", resigned(&leaf, &[1, 1, 0xFF], &[1, 1, 1], &shop.sign_ca)),
        ("nothing", Vec::new()),
    ];
    for (what, bytes) in spoilt {
        assert_eq!(code(&shop, &bytes), "malformed_certificate", "{what}");
    }
    let number = [0xA0, 3, 2, 1, 2, 2, 1, 77];
    for (what, other) in [
        ("version 2 with extensions", [0xA0, 3, 2, 1, 1, 2, 1, 77]),
        ("a negative serial", [0xA0, 3, 2, 1, 2, 2, 1, 0xCD]),
        ("serial 0", [0xA0, 3, 2, 1, 2, 2, 1, 0]),
    ] {
        assert_eq!(code(&shop, &resigned(&leaf, &number, &other, &shop.sign_ca)), "malformed_certificate", "{what}");
    }
}

#[test]
fn cap_05_a_test_root_cannot_be_installed() {
    let dir = tempfile::tempdir().unwrap();
    let shop = Workshop::new();
    std::fs::write(dir.path().join("root.cer"), shop.sign_ca.der().unwrap()).unwrap();
    let refused = Anchors::production().load_dir(dir.path()).unwrap_err();
    assert!(matches!(refused, crate::anchors::AnchorError::NotPinned(_)), "{refused}");
    // Nor does the policy of production help a card whose root is not there.
    let order = Order { policy: "1.2.392.200149.8.5.1.1.20", ..Workshop::order(Purpose::Sign) };
    let leaf = shop.sign_ca.issue(&order, &holder(), &shop.key).unwrap();
    let leaf = Certificate::parse(&leaf).unwrap();
    assert_eq!(trusted(&leaf, &Anchors::production(), NOW).err(), Some(Refusal::ForeignCa));
}
