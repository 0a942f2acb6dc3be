//! Which facility, and its own words.

/// One of the demo's two facilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 加賀市立図書館: asks for residence and age, raises the loan limit after a face match.
    Library,
    /// 子育て支援センター: asks for the basic four and the age band.
    Kosodate,
}

impl Kind {
    /// A short ASCII word for class names and cookies.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Kosodate => "kosodate",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Library => "加賀市立図書館",
            Self::Kosodate => "子育て支援センター",
        }
    }

    /// The label that says this page is not the real facility's.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Library => "デモの図書館",
            Self::Kosodate => "デモの施設",
        }
    }

    pub(super) fn welcome(self) -> &'static str {
        match self {
            Self::Library => "本を借りる方の利用登録",
            Self::Kosodate => "親子ひろばの利用登録",
        }
    }

    pub(super) fn lead(self) -> &'static str {
        match self {
            Self::Library => {
                "市内にお住まいで18歳以上の方は、PASSでログインするとすぐに本を借りられます。氏名や番地は受け取りません。"
            }
            Self::Kosodate => {
                "ひろばを使う前に、保護者の方の氏名、住所、生年月日、性別をPASSで確かめます。用紙への記入はいりません。"
            }
        }
    }

    pub(super) fn has_loan_limit(self) -> bool {
        self == Self::Library
    }

    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Library => include_str!("library.svg"),
            Self::Kosodate => include_str!("kosodate.svg"),
        }
    }
}
