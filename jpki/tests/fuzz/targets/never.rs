//! Commands through the firewall: each is a length and so many bytes. None may trip the wire of the soft card.

use jpki::soft::Guarded;

use super::family;

pub fn run(mut data: &[u8]) {
    let card = family().card("ken").expect("he has a card");
    let mut guarded = Guarded::new(card.insert());
    while let Some((length, rest)) = data.split_first() {
        let (command, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        let _ = guarded.send(command);
        data = rest;
    }
    assert!(card.insert().trips().is_empty(), "the never-list was touched");
}
