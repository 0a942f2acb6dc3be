//! Readings of soft cards, right and wrong.

use super::*;
use crate::{
    EnrolmentFields, Pin, Sex,
    agent::read_text,
    card::{CardError, LastTry, NotRead, Text, Verification},
    pin::Secret,
    soft::{
        Family, SoftCard,
        kit::{self, NOW},
    },
    transport::{Exchange, Seal, Traced, Transport, TransportError},
};

fn reading() -> TextReading {
    TextReading::new(EnrolmentFields {
        issuer: "http://localhost:7000".into(),
        account: "h***@mail.example".into(),
        purpose: "読み取ります。".into(),
        nonce: [7; 32],
        ticket: "t".into(),
        issued_at: NOW,
    })
    .unwrap()
}

fn read(family: &Family, name: &str) -> TextProof {
    let card = family.card(name).unwrap();
    read_text(&mut card.insert(), &reading(), &Pin::text(&card.text_pin).unwrap()).unwrap()
}

fn code_of(family: &Family, proof: &TextProof) -> &'static str {
    verify_text(proof, &reading(), &family.text_anchors(), NOW).map_or_else(Refusal::code, |_| "verified")
}

#[test]
fn cap_06_the_text_of_a_card_proves_who_is_on_it() {
    let family = kit::family();
    let verified = verify_text(&read(&family, "hanako"), &reading(), &family.text_anchors(), NOW).unwrap();
    let four = verified.basic_four();
    assert_eq!((four.name.as_str(), four.address.as_str()), ("山田　花子", "石川県加賀市大聖寺南町ニ４１番地"));
    assert_eq!((four.birth_date.to_iso().as_deref(), four.sex), (Some("1988-02-29"), Sex::Female));
    let outcome = |kind| &verified.checks().iter().find(|check| check.what == kind).unwrap().outcome;
    assert_eq!(outcome(CheckKind::Chain), &Outcome::Passed { at: NOW });
    assert_eq!(outcome(CheckKind::Statement), &Outcome::Passed { at: NOW });
    for (kind, why) in [
        (CheckKind::Integrity, "checked at the agent"),
        (CheckKind::Revocation, "the text application has none"),
        (CheckKind::ProductionRoot, "test root"),
    ] {
        assert_eq!(outcome(kind), &Outcome::NotChecked { why: why.into() });
    }
}

#[test]
fn cap_06_child_and_moved_cards_say_what_their_certificates_do_not() {
    let family = kit::family();
    let address_of = |name: &str| {
        let verified = verify_text(&read(&family, name), &reading(), &family.text_anchors(), NOW).unwrap();
        verified.basic_four().address.clone()
    };
    assert_eq!(address_of("child"), "石川県加賀市大聖寺南町ニ４１番地");
    assert_eq!(address_of("moved"), "石川県小松市丸の内公園町１９番地");
    let partial = verify_text(&read(&family, "partial"), &reading(), &family.text_anchors(), NOW).unwrap();
    assert_eq!(partial.basic_four().birth_date.to_iso(), None);
}

#[test]
fn cap_06_the_keyed_chip_tells_cards_and_keys_apart() {
    let family = kit::family();
    let verified = |name: &str| verify_text(&read(&family, name), &reading(), &family.text_anchors(), NOW).unwrap();
    let (hanako, renewed) = (verified("hanako"), verified("renewed"));
    assert_eq!(hanako.keyed_chip(b"k"), verified("hanako").keyed_chip(b"k"));
    assert_ne!(hanako.keyed_chip(b"k"), renewed.keyed_chip(b"k"), "the same person, another card");
    assert_ne!(hanako.keyed_chip(b"k"), hanako.keyed_chip(b"l"));
}

#[test]
fn cap_06_without_a_root_a_reading_proves_nothing_and_says_so() {
    let family = kit::family();
    let proof = read(&family, "hanako");
    let refused = verify_text(&proof, &reading(), &TextAnchors::production(), NOW).err();
    assert_eq!(refused, Some(Refusal::AnchorUnverified));
    assert!(TextAnchors::production().is_empty() && !family.text_anchors().is_empty());
    assert_eq!(code_of(&family, &read(&family, "foreign-ca")), "foreign_ca");
}

#[test]
fn cap_06_another_reading_is_refused() {
    let family = kit::family();
    let proof = read(&family, "hanako");
    let with = |change: fn(&mut EnrolmentFields)| {
        let mut fields = reading().fields().clone();
        change(&mut fields);
        verify_text(&proof, &TextReading::new(fields).unwrap(), &family.text_anchors(), NOW).err()
    };
    assert_eq!(with(|fields| fields.nonce = [8; 32]), Some(Refusal::ReplayedNonce));
    assert_eq!(with(|fields| fields.account = "k***@mail.example".into()), Some(Refusal::AlteredStatement));
    assert_eq!(with(|fields| fields.ticket = "u".into()), Some(Refusal::AlteredStatement));
    assert_eq!(with(|_| ()), None);
}

#[test]
fn cap_06_what_two_cards_say_is_not_mixed() {
    let family = kit::family();
    let (hanako, ken) = (read(&family, "hanako"), read(&family, "ken"));
    let mixed = |change: fn(&mut TextProof, &TextProof)| {
        let mut proof = hanako.clone();
        change(&mut proof, &ken);
        code_of(&family, &proof)
    };
    assert_eq!(mixed(|proof, ken| proof.basic_four = ken.basic_four.clone()), "altered_statement");
    assert_eq!(mixed(|proof, ken| proof.chip_key = ken.chip_key.clone()), "bad_signature");
    assert_eq!(mixed(|proof, ken| proof.signature = ken.signature.clone()), "bad_signature");
    assert_eq!(mixed(|proof, ken| proof.statement = ken.statement.clone()), "altered_statement");
    assert_eq!(mixed(|proof, _| proof.statement = Encoded(b"PASS-JPKI-LOGIN-v1\n".to_vec())), "foreign_statement");
    assert_eq!(mixed(|proof, _| proof.basic_four = Encoded(Vec::new())), "malformed_certificate");
}

#[test]
fn cap_09_the_integrity_record_never_leaves_the_agent() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let mut soft = card.insert();
    let record = raw(&mut soft, 0x03);
    let digest = record.windows(3).position(|at| at == [0xDF, 0x31, 0x20]).unwrap() + 3;
    let json = serde_json::to_value(read(&family, "hanako")).unwrap();
    for (name, field) in json.as_object().unwrap() {
        let bytes = serde_json::from_value::<Encoded>(field.clone()).unwrap().0;
        for secret in [&record[digest..digest + 32], &record[digest + 35..digest + 67]] {
            let in_hex = secret.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let shown = bytes.windows(32).any(|at| at == secret);
            // DF32 is the digest of what is sent, and the statement names it; DF31 is nowhere.
            let stated = name == "statement" && String::from_utf8_lossy(&bytes).contains(&in_hex);
            assert!(!shown && (!stated || secret == &record[digest + 35..digest + 67]), "{name}");
        }
    }
    assert_eq!(format!("{:?}", read(&family, "hanako")), "TextProof(redacted)");
}

/// A file of the text application as it lies on the card, by short identifier and without any firewall.
fn raw(card: &mut SoftCard, short: u8) -> Vec<u8> {
    card.answer(b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08");
    card.answer(b"\x00\xA4\x02\x0C\x02\x00\x11");
    assert_eq!(card.answer(b"\x00\x20\x00\x80\x041234"), [0x90, 0x00]);
    card.answer(&[0x00, 0xB0, 0x80 | short, 0x00, 0x00])
}

/// A card whose files are changed on the way: each answer that begins like `from` is given to `change`.
struct Changing<F>(SoftCard, &'static [u8], F);

impl<F: FnMut(&mut Vec<u8>)> Transport for Changing<F> {
    fn carry(&mut self, command: &[u8], _: Seal) -> Result<Vec<u8>, TransportError> {
        let mut answer = self.0.transmit(command)?;
        if answer.starts_with(self.1) {
            (self.2)(&mut answer);
        }
        Ok(answer)
    }
}

#[test]
fn cap_06_a_changed_card_is_found_out_at_the_agent() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let pin = Pin::text(&card.text_pin).unwrap();
    for begins in [&b"\xFF\x20"[..], b"\xFF\x30", b"\xFF\x50"] {
        let mut nth = 0;
        // Heads are read first, in five bytes; only the rest is changed.
        let mut changing = Changing(card.insert(), b"", |answer: &mut Vec<u8>| {
            if answer.len() > 7 && nth > 0 {
                let at = answer.len() - 3;
                answer[at] ^= 1;
            }
            nth = usize::from(answer.starts_with(begins));
        });
        let refused = read_text(&mut changing, &reading(), &pin).err();
        assert!(matches!(refused, Some(CardError::Unproven | CardError::Malformed)), "{begins:02X?}: {refused:?}");
    }
}

#[test]
fn cap_06_a_reading_selects_only_what_it_needs_and_touches_no_number() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let mut log = Vec::new();
    let mut watched = Traced::new(card.insert(), |line: &str| log.push(line.to_owned()));
    read_text(&mut watched, &reading(), &Pin::text("1234").unwrap()).unwrap();
    let selected: Vec<_> =
        log.iter().filter(|line| line.starts_with("00A4")).map(|line| line.split(' ').next().unwrap()).collect();
    let wanted = [
        "00A4040C0AD3921000310001010408", // text application
        "00A4020C020011",                 // its PIN
        "00A4020C020004",                 // issuer's certificate
        "00A4020C020002",                 // basic four
        "00A4020C020007",                 // the chip's key
        "00A4020C020003",                 // integrity record
        "00A4040C07A0000001510000",       // power-on state
    ];
    assert_eq!(selected, wanted);
    assert!(card.insert().trips().is_empty());
}

#[test]
fn cap_06_a_wrong_pin_costs_one_try_and_the_last_is_kept() {
    let family = kit::family();
    let card = family.card("ken").unwrap();
    let attempt = |text: &str| read_text(&mut card.insert(), &reading(), &Pin::text(text).unwrap());
    // The PIN of the certificate for login is another one on this card.
    assert_eq!(attempt(&card.pin).err(), Some(CardError::WrongPassword { left: 2 }));
    assert_eq!(attempt("0000").err(), Some(CardError::WrongPassword { left: 1 }));
    assert_eq!(attempt(&card.text_pin).err(), Some(CardError::LastTry));
    let mut text = Text::open(card.insert()).unwrap();
    assert_eq!(text.tries_left(Secret::Text), Ok(1));
    let right = Pin::text(&card.text_pin).unwrap();
    assert_eq!(text.verify(&right, LastTry::Spend), Ok(Verification::Verified));
    assert_eq!(text.tries_left(Secret::Text), Ok(3));
    assert_eq!(
        read_text(&mut card.insert(), &reading(), &Pin::auth("2345").unwrap()).err(),
        Some(CardError::OtherApplication)
    );
}

#[test]
fn cap_06_number_b_reads_the_text_without_any_pin() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let number = Pin::number_b(&card.number_b).unwrap();
    let proof = read_text(&mut card.insert(), &reading(), &number).unwrap();
    assert_eq!(code_of(&family, &proof), "verified");
    let phone = family.card("phone").unwrap();
    assert_eq!(read_text(&mut phone.insert(), &reading(), &number).err(), Some(CardError::NoApplication));
}

#[test]
fn cap_06_the_text_is_proven_on_the_spot_without_a_network() {
    let family = kit::family();
    let read = |name: &str, anchors: &TextAnchors| {
        let card = family.card(name).unwrap();
        let mut text = Text::open(card.insert()).unwrap();
        text.verify(&Pin::text(&card.text_pin).unwrap(), LastTry::Keep).unwrap();
        text.read_basic_four(anchors, &[5; 32]).map(|four| four.name)
    };
    assert_eq!(read("ivs", &family.text_anchors()).as_deref(), Ok("葛\u{E0100}城　めぐみ"));
    assert_eq!(read("foreign-ca", &family.text_anchors()), Err(NotRead::Refused(Refusal::ForeignCa)));
    assert_eq!(read("ivs", &TextAnchors::production()), Err(NotRead::Refused(Refusal::AnchorUnverified)));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn cap_06_a_flipped_bit_is_refused_without_panic(field in 0usize..5, at in 0usize..4096, bit in 0u8..8) {
        use std::sync::OnceLock;
        static MADE: OnceLock<(Family, TextProof)> = OnceLock::new();
        let (family, good) = MADE.get_or_init(|| {
            let family = kit::family();
            let proof = read(&family, "hanako");
            (family, proof)
        });
        let mut spoilt = good.clone();
        let fields = [
            &mut spoilt.statement, &mut spoilt.signature, &mut spoilt.basic_four, &mut spoilt.certificate, &mut spoilt.chip_key,
        ];
        let bytes = &mut fields.into_iter().nth(field).unwrap().0;
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        proptest::prop_assert_ne!(code_of(family, &spoilt), "verified");
    }
}
