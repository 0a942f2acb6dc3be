//! Everything that a session of ours does with a card. What comes of it must be true or refused.

use jpki::{
    AnyStatement, Enrolment, EnrolmentFields, LoginChallenge, LoginFields, Pin, TextReading, Transport,
    agent::{self, Typed},
    card::{Card, Common, LastTry, Surface, Text},
    certificate::Purpose,
    pin::Secret,
    verify, verify_text,
};

use super::{NOW, family};

/// How many acts there are.
pub const COUNT: u8 = 9;

const NAME: &str = "山田　花子";

pub fn reading() -> TextReading {
    TextReading::new(EnrolmentFields {
        issuer: "http://localhost".into(),
        account: "a".into(),
        purpose: "p".into(),
        nonce: [3; 32],
        ticket: "t".into(),
        issued_at: NOW,
    })
    .expect("a good reading")
}

fn enrolment() -> Enrolment {
    Enrolment::new(EnrolmentFields {
        issuer: "http://localhost".into(),
        account: "a".into(),
        purpose: "p".into(),
        nonce: [3; 32],
        ticket: "t".into(),
        issued_at: NOW,
    })
    .expect("a good enrolment")
}

/// Does one of them.
pub fn act(which: u8, transport: &mut dyn Transport) {
    match which % COUNT {
        0 => drop(agent::look(transport)),
        1 => enrol(transport),
        2 => login(transport),
        3 => read_text(transport),
        4 => jpki(transport),
        5 => text(transport),
        6 => surface(transport),
        7 => drop(Common::open(transport).and_then(|mut common| common.read())),
        _ => change(transport),
    }
}

fn enrol(transport: &mut dyn Transport) {
    let password = Pin::signature("ABC123").expect("a good password");
    if let Ok(proof) = agent::read_and_sign(transport, &enrolment(), &password)
        && let Ok(verified) = verify(&proof, &family().anchors(), &family().revocation(), &enrolment(), NOW)
    {
        assert_eq!(verified.basic_four().name, NAME);
    }
}

fn login(transport: &mut dyn Transport) {
    let fields = LoginFields {
        issuer: "http://localhost".into(),
        purpose: "p".into(),
        nonce: [3; 32],
        ticket: "t".into(),
        issued_at: NOW,
    };
    let login = AnyStatement::Login(LoginChallenge::new(fields).expect("a good challenge"));
    let typed = Typed { password: None, pin: Pin::auth("1234").ok(), text: None };
    let _ = agent::sign(transport, &login, &typed);
}

fn read_text(transport: &mut dyn Transport) {
    let pin = Pin::text("1234").expect("a good PIN");
    if let Ok(proof) = agent::read_text(transport, &reading(), &pin)
        && let Ok(verified) = verify_text(&proof, &reading(), &family().text_anchors(), NOW)
    {
        assert_eq!(verified.basic_four().name, NAME);
    }
}

fn jpki(transport: &mut dyn Transport) {
    let Ok(mut card) = Card::open(transport) else { return };
    let _ = (card.token(), card.profile(), card.availability(), card.tries_left(Secret::Auth));
    for der in [card.read_auth_certificate(), card.read_ca_certificate(Purpose::Auth), card.read_sign_certificate()] {
        let _ = der.map(|der| jpki::certificate::Certificate::parse(&der).map(drop));
    }
}

fn text(transport: &mut dyn Transport) {
    let Ok(mut text) = Text::open(transport) else { return };
    let _ = text.verify(&Pin::text("1234").expect("a good PIN"), LastTry::Keep);
    if let Ok(four) = text.read_basic_four(&family().text_anchors(), &[5; 32]) {
        assert_eq!(four.name, NAME);
    }
}

fn surface(transport: &mut dyn Transport) {
    let Ok(mut surface) = Surface::open(transport) else { return };
    let _ = surface.verify(&Pin::birth_date("630229").expect("six digits"), LastTry::Keep);
    if let Ok(age) = surface.read_age(&family().text_anchors(), &[5; 32]) {
        assert_eq!(age.birth_date.to_iso().as_deref(), Some("1988-02-29"));
    }
    let _ = surface.verify(&Pin::number_b("63022920354821").expect("fourteen digits"), LastTry::Keep);
    if let Ok(face) = surface.read_face(&family().text_anchors(), &[5; 32]) {
        jpki::photo::decode(&face.photo_jp2).expect("what was signed is a photo");
    }
}

fn change(transport: &mut dyn Transport) {
    let pin = Pin::auth("1234").expect("a good PIN");
    if let Ok(mut card) = Card::open(transport) {
        let _ = card.change_pin(&pin, &pin, LastTry::Keep);
    }
}
