//! A bounded run of every fuzz target: the corpus as it lies, then changes of it that are the same on every machine. What
//! explores is `conformance/fuzz`; this keeps what was found from coming back.
#![cfg(all(feature = "soft-card", feature = "photo"))]
#![expect(clippy::unwrap_used)]

mod targets;

use std::{fs, path::Path};

/// xorshift64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % most.max(1)
    }
}

#[test]
fn cap_05_hostile_answers_of_a_card_break_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/fuzz/corpus");
    for (name, run) in targets::ALL {
        let mut files: Vec<_> = fs::read_dir(root.join(name)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let corpus: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap()).collect();
        assert!(corpus.len() >= 3, "{name} has no corpus");
        corpus.iter().for_each(|input| run(input));
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for _ in 0..400 {
            let mut input = corpus[dice.below(corpus.len())].clone();
            for _ in 0..=dice.below(4) {
                let at = dice.below(input.len() + 1);
                match dice.below(4) {
                    0 if at < input.len() => input[at] ^= 1 << dice.below(8),
                    1 if at < input.len() => input[at] = dice.below(256).to_le_bytes()[0],
                    2 => input.truncate(at),
                    _ => input.insert(at, dice.below(256).to_le_bytes()[0]),
                }
            }
            run(&input);
        }
    }
}
