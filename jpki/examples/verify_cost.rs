//! What each step of the card's checklist costs, in microseconds of processor time, whatever else runs on the machine:
//! `cargo run --release --example verify_cost`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints, for developers")]

use std::{hint::black_box, time::Duration};

use jpki::{
    Enrolment, EnrolmentFields, RevocationData, SignedProof,
    certificate::{Certificate, Purpose},
    proof::Encoded,
    revocation::{OcspQuestion, OcspRules},
    soft::{
        issue::{Authority, Holder, Order, new_key},
        ocsp::{AnswerOrder, Said},
    },
    statement::Statement,
};
use openssl::{hash::MessageDigest, sign::Signer};

/// 2026-04-01T00:00:00Z.
const NOW: i64 = 1_775_001_600;
const LONG: u32 = 100_000;

/// Processor time of this thread so far. The kernel brings it up to date with each tick: runs must be long beside that.
fn used() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
}

/// The median of some runs of about a quarter of a second.
fn cost(name: &str, mut step: impl FnMut()) -> f64 {
    let mut rounds = 1;
    let mut run = |rounds: u32| {
        let begun = used();
        (0..rounds).for_each(|_| step());
        used() - begun
    };
    while run(rounds) < Duration::from_millis(200) && rounds < 1 << 20 {
        rounds *= 2;
    }
    let mut runs: Vec<f64> = (0..7).map(|_| run(rounds).as_secs_f64() * 1e6 / f64::from(rounds)).collect();
    runs.sort_by(f64::total_cmp);
    println!("{:>10.1} us  {name}", runs[3]);
    runs[3]
}

fn statement(nonce: u8) -> Enrolment {
    Enrolment::new(EnrolmentFields {
        issuer: "https://pass.kaga.example".into(),
        account: "h***@mail.example".into(),
        purpose: "加賀市のPASSに、氏名・生年月日・性別・住所を登録します。".into(),
        nonce: [nonce; 32],
        ticket: "ticket-1".into(),
        issued_at: NOW,
    })
    .unwrap()
}

fn main() {
    let ca = Authority::new(Purpose::Sign, 1, NOW).unwrap();
    let key = new_key(2048).unwrap();
    let holder = Holder {
        name: "見本　一郎".into(),
        birth_date: "319700101".into(),
        sex: 1,
        address: "石川県加賀市見本町１番地".into(),
        prefecture: "Ishikawa-ken".into(),
        city: "Kaga-shi".into(),
        city_code: "17206".into(),
    };
    let order = Order::new(Purpose::Sign, LONG * 2 + 1, NOW - 86400, NOW + 86400);
    let certificate = ca.issue(&order, &holder, &key).unwrap();
    let (wanted, other) = (statement(7), statement(8));
    let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
    let proof = SignedProof {
        statement: Encoded(wanted.to_bytes()),
        signature: Encoded(signer.sign_oneshot_to_vec(&wanted.to_bytes()).unwrap()),
        sign_certificate: Encoded(certificate.clone()),
    };
    let anchors = jpki::Anchors::test(&[ca.der().unwrap()]).unwrap();
    let nobody = RevocationData::none("not measured");
    let judge =
        |known: &RevocationData, expected: &Enrolment| jpki::verify(black_box(&proof), &anchors, known, expected, NOW);
    assert!(judge(&nobody, &wanted).is_ok());

    let parsed = cost("read the certificate (canonical DER, extensions)", || {
        black_box(Certificate::parse(black_box(&certificate)).unwrap());
    });
    // A statement with another nonce fails just before its signature is looked at.
    let before = cost("all but the statement's signature", || assert!(judge(&nobody, &other).is_err()));
    let whole = cost("a whole proof, revocation not checked", || assert!(judge(&nobody, &wanted).is_ok()));
    println!("{:>10.1} us  = purpose, chain by signature, root, dates, key", before - parsed);
    println!("{:>10.1} us  = statement's signature and the basic four", whole - before);

    let question = OcspQuestion::new(&certificate, Purpose::Sign, &anchors, Some([5; 32])).unwrap();
    let answer = ca.answer(question.to_der(), &AnswerOrder::new(Said::Good, NOW)).unwrap();
    let known = RevocationData::ocsp(question, answer, OcspRules::default());
    let ocsp = cost("a whole proof, with an answer of the responder", || assert!(judge(&known, &wanted).is_ok()));
    println!("{:>10.1} us  = the responder's answer", ocsp - whole);

    let serials: Vec<u32> = (1..=LONG).map(|n| n * 2).collect();
    let list = ca.revocation_list(&serials, NOW - 3600, NOW + 86400, None).unwrap();
    println!("a list of {LONG} certificates, {} kB:", list.len() / 1024);
    cost("read the list", || {
        black_box(RevocationData::from_der(std::slice::from_ref(&list)).unwrap());
    });
    let known = RevocationData::from_der(std::slice::from_ref(&list)).unwrap();
    let crl = cost("a whole proof, with the list at hand", || assert!(judge(&known, &wanted).is_ok()));
    println!("{:>10.1} us  = the list's signature and the search in it", crl - whole);
    cost("keyed names of all of them, for the job", || {
        black_box(known.revoked(&anchors, b"key", NOW));
    });
}
