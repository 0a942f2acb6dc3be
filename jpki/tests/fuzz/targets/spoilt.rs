//! The soft card, whose answers are changed on the way: four bytes for each change say when, where, to what and how.

use jpki::soft::{Scripted, SoftCard};

use super::{acts, family};

struct Spoilt<'a> {
    card: SoftCard,
    changes: &'a [u8],
    commands: u8,
}

impl Spoilt<'_> {
    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let mut answer = self.card.answer(command);
        for change in self.changes.chunks_exact(4).filter(|change| change[0] % 40 == self.commands) {
            let at = usize::from(change[1]) % answer.len().max(1);
            match change[3] % 5 {
                0 => answer.truncate(at),
                1 => answer.insert(at, change[2]),
                2 => answer.extend(std::iter::repeat_n(change[2], at)),
                _ => {
                    if let Some(byte) = answer.get_mut(at) {
                        *byte = change[2];
                    }
                }
            }
        }
        self.commands = self.commands.wrapping_add(1);
        answer
    }
}

pub fn run(data: &[u8]) {
    let Some((which, changes)) = data.split_first() else { return };
    let card = family().card("hanako").expect("she has a card").insert();
    let mut spoilt = Spoilt { card, changes, commands: 0 };
    acts::act(*which, &mut Scripted::new(|command| Ok(spoilt.answer(command))));
    assert!(spoilt.card.trips().is_empty(), "the never-list was touched");
    restore(&mut spoilt.card);
}

/// Whatever was tried, the next run begins with all tries.
fn restore(card: &mut SoftCard) {
    for (application, secret) in [
        (&b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01"[..], (0x18, &b"1234"[..])),
        (b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01", (0x1B, b"ABC123")),
        (b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08", (0x11, b"1234")),
        (b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02", (0x11, b"630229")),
        (b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02", (0x12, b"63022920354821")),
    ] {
        card.answer(application);
        card.answer(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, secret.0]);
        let length = u8::try_from(secret.1.len()).expect("a short secret");
        assert_eq!(
            card.answer(&[&[0x00, 0x20, 0x00, 0x80, length], secret.1].concat()),
            [0x90, 0x00],
            "a try was lost"
        );
    }
}
