//! A certificate that a card, or somebody in its place, sends: as it is, changed after its issuer signed it, or changed before.

use std::sync::OnceLock;

use jpki::{
    Enrolment, EnrolmentFields, Pin, RevocationData, SignedProof,
    certificate::{Certificate, Purpose},
    proof::Encoded,
    soft::issue::Authority,
};

use super::{NOW, edits::edited, family};

/// A proof of the family, its statement, and an authority of its own for certificates that are signed anew.
pub struct Room {
    /// The proof.
    pub proof: SignedProof,
    /// What it signed.
    pub statement: Enrolment,
    /// Signs whatever the input makes.
    pub authority: Authority,
}

/// Made once.
pub fn room() -> &'static Room {
    static ROOM: OnceLock<Room> = OnceLock::new();
    ROOM.get_or_init(|| {
        let statement = Enrolment::new(EnrolmentFields {
            issuer: "http://localhost:7000".into(),
            account: "h***@mail.example".into(),
            purpose: "登録".into(),
            nonce: [7; 32],
            ticket: "ticket-1".into(),
            issued_at: NOW,
        })
        .expect("a statement");
        let card = family().card("hanako").expect("a card");
        let password = Pin::signature(&card.signature_password).expect("a password");
        let proof = jpki::agent::read_and_sign(&mut card.insert(), &statement, &password).expect("it signs");
        let authority = Authority::new(Purpose::Sign, 1, NOW).expect("an authority");
        Room { proof, statement, authority }
    })
}

/// The first element inside the outermost one: what a certificate's, list's or answer's signature is over.
pub fn signed_part(der: &[u8]) -> &[u8] {
    let inside = |der: &[u8]| match der.get(1) {
        Some(0x81) => 3,
        Some(0x82) => 4,
        Some(0x83) => 5,
        _ => 2,
    };
    let from = inside(der);
    let head = inside(&der[from..]);
    let length =
        der[from + 1..from + head].iter().skip(usize::from(head > 2)).fold(0, |all, b| all << 8 | usize::from(*b));
    &der[from..from + head + length]
}

/// Nothing is believed but the one certificate that the family's authority signed.
pub fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    let room = room();
    let good = &room.proof.sign_certificate.0;
    let certificate = match mode % 3 {
        0 => rest.to_vec(),
        1 => edited(good, rest),
        _ => room.authority.seal(&edited(signed_part(good), rest)).expect("OpenSSL signs"),
    };
    if let Ok(read) = Certificate::parse(&certificate) {
        assert_eq!(read.der(), certificate);
        let _ = (read.validity(), read.purpose(), read.basic_four());
    }
    let proof = SignedProof { sign_certificate: Encoded(certificate.clone()), ..room.proof.clone() };
    let nobody = RevocationData::none("fuzz");
    let verified = jpki::verify(&proof, &family().anchors(), &nobody, &room.statement, NOW);
    assert_eq!(verified.is_ok(), certificate == *good, "only what the issuer signed is believed");
}
