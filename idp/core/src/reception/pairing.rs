//! The code that pairs a device: short enough to be typed once, good for ten minutes and for one device.

use crate::Entropy;
use crate::seal::Key;
use crate::secret::Hash;
use std::time::Duration;

/// How long a code is good for.
pub const LIFE: Duration = Duration::from_secs(600);

/// No letter that looks like another one or like a digit.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 8;

/// A fresh code, as it is shown: `XXXX-XXXX`, forty bits.
pub fn code(entropy: &dyn Entropy) -> String {
    let mut code = String::with_capacity(LENGTH + 1);
    while code.len() < LENGTH + 1 {
        let mut byte = [0];
        entropy.fill(&mut byte);
        // 32 letters: every one is equally likely.
        code.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        if code.len() == LENGTH / 2 {
            code.push('-');
        }
    }
    code
}

/// What the table knows a typed code by. Small letters, full-width ones, spaces and hyphens are all the same; what cannot be a
/// code is nothing. Keyed: forty bits alone would be found again by trying.
pub fn index(key: &Key, typed: &str) -> Option<Hash> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let left_out = |c: &char| !(c.is_whitespace() || matches!(c, '-' | 'ー' | '－' | '‐' | '−'));
    let code: String = typed.chars().map(narrow).filter(left_out).map(|c| c.to_ascii_uppercase()).collect();
    let fits = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then(|| key.mac(&[b"pairing code", code.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reception::Counting;
    use crate::seal::{Purpose, WrappingSecret};

    #[test]
    fn cap_38_a_code_is_known_however_it_is_typed() {
        let code = code(&Counting::default());
        assert_eq!((code.len(), code.as_bytes()[4]), (9, b'-'));
        let key = WrappingSecret::new([1; 32]).derive(Purpose::BlindIndex);
        let index = |typed: &str| index(&key, typed);
        let known = index(&code).expect("a code");
        let wide: String = code
            .chars()
            .map(|c| if c == '-' { 'ー' } else { char::from_u32(u32::from(c) + 0xfee0).unwrap() })
            .collect();
        for typed in [code.to_lowercase(), code.replace('-', ""), code.replace('-', " "), format!(" {code} "), wide] {
            assert_eq!(index(&typed), Some(known), "{typed:?}");
        }
        for other in ["", "2345-678", "2345-6789A", "O000-0000", "2345-678I", "日本語"] {
            assert_eq!(index(other), None, "{other:?}");
        }
    }
}
