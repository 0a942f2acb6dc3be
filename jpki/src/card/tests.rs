//! Sessions with every application of the soft cards.

use super::*;
use crate::{
    EnrolmentFields, Refusal, TextAnchors,
    certificate::Certificate,
    soft::{
        SoftCard,
        kit::{self, NOW},
    },
    statement::LoginFields,
    transport::{Exchange, Seal, TransportError},
};

fn pin(text: &str) -> Pin {
    Pin::auth(text).unwrap()
}

#[test]
fn cap_05_a_pin_is_changed_after_it_was_right_and_never_by_guessing() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let mut session = Card::open(card.insert()).unwrap();
    let wrong = session.change_pin(&pin("0000"), &pin("9753"), LastTry::Keep);
    assert_eq!(wrong, Ok(Verification::Wrong { left: 2 }));
    assert_eq!(session.change_pin(&pin("1234"), &pin("9753"), LastTry::Keep), Ok(Verification::Verified));
    session.end().unwrap();
    // It stays with the card.
    let mut session = Card::open(card.insert()).unwrap();
    assert_eq!(session.verify(&pin("1234"), LastTry::Keep), Ok(Verification::Wrong { left: 2 }));
    assert_eq!(session.verify(&pin("0000"), LastTry::Keep), Ok(Verification::Wrong { left: 1 }));
    assert_eq!(session.change_pin(&pin("9753"), &pin("1234"), LastTry::Keep), Ok(Verification::LastTry));
    assert_eq!(session.tries_left(Secret::Auth), Ok(1), "nothing was sent");
    assert_eq!(session.change_pin(&pin("9753"), &pin("1234"), LastTry::Spend), Ok(Verification::Verified));
    let password = |text| Pin::signature(text).unwrap();
    let changed = session.change_pin(&password("ABC123"), &password("NEWER99"), LastTry::Keep);
    assert_eq!(changed, Ok(Verification::Verified));
    assert_eq!(session.verify(&password("NEWER99"), LastTry::Keep), Ok(Verification::Verified));
    let mixed = session.change_pin(&pin("1234"), &password("ABC123"), LastTry::Keep);
    assert_eq!(mixed, Err(CardError::OtherApplication));
    let mut text = Text::open(card.insert()).unwrap();
    let of_text = |text| Pin::text(text).unwrap();
    assert_eq!(text.change_pin(&of_text("1234"), &of_text("8642"), LastTry::Keep), Ok(Verification::Verified));
    assert_eq!(text.verify(&of_text("8642"), LastTry::Keep), Ok(Verification::Verified));
    let number = Pin::number_b(&card.number_b).unwrap();
    assert_eq!(text.change_pin(&number, &number, LastTry::Keep), Err(CardError::OtherApplication));
}

#[test]
fn cap_05_a_secret_goes_to_its_own_application_alone() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let other = Err(CardError::OtherApplication);
    let secrets = [
        Pin::auth("1234"),
        Pin::signature("ABC123"),
        Pin::text("1234"),
        Pin::number_b("63022920354821"),
        Pin::birth_date("630229"),
    ]
    .map(Result::unwrap);
    let mut fits = Vec::new();
    for secret in &secrets {
        let jpki = Card::open(card.insert()).unwrap().verify(secret, LastTry::Keep);
        let text = Text::open(card.insert()).unwrap().verify(secret, LastTry::Keep);
        let surface = Surface::open(card.insert()).unwrap().verify(secret, LastTry::Keep);
        fits.push([jpki != other, text != other, surface != other]);
    }
    assert_eq!(
        fits,
        [[true, false, false], [true, false, false], [false, true, false], [false, true, true], [false, false, true]]
    );
}

#[test]
fn cap_05_every_session_leaves_nothing_verified() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let mut soft = card.insert();
    {
        let mut text = Text::open(&mut soft).unwrap();
        text.verify(&Pin::text("1234").unwrap(), LastTry::Keep).unwrap();
        text.read().unwrap();
        text.end().unwrap();
    }
    {
        // Dropped without an end.
        let mut surface = Surface::open(&mut soft).unwrap();
        surface.verify(&Pin::number_b(&card.number_b).unwrap(), LastTry::Keep).unwrap();
    }
    soft.warm_reset();
    let refused = CardError::Status(0x6982);
    assert_eq!(Text::open(&mut soft).unwrap().read().err(), Some(refused.clone()));
    let face = Surface::open(&mut soft).unwrap().read_face(&family.text_anchors(), &[1; 32]);
    assert_eq!(face.err(), Some(NotRead::Card(refused)));
}

#[test]
fn cap_07_the_surface_gives_age_and_photo_each_for_its_own_secret() {
    let family = kit::family();
    let card = family.card("child").unwrap();
    let anchors = family.text_anchors();
    let mut surface = Surface::open(card.insert()).unwrap();
    assert_eq!(surface.tries_left(Secret::NumberB), Ok(10));
    surface.verify(&Pin::birth_date("020618").unwrap(), LastTry::Keep).unwrap();
    let age = surface.read_age(&anchors, &[1; 32]).unwrap();
    assert_eq!(age.birth_date.to_iso().as_deref(), Some("2020-06-18"));
    assert_eq!(surface.read_face(&anchors, &[1; 32]).err(), Some(NotRead::Card(CardError::Status(0x6982))));
    surface.verify(&Pin::number_b(&card.number_b).unwrap(), LastTry::Keep).unwrap();
    let face = surface.read_face(&anchors, &[1; 32]).unwrap();
    assert_eq!((face.birth_date, face.sex, face.expires.as_str()), (age.birth_date, crate::Sex::Female, "20290618"));
    assert!(face.name_png.starts_with(b"\x89PNG") && face.address_png.starts_with(b"\x89PNG"));
    #[cfg(feature = "photo")]
    assert_eq!(crate::photo::decode(&face.photo_jp2).map(|photo| (photo.width, photo.height)), Ok((378, 472)));
    assert_eq!(format!("{face:?} {age:?}"), "FaceRecord(redacted) AgeRecord(redacted)");
    assert!(card.insert().trips().is_empty());
}

/// Changes one byte of the long answers of a file, counted from their end.
struct Changing(SoftCard, u16, usize, u16);

impl Transport for Changing {
    fn carry(&mut self, command: &[u8], _: Seal) -> Result<Vec<u8>, TransportError> {
        let mut answer = self.0.transmit(command)?;
        if let [0x00, 0xA4, 0x02, 0x0C, 0x02, high, low] = *command {
            self.3 = u16::from_be_bytes([high, low]);
        }
        if command.get(1) == Some(&0xB0) && self.3 == self.1 && answer.len() > self.2 + 2 {
            let at = answer.len() - self.2;
            answer[at] ^= 1;
        }
        Ok(answer)
    }
}

#[test]
fn cap_07_a_changed_surface_is_found_out() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let number = Pin::number_b(&card.number_b).unwrap();
    for (file, from_end) in [(0x0002, 200), (0x0002, 60), (0x0004, 40), (0x0004, 200)] {
        let mut surface = Surface::open(Changing(card.insert(), file, from_end, 0)).unwrap();
        surface.verify(&number, LastTry::Keep).unwrap();
        let face = surface.read_face(&family.text_anchors(), &[1; 32]);
        assert!(face.is_err(), "{file:04X} {from_end}");
    }
    let mut surface = Surface::open(card.insert()).unwrap();
    surface.verify(&number, LastTry::Keep).unwrap();
    let unanchored = surface.read_face(&TextAnchors::production(), &[1; 32]);
    assert_eq!(unanchored.err(), Some(NotRead::Refused(Refusal::AnchorUnverified)));
}

#[test]
fn cap_09_the_common_record_says_when_the_card_ends_and_not_which_it_is() {
    let family = kit::family();
    let record = Common::open(family.card("ken").unwrap().insert()).unwrap().read().unwrap();
    assert_eq!((record.issued_by.as_str(), record.expires.as_str()), ("17203", "20350715"));
    assert_eq!(Common::open(family.card("phone").unwrap().insert()).err(), Some(CardError::NoApplication));
}

#[test]
fn cap_05_a_phone_shows_its_login_certificate_after_the_pin() {
    let family = kit::family();
    let card = family.card("phone").unwrap();
    let mut session = Card::open(card.insert()).unwrap();
    assert_eq!(session.token(), Ok(Token::Android));
    assert_eq!(session.read_auth_certificate(), Err(CardError::Status(0x6982)));
    session.verify(&pin(&card.pin), LastTry::Keep).unwrap();
    Certificate::parse(&session.read_auth_certificate().unwrap()).unwrap();
}

#[test]
fn cap_05_a_child_has_no_certificate_for_signature_and_the_card_says_so_first() {
    let family = kit::family();
    let card = family.card("child").unwrap();
    let mut session = Card::open(card.insert()).unwrap();
    assert_eq!(session.availability(), Ok(Availability { sign: false, auth: true }));
    assert_eq!(session.tries_left(Secret::Sign), Ok(0));
    assert_eq!(crate::agent::look(&mut card.insert()), Err(CardError::NoSignCertificate));
}

#[test]
fn cap_05_the_next_card_signs_with_another_algorithm_over_the_same_statement() {
    let family = kit::family();
    let card = family.card("next").unwrap();
    let fields = LoginFields {
        issuer: "http://localhost:7000".into(),
        purpose: "ログインします".into(),
        nonce: [1; 32],
        ticket: "t".into(),
        issued_at: NOW,
    };
    let login = crate::LoginChallenge::new(fields).unwrap();
    let enrolment = crate::Enrolment::new(EnrolmentFields {
        issuer: "http://localhost:7000".into(),
        account: "a".into(),
        purpose: "p".into(),
        nonce: [1; 32],
        ticket: "t".into(),
        issued_at: NOW,
    })
    .unwrap();
    let mut session = Card::open(card.insert()).unwrap();
    assert_eq!((session.token(), session.profile()), (Ok(Token::NextCard), Ok(Profile::Next)));
    session.verify(&pin(&card.pin), LastTry::Keep).unwrap();
    session.verify(&Pin::signature(&card.signature_password).unwrap(), LastTry::Keep).unwrap();
    let certificates = [session.read_auth_certificate().unwrap(), session.read_sign_certificate().unwrap()];
    for (certificate, statement) in certificates.iter().zip([&login as &dyn Statement, &enrolment]) {
        let signature = session.sign(statement).unwrap();
        let key = openssl::x509::X509::from_der(certificate).unwrap().public_key().unwrap();
        let digest = openssl::hash::MessageDigest::sha384();
        let mut verifier = openssl::sign::Verifier::new(digest, &key).unwrap();
        assert!(verifier.verify_oneshot(&signature, &statement.to_bytes()).unwrap());
        assert_eq!(key.bits(), 384);
    }
    let mut session = Card::open(family.card("ken").unwrap().insert()).unwrap();
    assert_eq!(session.profile(), Ok(Profile::Current));
}
