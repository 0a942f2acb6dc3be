//! The three languages of PASS and the texts in them (`locales/`, one Fluent file a page).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};

use super::ruby::Words;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "ja",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static IDS: LazyLock<[LanguageIdentifier; 3]> =
    LazyLock::new(|| Lang::ALL.map(|lang| lang.locale().parse().expect("the locale names are BCP 47")));

/// A value inside a text: a number (which may choose the plural) or words.
pub type Value<'a> = FluentValue<'a>;

/// A language that every page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// 日本語
    #[default]
    Ja,
    /// やさしい日本語
    Easy,
    /// English
    En,
}

impl Lang {
    /// All of them, in the order of the language links.
    pub const ALL: [Lang; 3] = [Lang::Ja, Lang::Easy, Lang::En];

    /// The word in `?lang=`, in the cookie and on the account.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::Easy => "easy",
            Lang::En => "en",
        }
    }

    /// The folder under `locales/`; `easyjp` is a private variant of Japanese.
    pub fn locale(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::Easy => "ja-easyjp",
            Lang::En => "en",
        }
    }

    /// The `lang` attribute of the page.
    pub fn html(self) -> &'static str {
        match self {
            Lang::Ja | Lang::Easy => "ja",
            Lang::En => "en",
        }
    }

    /// Its own name, as the language links show it.
    pub fn name(self) -> &'static str {
        match self {
            Lang::Ja => "日本語",
            Lang::Easy => "やさしい日本語",
            Lang::En => "English",
        }
    }

    /// The text of a key.
    pub fn t(self, key: &str) -> Words {
        self.t_args(key, &[])
    }

    /// The text of a key with its placeholders filled.
    pub fn t_args(self, key: &str, args: &[(&'static str, Value<'_>)]) -> Words {
        Words::new(self, self.find(key, args).unwrap_or_else(|| format!("[{key}]")))
    }

    /// Whether there is a text without placeholders of this name in this very language.
    pub fn knows(self, key: &str) -> bool {
        LOCALES.lookup_single_language::<&str>(self.id(), key, None).is_ok()
    }

    fn find(self, key: &str, args: &[(&'static str, Value<'_>)]) -> Option<String> {
        if args.is_empty() {
            return LOCALES.try_lookup(self.id(), key);
        }
        let args: HashMap<Cow<'static, str>, Value<'_>> =
            args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        LOCALES.try_lookup_with_args(self.id(), key, &args)
    }

    fn id(self) -> &'static LanguageIdentifier {
        &IDS[self as usize]
    }
}

/// What may stand inside a text, so that templates can pass fields as they are.
pub trait Arg {
    /// The value Fluent sees.
    fn value(&self) -> Value<'_>;
}

impl Arg for str {
    fn value(&self) -> Value<'_> {
        Value::from(self)
    }
}

impl Arg for String {
    fn value(&self) -> Value<'_> {
        Value::from(self.as_str())
    }
}

impl Arg for Words {
    fn value(&self) -> Value<'_> {
        Value::from(self.text())
    }
}

impl<T: Arg + ?Sized> Arg for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

macro_rules! numbers {
    ($($t:ty)*) => { $(impl Arg for $t {
        fn value(&self) -> Value<'_> {
            Value::from(*self)
        }
    })* };
}
numbers!(u8 u16 u32 u64 usize i32 i64);
