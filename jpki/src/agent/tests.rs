//! Sessions with the soft card in process, right and wrong.

use super::*;
use crate::{
    EnrolmentFields,
    card::{Availability, Token},
    certificate::Purpose,
    pin::Secret,
    soft::{Quirk, SoftCard, kit::family},
    transport::{Exchange, Seal, Traced, TransportError},
};

fn statement() -> Enrolment {
    Enrolment::new(EnrolmentFields {
        issuer: "http://localhost:7000".into(),
        account: "h***@mail.example".into(),
        purpose: "登録します。".into(),
        nonce: [1; 32],
        ticket: "t".into(),
        issued_at: 1,
    })
    .unwrap()
}

fn password(text: &str) -> Pin {
    Pin::signature(text).unwrap()
}

#[test]
fn cap_05_the_card_tells_what_it_is() {
    let family = family();
    let mut card = Card::open(family.card("hanako").unwrap().insert()).unwrap();
    assert_eq!(card.token(), Ok(Token::MyNumberCard));
    assert_eq!(card.availability(), Ok(Availability { sign: true, auth: true }));
    assert_eq!(card.tries_left(Secret::Auth), Ok(3));
    assert_eq!(card.tries_left(Secret::Sign), Ok(5));
    for der in
        [card.read_auth_certificate(), card.read_ca_certificate(Purpose::Auth), card.read_ca_certificate(Purpose::Sign)]
    {
        crate::certificate::Certificate::parse(&der.unwrap()).unwrap();
    }
    assert_eq!(card.read_sign_certificate(), Err(CardError::Status(0x6982)), "guarded by its password");
    assert_eq!(card.sign(&statement()), Err(CardError::Status(0x6982)), "guarded by its password");
}

#[test]
fn cap_05_tries_are_counted_and_the_last_is_kept() {
    let family = family();
    let card = family.card("hanako").unwrap();
    for left in [4, 3, 2, 1] {
        let wrong = read_and_sign(&mut card.insert(), &statement(), &password("WRONG1"));
        assert_eq!(wrong, Err(CardError::WrongPassword { left }));
    }
    let right = password(&card.signature_password);
    assert_eq!(read_and_sign(&mut card.insert(), &statement(), &right), Err(CardError::LastTry));
    assert_eq!(look(&mut card.insert()), Err(CardError::LastTry));
    // Not one more try was spent by stopping.
    let mut session = Card::open(card.insert()).unwrap();
    assert_eq!(session.tries_left(Secret::Sign), Ok(1));
    // With staff at hand it may be spent, and success gives all tries back.
    assert_eq!(session.verify(&right, LastTry::Spend), Ok(Verification::Verified));
    assert_eq!(session.tries_left(Secret::Sign), Ok(5));
}

#[test]
fn cap_05_a_blocked_password_is_said_so() {
    let family = family();
    let card = family.card("blocked").unwrap();
    assert_eq!(look(&mut card.insert()), Err(CardError::Blocked));
    let blocked = read_and_sign(&mut card.insert(), &statement(), &password(&card.signature_password));
    assert_eq!(blocked, Err(CardError::Blocked));
    // The exhausting attempt of the other secret answers 63C0, later ones 6984.
    let card = family.card("ken").unwrap();
    let mut session = Card::open(card.insert()).unwrap();
    let wrong = Pin::auth("0000").unwrap();
    let spent: Vec<_> = (0..4).map(|_| session.verify(&wrong, LastTry::Spend).unwrap()).collect();
    assert_eq!(
        spent,
        [
            Verification::Wrong { left: 2 },
            Verification::Wrong { left: 1 },
            Verification::Blocked,
            Verification::Blocked
        ]
    );
    assert_eq!(session.tries_left(Secret::Sign), Ok(5), "the other secret is untouched");
}

#[test]
fn cap_05_a_lower_case_password_is_folded() {
    let family = family();
    let proof = read_and_sign(&mut family.card("hanako").unwrap().insert(), &statement(), &password("abc123"));
    assert!(proof.is_ok());
}

#[test]
fn cap_05_the_session_leaves_nothing_verified() {
    let family = family();
    let card = family.card("hanako").unwrap();
    let mut soft = card.insert();
    read_and_sign(&mut soft, &statement(), &password("ABC123")).unwrap();
    soft.warm_reset();
    assert_eq!(Card::open(&mut soft).unwrap().read_sign_certificate(), Err(CardError::Status(0x6982)));
    // A session that ends by an error leaves nothing either.
    {
        let mut session = Card::open(&mut soft).unwrap();
        session.verify(&password("ABC123"), LastTry::Keep).unwrap();
    }
    soft.warm_reset();
    assert_eq!(Card::open(&mut soft).unwrap().read_sign_certificate(), Err(CardError::Status(0x6982)));
}

/// The honest card forgives no shortcut: this is the trap that the end of a session avoids.
#[test]
fn cap_05_without_an_end_the_password_would_survive_a_warm_reset() {
    use crate::{apdu::Command, never::App};
    let family = family();
    let mut soft = family.card("hanako").unwrap().insert();
    for command in
        [Command::select_application(App::Jpki.aid()), Command::select_file(0x001B), Command::verify(b"ABC123")]
    {
        assert_eq!(soft.answer(command.bytes()), [0x90, 0x00]);
    }
    soft.warm_reset();
    assert!(Card::open(&mut soft).unwrap().read_sign_certificate().is_ok());
    let mut soft = family.card("hanako").unwrap().insert();
    soft.power_cycle();
    assert!(Card::open(&mut soft).unwrap().read_sign_certificate().is_err());
}

#[test]
fn cap_05_habits_of_cards_and_readers_are_met() {
    let family = family();
    let card = family.card("hanako").unwrap();
    let plain = read_and_sign(&mut card.insert(), &statement(), &password("ABC123")).unwrap();
    for quirk in [Quirk::FirstCommandFails, Quirk::GetResponse, Quirk::ExactLe] {
        let proof = read_and_sign(&mut card.insert().with_quirk(quirk), &statement(), &password("ABC123"));
        assert_eq!(proof, Ok(plain.clone()), "{quirk:?}");
    }
    assert!(card.insert().trips().is_empty());
}

#[test]
fn cap_09_a_whole_proofing_selects_only_what_it_needs() {
    let family = family();
    let card = family.card("hanako").unwrap();
    let mut log = Vec::new();
    let mut watched = Traced::new(card.insert(), |line: &str| log.push(line.to_owned()));
    assert_eq!(look(&mut watched).map(Readiness::usable_here), Ok(4));
    read_and_sign(&mut watched, &statement(), &password("ABC123")).unwrap();
    let selected: std::collections::BTreeSet<_> =
        log.iter().filter(|line| line.starts_with("00A4")).map(|line| line.split(' ').next().unwrap()).collect();
    let wanted = [
        "00A4020C020001",                 // signature certificate
        "00A4020C020006",                 // what kind of card it is
        "00A4020C020008",                 // which certificates there are
        "00A4020C02001A",                 // signature key
        "00A4020C02001B",                 // signature password
        "00A4040C07A0000001510000",       // power-on state
        "00A4040C0AD392F000260100000001", // JPKI
    ];
    assert_eq!(selected.into_iter().collect::<Vec<_>>(), wanted);
    assert!(!log.iter().any(|line| line.contains("414243313233")), "the password is not in the log");
    assert!(card.insert().trips().is_empty());
}

/// A card that leaves after some commands, at every point of the session.
struct Leaving(SoftCard, usize);

impl Transport for Leaving {
    fn carry(&mut self, command: &[u8], _: Seal) -> Result<Vec<u8>, TransportError> {
        self.1 = self.1.checked_sub(1).ok_or(TransportError::Removed)?;
        self.0.transmit(command)
    }
}

#[test]
fn cap_05_a_card_removed_at_any_moment_is_said_so() {
    let family = family();
    let card = family.card("hanako").unwrap();
    let mut commands = 0;
    while let Err(error) = read_and_sign(&mut Leaving(card.insert(), commands), &statement(), &password("ABC123")) {
        assert_eq!(error, CardError::Transport(TransportError::Removed), "after {commands}");
        commands += 1;
    }
    assert!(commands > 10);
}
