//! Answers of a responder, right in everything but one thing each.

use openssl::pkey::{PKey, Private};
use x509_cert::ext::pkix::KeyUsages;

use super::*;
use crate::{
    RevocationData,
    soft::{
        issue::{Authority, Extra, Holder, Order, new_key},
        kit::NOW,
        ocsp::{self, AnswerOrder, Responder, Said},
    },
};

struct Room {
    ca: Authority,
    leaf: Vec<u8>,
    key: PKey<Private>,
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

fn order(serial: u32) -> Order {
    Order::new(Purpose::Sign, serial, NOW - 86400, NOW + 86400)
}

impl Room {
    fn new() -> Self {
        let ca = Authority::new(Purpose::Sign, 1, NOW).unwrap();
        let key = new_key(2048).unwrap();
        let leaf = ca.issue(&order(77), &holder(), &key).unwrap();
        Self { ca, leaf, key }
    }

    fn question(&self, nonce: Option<[u8; 32]>) -> OcspQuestion {
        OcspQuestion::new(&self.leaf, Purpose::Sign, &self.anchors(), nonce).unwrap()
    }

    fn anchors(&self) -> Anchors {
        Anchors::test(&[self.ca.der().unwrap()]).unwrap()
    }

    fn judge(&self, question: &OcspQuestion, answer: Vec<u8>, rules: OcspRules) -> Revocation {
        let anchors = self.anchors();
        let leaf = Certificate::parse(&self.leaf).unwrap();
        let issuer = anchors.issuer_of(&leaf, Purpose::Sign).unwrap();
        RevocationData::ocsp(question.clone(), answer, rules).status(&leaf, issuer, NOW)
    }

    fn ordered(&self, order: &AnswerOrder, nonce: Option<[u8; 32]>, rules: OcspRules) -> Revocation {
        let question = self.question(nonce);
        let answer = self.ca.answer(question.to_der(), order).unwrap();
        self.judge(&question, answer, rules)
    }
}

const NONCE_OF_OURS: Option<[u8; 32]> = Some([5; 32]);

fn good() -> Revocation {
    Revocation::Good { at: NOW, by: Method::Ocsp }
}

#[test]
fn cap_05_the_responder_says_good_revoked_or_nothing() {
    let room = Room::new();
    let rules = OcspRules { require_nonce: true, max_age: Some(600) };
    let right = AnswerOrder::new(Said::Good, NOW);
    assert_eq!(room.ordered(&right, NONCE_OF_OURS, rules), good());
    assert_eq!(room.ordered(&AnswerOrder { by_key: false, ..right }, NONCE_OF_OURS, rules), good());
    assert_eq!(room.ordered(&AnswerOrder::new(Said::Revoked, NOW), NONCE_OF_OURS, rules), Revocation::Revoked);
    assert_eq!(room.ordered(&AnswerOrder::new(Said::Unknown, NOW), NONCE_OF_OURS, rules), Revocation::Stale);
    let question = room.question(NONCE_OF_OURS);
    for broken in [&b""[..], b"\x30\x03\x0a\x01\x03", b"<html>"] {
        assert_eq!(room.judge(&question, broken.to_vec(), rules), Revocation::Stale, "try later, or no answer");
    }
}

#[test]
fn cap_05_an_answer_is_fresh_or_none() {
    let room = Room::new();
    let right = AnswerOrder::new(Said::Good, NOW);
    let any = OcspRules::default();
    let judge = |order: AnswerOrder, nonce, rules| room.ordered(&order, nonce, rules);
    assert_eq!(judge(AnswerOrder { next_update: Some(NOW + 1), ..right.clone() }, NONCE_OF_OURS, any), good());
    let ended = AnswerOrder { next_update: Some(NOW), ..right.clone() };
    assert_eq!(judge(ended, NONCE_OF_OURS, any), Revocation::Stale);
    let ahead = |by| AnswerOrder { this_update: NOW + by, ..right.clone() };
    assert_ne!(judge(ahead(60), NONCE_OF_OURS, any), Revocation::Stale);
    assert_eq!(judge(ahead(61), NONCE_OF_OURS, any), Revocation::Stale, "of tomorrow");
    let old = AnswerOrder { this_update: NOW - 601, ..right.clone() };
    let young = OcspRules { max_age: Some(600), ..any };
    assert_ne!(judge(old.clone(), NONCE_OF_OURS, any), Revocation::Stale);
    assert_eq!(judge(old, NONCE_OF_OURS, young), Revocation::Stale);
    // Without an end only an answer to this question is from now.
    let endless = AnswerOrder { next_update: None, ..right };
    assert_eq!(judge(endless.clone(), NONCE_OF_OURS, any), good());
    assert_eq!(judge(AnswerOrder { repeat_nonce: false, ..endless }, NONCE_OF_OURS, any), Revocation::Stale);
}

#[test]
fn cap_05_a_replayed_answer_counts_only_where_the_responder_answers_from_a_store() {
    let room = Room::new();
    let question = room.question(NONCE_OF_OURS);
    let right = AnswerOrder::new(Said::Good, NOW);
    let strict = OcspRules { require_nonce: true, max_age: None };
    let stored = room.ca.answer(question.to_der(), &AnswerOrder { repeat_nonce: false, ..right.clone() }).unwrap();
    assert_eq!(room.judge(&question, stored.clone(), OcspRules::default()), good());
    assert_eq!(room.judge(&question, stored, strict), Revocation::Stale);
    let other = room.ca.answer(&ocsp::other_nonce(question.to_der()).unwrap(), &right).unwrap();
    assert_eq!(room.judge(&question, other.clone(), OcspRules::default()), Revocation::Stale, "somebody else's answer");
    assert_eq!(room.judge(&room.question(None), other, OcspRules::default()), Revocation::Stale);
}

#[test]
fn cap_05_an_answer_about_another_certificate_is_none() {
    let room = Room::new();
    let right = AnswerOrder::new(Said::Good, NOW);
    let any = OcspRules::default();
    let other = room.ca.issue(&order(78), &holder(), &room.key).unwrap();
    let about_other = OcspQuestion::new(&other, Purpose::Sign, &room.anchors(), NONCE_OF_OURS).unwrap();
    let answer = room.ca.answer(about_other.to_der(), &right).unwrap();
    assert_eq!(room.judge(&room.question(NONCE_OF_OURS), answer, any), Revocation::Stale);
    for times in [0, 2] {
        assert_eq!(room.ordered(&AnswerOrder { times, ..right.clone() }, NONCE_OF_OURS, any), Revocation::Stale);
    }
    // The same serial number of another authority of the same name.
    let namesake = Authority::new(Purpose::Sign, 1, NOW).unwrap();
    let leaf = namesake.issue(&order(77), &holder(), &room.key).unwrap();
    let anchors = Anchors::test(&[namesake.der().unwrap()]).unwrap();
    let question = OcspQuestion::new(&leaf, Purpose::Sign, &anchors, NONCE_OF_OURS).unwrap();
    let answer = namesake.answer(question.to_der(), &right).unwrap();
    assert_eq!(room.judge(&room.question(NONCE_OF_OURS), answer, any), Revocation::Stale);
    // And nobody is asked about a certificate that none of our roots made.
    let foreign = OcspQuestion::new(&leaf, Purpose::Sign, &room.anchors(), None);
    assert_eq!(foreign.unwrap_err(), Refusal::ForeignCa);
}

#[test]
fn cap_05_only_the_issuer_or_its_delegate_signs_answers() {
    let room = Room::new();
    let question = room.question(NONCE_OF_OURS);
    let key = new_key(2048).unwrap();
    let signing = Extra { id: "2.5.29.37", critical: false, value: vec![0x30, 10, 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 9] };
    let delegate = Order { usage: vec![KeyUsages::DigitalSignature], extra: vec![signing], ..order(500) };
    let by = |ca: &Authority, order: &Order, sent: bool| {
        let certificate = ca.issue(order, &holder(), &key).unwrap();
        let responder = Responder { certificate: &certificate, key: &key, sent };
        let answer = ocsp::answer(question.to_der(), &AnswerOrder::new(Said::Good, NOW), &responder).unwrap();
        room.judge(&question, answer, OcspRules::default())
    };
    assert_eq!(by(&room.ca, &delegate, true), good());
    assert_eq!(by(&room.ca, &delegate, false), Revocation::Stale, "nobody knows who signed");
    let stranger = Authority::new(Purpose::Sign, 1, NOW).unwrap();
    assert_eq!(by(&stranger, &delegate, true), Revocation::Stale, "a namesake's delegate");
    for (what, order) in [
        ("not made for it", Order { extra: vec![], ..delegate.clone() }),
        ("a resident's card", order(77)),
        ("over", Order { not_after: NOW - 1, ..delegate.clone() }),
        ("not begun", Order { not_before: NOW + 1, ..delegate.clone() }),
        ("may not sign", Order { usage: vec![KeyUsages::KeyAgreement], ..delegate.clone() }),
        ("a CA", Order { ca: true, ..delegate.clone() }),
    ] {
        assert_eq!(by(&room.ca, &order, true), Revocation::Stale, "{what}");
    }
    // One changed byte of a right answer, wherever it is, makes no other right answer.
    let answer = room.ca.answer(question.to_der(), &AnswerOrder::new(Said::Good, NOW)).unwrap();
    for at in (0..answer.len()).step_by(7) {
        let mut changed = answer.clone();
        changed[at] ^= 1;
        assert_ne!(room.judge(&question, changed, OcspRules::default()), good(), "byte {at}");
    }
}
