//! The behaviour table against the soft card in process. `virtual_reader` runs the same table through pcscd.

#![cfg(feature = "soft-card")]

#[path = "behaviour/table.rs"]
mod table;

use jpki::soft::{Family, SoftCard};
use table::Reader;

struct InProcess(SoftCard);

impl Reader for InProcess {
    fn send(&mut self, command: &[u8]) -> Vec<u8> {
        self.0.answer(command)
    }

    fn reset(&mut self) {
        self.0.warm_reset();
    }

    fn unpower(&mut self) {
        self.0.power_cycle();
    }

    /// Disconnecting alone does nothing to a card.
    fn leave(&mut self) {}
}

#[test]
fn cap_05_the_soft_card_behaves_as_the_table_says() {
    let dir = tempfile::tempdir().unwrap();
    let family = Family::open_or_create(dir.path(), 1_775_001_600).unwrap();
    let card = family.card("hanako").unwrap();
    let wrong = table::run(&mut InProcess(card.insert()));
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(table::ROWS.len() >= 36);
    assert!(card.insert().trips().is_empty(), "no row touches the never-list");
}
