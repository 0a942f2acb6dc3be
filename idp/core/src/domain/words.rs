//! Languages and texts that a facility registers in each of them.

use serde::{Deserialize, Serialize};

/// The three languages of every page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// 日本語
    #[default]
    Ja,
    /// やさしい日本語
    Easy,
    /// English
    En,
}

/// One text in the three languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalText {
    /// 日本語
    pub ja: String,
    /// やさしい日本語; falls back to `ja` when empty.
    #[serde(default)]
    pub easy: String,
    /// English; falls back to `ja` when empty.
    #[serde(default)]
    pub en: String,
}

impl LocalText {
    /// One text for all languages, for example a program's own name.
    pub fn same(text: &str) -> Self {
        Self { ja: text.into(), easy: String::new(), en: String::new() }
    }

    /// The text in three languages.
    pub fn new(ja: &str, easy: &str, en: &str) -> Self {
        Self { ja: ja.into(), easy: easy.into(), en: en.into() }
    }

    /// The text for a reader.
    pub fn get(&self, language: Language) -> &str {
        let wanted = match language {
            Language::Ja => &self.ja,
            Language::Easy => &self.easy,
            Language::En => &self.en,
        };
        if wanted.is_empty() { &self.ja } else { wanted }
    }
}
