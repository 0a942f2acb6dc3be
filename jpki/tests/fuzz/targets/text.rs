//! A proof of a reading, of which some fields are not what the agent sent: a field, where, how much of it goes, what comes.

use std::sync::OnceLock;

use jpki::{Pin, TextProof, agent, verify_text};

use super::{NOW, acts::reading, family};

fn good() -> &'static TextProof {
    static PROOF: OnceLock<TextProof> = OnceLock::new();
    PROOF.get_or_init(|| {
        let card = family().card("hanako").expect("she has a card");
        let pin = Pin::text(&card.text_pin).expect("a good PIN");
        agent::read_text(&mut card.insert(), &reading(), &pin).expect("the card is there")
    })
}

pub fn run(data: &[u8]) {
    let mut proof = good().clone();
    if let &[field, high, low, gone, ref coming @ ..] = data {
        let TextProof { statement, signature, basic_four, certificate, chip_key } = &mut proof;
        let bytes = match field % 5 {
            0 => &mut statement.0,
            1 => &mut signature.0,
            2 => &mut basic_four.0,
            3 => &mut certificate.0,
            _ => &mut chip_key.0,
        };
        let at = usize::from(u16::from_be_bytes([high, low])) % (bytes.len() + 1);
        let end = (at + usize::from(gone)).min(bytes.len());
        bytes.splice(at..end, coming.iter().copied());
    }
    if let Ok(verified) = verify_text(&proof, &reading(), &family().text_anchors(), NOW) {
        assert_eq!(verified.basic_four().name, "山田　花子");
        assert_eq!((&proof.statement, &proof.signature), (&good().statement, &good().signature));
    }
}
