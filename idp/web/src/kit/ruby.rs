//! Words of a page: escaped for HTML, and in やさしい日本語 with the reading above the kanji.
//!
//! Texts write a reading in full-width brackets right after the kanji, 漢字（かんじ）. This is the one place that turns
//! it into `<ruby>`. A page title or an attribute cannot hold markup: there the reading takes the place of the kanji.

use std::fmt;

use askama::filters::HtmlSafe;

use super::words::Lang;

/// A text in a language. `Display` writes safe HTML; [`Words::text`] is the text as it stands in the locale file.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    lang: Lang,
    text: String,
}

impl Words {
    /// Words that are to be shown in this language; readings are honoured in やさしい日本語 only.
    pub fn new(lang: Lang, text: impl Into<String>) -> Words {
        Words { lang, text: text.into() }
    }

    /// The plain text: for mails and for the values of other texts.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The plain text for titles and attributes.
    pub fn plain(&self) -> String {
        match self.lang {
            Lang::Easy => pieces(&self.text).map(Piece::reading).collect(),
            Lang::Ja | Lang::En => self.text.clone(),
        }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lang != Lang::Easy {
            return escape(out, &self.text);
        }
        for piece in pieces(&self.text) {
            match piece {
                Piece::Plain(text) => escape(out, text)?,
                Piece::Read { kanji, reading } => {
                    out.write_str("<ruby>")?;
                    escape(out, kanji)?;
                    out.write_str("<rt>")?;
                    escape(out, reading)?;
                    out.write_str("</rt></ruby>")?;
                }
            }
        }
        Ok(())
    }
}

// Display escapes everything that came from outside, so askama need not do it again.
impl HtmlSafe for Words {}

enum Piece<'a> {
    Plain(&'a str),
    Read { kanji: &'a str, reading: &'a str },
}

impl<'a> Piece<'a> {
    fn reading(self) -> &'a str {
        match self {
            Piece::Plain(text) => text,
            Piece::Read { reading, .. } => reading,
        }
    }
}

fn pieces(mut rest: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut queued = None;
    std::iter::from_fn(move || {
        if let Some(piece) = queued.take() {
            return Some(piece);
        }
        if rest.is_empty() {
            return None;
        }
        let Some((before, kanji, reading, after)) = next_reading(rest) else {
            return Some(Piece::Plain(std::mem::take(&mut rest)));
        };
        rest = after;
        let read = Piece::Read { kanji, reading };
        if before.is_empty() {
            return Some(read);
        }
        queued = Some(read);
        Some(Piece::Plain(before))
    })
}

/// The first 漢字（かな） of a text, with what stands before and after it.
fn next_reading(text: &str) -> Option<(&str, &str, &str, &str)> {
    for (open, bracket) in text.match_indices('（') {
        let inside = &text[open + bracket.len()..];
        let Some(close) = inside.find('）') else {
            break;
        };
        let reading = &inside[..close];
        let start = text[..open].char_indices().rev().take_while(|&(_, c)| is_kanji(c)).last();
        if let Some((start, _)) = start
            && !reading.is_empty()
            && reading.chars().all(is_kana)
        {
            return Some((&text[..start], &text[start..open], reading, &inside[close + '）'.len_utf8()..]));
        }
    }
    None
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〇' | 'ヶ' | 'ケ')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30ff}' | ' ' | '\u{3000}')
}

fn escape(out: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let entity = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ => continue,
        };
        out.write_str(&text[from..at])?;
        out.write_str(entity)?;
        from = at + c.len_utf8();
    }
    out.write_str(&text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_become_ruby_only_in_easy_japanese() {
        let cases = [
            ("数字（すうじ）を もらう", "<ruby>数字<rt>すうじ</rt></ruby>を もらう", "すうじを もらう"),
            (
                "お金（かね）は 何（なに）",
                "お<ruby>金<rt>かね</rt></ruby>は <ruby>何<rt>なに</rt></ruby>",
                "おかねは なに",
            ),
            ("カード（かな）", "カード（かな）", "カード（かな）"),
            ("市（x）と 市（し）", "市（x）と <ruby>市<rt>し</rt></ruby>", "市（x）と し"),
            ("閉じない（かな", "閉じない（かな", "閉じない（かな"),
            ("<b>&市（し）", "&lt;b&gt;&amp;<ruby>市<rt>し</rt></ruby>", "<b>&し"),
        ];
        for (text, html, plain) in cases {
            assert_eq!(Words::new(Lang::Easy, text).to_string(), html);
            assert_eq!(Words::new(Lang::Easy, text).plain(), plain);
        }
        assert_eq!(Words::new(Lang::Ja, "市（し）<").to_string(), "市（し）&lt;");
        assert_eq!(Words::new(Lang::Ja, "市（し）").plain(), "市（し）");
    }
}
