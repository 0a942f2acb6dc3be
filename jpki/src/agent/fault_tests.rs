//! Everything that goes wrong between card and reader, at every command of every act of the agent: a known code, no try
//! lost, nothing of the never-list touched, and nothing false accepted by the issuer.

use super::*;
use crate::{
    EnrolmentFields, TextReading,
    soft::{
        Family, Fault, NamedCard,
        kit::{self, NOW},
    },
    verify, verify_text,
};

fn statement() -> Enrolment {
    Enrolment::new(crate::EnrolmentFields {
        issuer: "http://localhost:7000".into(),
        account: "h***@mail.example".into(),
        purpose: "登録します。".into(),
        nonce: [1; 32],
        ticket: "t".into(),
        issued_at: 1,
    })
    .unwrap()
}

fn reading() -> TextReading {
    TextReading::new(EnrolmentFields {
        issuer: "http://localhost:7000".into(),
        account: "h***@mail.example".into(),
        purpose: "読み取ります。".into(),
        nonce: [1; 32],
        ticket: "t".into(),
        issued_at: 1,
    })
    .unwrap()
}

/// One act with hanako's card; whether the issuer accepts what came of it.
type Act = fn(&Family, &NamedCard) -> Result<bool, CardError>;

const ACTS: [(&str, Act); 3] = [
    ("look", |_, card| look(&mut card.insert()).map(|_| true)),
    ("sign", |family, card| {
        let password = Pin::signature(&card.signature_password).unwrap();
        let proof = read_and_sign(&mut card.insert(), &statement(), &password)?;
        Ok(verify(&proof, &family.anchors(), &family.revocation(), &statement(), NOW).is_ok())
    }),
    ("text", |family, card| {
        let proof = read_text(&mut card.insert(), &reading(), &Pin::text(&card.text_pin).unwrap())?;
        Ok(verify_text(&proof, &reading(), &family.text_anchors(), NOW).is_ok())
    }),
];

fn tries(card: &NamedCard) -> [u8; 3] {
    let [auth, sign] =
        [Secret::Auth, Secret::Sign].map(|secret| Card::open(card.insert()).unwrap().tries_left(secret).unwrap());
    [auth, sign, crate::card::Text::open(card.insert()).unwrap().tries_left(Secret::Text).unwrap()]
}

#[test]
fn cap_05_whatever_goes_wrong_at_the_reader_costs_no_try_and_is_said() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    for (what, act) in ACTS {
        for fault in Fault::ALL {
            let mut commands = 0;
            loop {
                card.trouble().after(commands, fault);
                let came = act(&family, card);
                if !card.trouble().over() {
                    card.trouble().after(0, Fault::Slow(std::time::Duration::ZERO));
                    break;
                }
                let context = format!("{what}, {fault:?} after {commands} commands: {came:?}");
                let expected: &[&str] = match fault {
                    Fault::RemovedBefore | Fault::RemovedAfter => &["card_removed"],
                    Fault::Unplugged => &["reader_failed"],
                    Fault::Slow(_) => &[],
                    // What the card seems to say decides, never more than one of these.
                    _ => &[
                        "card_failed",
                        "reader_failed",
                        "not_a_my_number_card",
                        "no_sign_certificate",
                        "blocked",
                        "last_try",
                    ],
                };
                match &came {
                    Ok(_) => {}
                    Err(error) => assert!(expected.contains(&error.code()), "{context}"),
                }
                assert!(!matches!(fault, Fault::Slow(_)) || came == Ok(true), "{context}");
                assert_eq!(tries(card), [3, 5, 3], "{context}");
                assert!(card.insert().trips().is_empty(), "{context}");
                // The same card works the next time.
                if commands % 7 == 0 {
                    assert_eq!(act(&family, card), Ok(true), "{context}");
                }
                commands += 1;
            }
            assert!(commands > 3, "{what}");
        }
    }
}

#[test]
fn cap_05_a_wrong_password_costs_exactly_one_try_whatever_else_goes_wrong() {
    let wrong = Pin::signature("WRONG1").unwrap();
    for fault in Fault::ALL {
        for commands in 0..9 {
            let family = kit::family();
            let card = family.card("hanako").unwrap();
            card.trouble().after(commands, fault);
            let _ = read_and_sign(&mut card.insert(), &statement(), &wrong);
            card.trouble().after(0, Fault::Slow(std::time::Duration::ZERO));
            let left = tries(card);
            assert!(left[1] >= 4 && left[2] == 3, "{fault:?} after {commands}: {left:?}");
            assert_eq!(left[0], 3, "{fault:?} after {commands}");
        }
    }
}

#[test]
fn cap_05_two_agents_at_one_card_lose_no_try() {
    let family = kit::family();
    let card = family.card("ken").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let password = Pin::signature(&card.signature_password).unwrap();
                for _ in 0..5 {
                    let proof = read_and_sign(&mut card.insert(), &statement(), &password).unwrap();
                    verify(&proof, &family.anchors(), &family.revocation(), &statement(), NOW).unwrap();
                }
            });
        }
    });
    assert_eq!(tries(card), [3, 5, 3]);
}
