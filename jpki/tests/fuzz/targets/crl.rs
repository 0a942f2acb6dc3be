//! A revocation list from wherever it was fetched: as it is, changed after the authority signed it, or changed before.

use std::sync::OnceLock;

use jpki::RevocationData;

use super::{
    NOW,
    certificate::{room, signed_part},
    edits::edited,
    family,
};

fn list() -> &'static [u8] {
    static LIST: OnceLock<Vec<u8>> = OnceLock::new();
    LIST.get_or_init(|| family().revocation_list(&["revoked"]).expect("a list"))
}

/// Only the family's own list makes a card good; no other makes one revoked.
pub fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    let list = list();
    let (bytes, ours) = match mode % 3 {
        0 => (rest.to_vec(), false),
        1 => (edited(list, rest), edited(list, rest) == list),
        // Signed by an authority that nobody trusts, so that everything but trust is reached.
        _ => (room().authority.seal(&edited(signed_part(list), rest)).expect("OpenSSL signs"), false),
    };
    let Ok(data) = RevocationData::from_der(&[bytes]) else { return };
    let anchors = family().anchors();
    let data = if mode & 0x80 == 0 { data } else { data.at_most_old(3600) };
    assert_eq!(data.lists(&anchors, NOW).iter().any(|list| list.usable), ours);
    assert!(ours || data.revoked(&anchors, b"key", NOW).is_empty());
    let trusting = jpki::Anchors::test(&[room().authority.der().expect("it encodes")]).expect("a root");
    let _ = data.revoked(&trusting, b"key", NOW);
    let verified = jpki::verify(&room().proof, &anchors, &data, &room().statement, NOW);
    assert_eq!(verified.is_ok(), ours);
}
