//! A bounded run of every fuzz target: the corpus as it lies, then changes of it that are the same on every machine. What
//! explores is `conformance/fuzz`; this keeps what was found from coming back.
#![expect(clippy::unwrap_used)]

mod targets;

use std::fs;
use std::path::Path;

/// Changed inputs for each target.
const RUNS: usize = 3_000;
const LONGEST: usize = 8_192;

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

fn change(input: &mut Vec<u8>, other: &[u8], words: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(input.len() + 1);
    let end = (at + dice.below(16) + 1).min(input.len());
    match dice.below(6) {
        0 if at < input.len() => input[at] ^= 1 << dice.below(8),
        1 if at < input.len() => input[at] = dice.below(256).to_le_bytes()[0],
        2 if at < end => drop(input.drain(at..end)),
        3 if at < end => {
            let piece = input[at..end].to_vec();
            input.splice(at..at, piece.iter().copied().cycle().take(piece.len() * (1 + dice.below(40))));
        }
        4 => {
            let from = dice.below(other.len() + 1);
            input.splice(at.., other[from..].iter().copied());
        }
        _ => {
            let word = &words[dice.below(words.len())];
            input.splice(at..at, word.iter().copied());
        }
    }
    input.truncate(LONGEST);
}

fn words(root: &Path) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(root.join("words.dict")).unwrap();
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(|word| word.replace("\\\"", "\"").replace("\\\\", "\\").into_bytes()).collect()
}

#[test]
fn cap_49_hostile_bytes_break_no_entry_point() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/fuzz");
    let words = words(&root);
    for (name, run) in targets::ALL {
        let mut files: Vec<_> =
            fs::read_dir(root.join("corpus").join(name)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let corpus: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap()).collect();
        assert!(corpus.len() >= 5, "{name} has no corpus");
        corpus.iter().for_each(|input| run(input));
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for _ in 0..RUNS {
            let mut input = corpus[dice.below(corpus.len())].clone();
            for _ in 0..=dice.below(4) {
                change(&mut input, &corpus[dice.below(corpus.len())], &words, &mut dice);
            }
            run(&input);
        }
    }
}
