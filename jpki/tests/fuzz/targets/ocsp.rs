//! An answer of the responder, or of somebody on the way: as it is, changed after it was signed, or changed before by whoever
//! holds the responder's key.

use std::sync::OnceLock;

use jpki::{
    Refusal, RevocationData,
    certificate::Purpose,
    revocation::{OcspQuestion, OcspRules},
    soft::ocsp::{AnswerOrder, Said, unwrapped, wrapped},
};

use super::{
    NOW,
    certificate::{room, signed_part},
    edits::edited,
    family,
};

struct Asked {
    question: OcspQuestion,
    answer: Vec<u8>,
}

fn asked() -> &'static Asked {
    static ASKED: OnceLock<Asked> = OnceLock::new();
    ASKED.get_or_init(|| {
        let certificate = &room().proof.sign_certificate.0;
        let question = OcspQuestion::new(certificate, Purpose::Sign, &family().anchors(), Some([5; 32]));
        let question = question.expect("a certificate of the family");
        let answer = family().ocsp_answer(question.to_der(), &AnswerOrder::new(Said::Good, NOW)).expect("an answer");
        Asked { question, answer }
    })
}

/// What was not signed by the issuer for this question says nothing; what it signed says what it says, whatever else it holds.
pub fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    let asked = asked();
    let (answer, signed) = match mode % 3 {
        0 => (rest.to_vec(), false),
        1 => (edited(&asked.answer, rest), false),
        _ => {
            let basic = unwrapped(&asked.answer).expect("our own answer");
            (wrapped(&family().seal(&edited(signed_part(&basic), rest)).expect("OpenSSL signs")).expect("DER"), true)
        }
    };
    let ours = answer == asked.answer;
    let rules = OcspRules { require_nonce: mode & 0x80 != 0, max_age: (mode & 0x40 != 0).then_some(600) };
    let known = RevocationData::ocsp(asked.question.clone(), answer, rules);
    match jpki::verify(&room().proof, &family().anchors(), &known, &room().statement, NOW) {
        Ok(_) => assert!(ours || signed),
        Err(refusal) => assert!(signed && refusal == Refusal::Revoked || refusal == Refusal::RevocationUnknown),
    }
}
