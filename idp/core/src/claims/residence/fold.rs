//! Folding for comparison only: what is stored or shown is never folded.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

/// An address as folded characters, each with the byte of the raw text where it ends.
pub(super) struct Folded {
    pub(super) chars: Vec<char>,
    ends: Vec<usize>,
}

impl Folded {
    pub(super) fn new(raw: &str) -> Self {
        let mut folded = Self { chars: Vec::with_capacity(raw.len() / 3), ends: Vec::with_capacity(raw.len() / 3) };
        let mut base = None;
        for (at, ch) in raw.char_indices() {
            let end = at + ch.len_utf8();
            if is_variation_selector(ch) {
                if let Some(last) = folded.ends.last_mut() {
                    *last = end;
                }
                continue;
            }
            for part in ch.nfkc().filter(|part| !part.is_whitespace()) {
                folded.push(part, base, end);
                base = Some(part);
            }
        }
        folded
    }

    /// The byte of the raw text behind so many folded characters.
    pub(super) fn end_of(&self, count: usize) -> usize {
        count.checked_sub(1).map_or(0, |last| self.ends[last])
    }

    fn push(&mut self, part: char, base: Option<char>, end: usize) {
        let composed = base.filter(|_| is_combining_mark(part)).and_then(|base| compose(base, part));
        match (composed, self.chars.last_mut(), self.ends.last_mut()) {
            // NFKC of the whole: a sound mark of its own joins the kana before it.
            (Some(composed), Some(char), Some(last)) => (*char, *last) = (variant(composed), end),
            _ => {
                self.chars.push(variant(part));
                self.ends.push(end);
            }
        }
    }
}

/// Folds a name of the table.
pub(super) fn fold(name: &str) -> Box<[char]> {
    Folded::new(name).chars.into_boxed_slice()
}

fn is_variation_selector(ch: char) -> bool {
    matches!(ch, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Spellings of one municipality that registers and cards mix.
const fn variant(ch: char) -> char {
    match ch {
        'ヶ' | 'が' | 'ガ' => 'ケ',
        '惠' => '恵',
        '檮' => '梼',
        '鰺' => '鯵',
        '壺' => '壷',
        '曽' => '曾',
        '淵' => '渕',
        '邊' => '辺',
        '條' => '条',
        '龍' => '竜',
        '舘' => '館',
        '澤' => '沢',
        '濱' => '浜',
        '櫻' => '桜',
        '廣' => '広',
        '嶋' => '島',
        other => other,
    }
}
