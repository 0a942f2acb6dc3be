//! The facility's papers that the consent page links to: `policy_uri` and `tos_uri` (OIDC Dynamic Registration 1.0, 2).

use super::kind::Kind;

/// A paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    /// `/privacy`
    Privacy,
    /// `/terms`
    Terms,
}

/// A heading and what stands below it.
type Paragraph = (&'static str, &'static str);

impl Paper {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Privacy => "個人情報の扱い",
            Self::Terms => "利用規約",
        }
    }

    pub(super) fn paragraphs(self, kind: Kind) -> [Paragraph; 3] {
        match (self, kind) {
            (Self::Privacy, Kind::Library) => [
                (
                    "受け取る情報",
                    "お住まいの市区町村と、18歳以上かどうかを、PASSから受け取ります。氏名や番地は受け取りません。",
                ),
                ("使いみち", "市内にお住まいの方の利用登録だけに使います。ほかの人や団体には渡しません。"),
                ("やめるとき", "PASSの「施設」のページで、いつでも渡すのをやめられます。"),
            ],
            (Self::Privacy, Kind::Kosodate) => [
                ("受け取る情報", "氏名、住所、生年月日、性別と、年齢の区分を、PASSから受け取ります。"),
                ("使いみち", "親子の利用登録と、緊急時の連絡だけに使います。ほかの人や団体には渡しません。"),
                ("やめるとき", "PASSの「施設」のページで、いつでも渡すのをやめられます。"),
            ],
            (Self::Terms, Kind::Library) => [
                ("借りられる方", "加賀市にお住まいで、18歳以上の方です。館内では、どなたでも読めます。"),
                ("貸出限度", "10冊までです。顔でご本人の確認をすると、30冊まで増やせます。"),
                ("返すとき", "借りた本は、2週間のうちに返してください。"),
            ],
            (Self::Terms, Kind::Kosodate) => [
                ("使える方", "小さなお子さんと、その保護者の方です。"),
                ("お預かり", "お子さんだけのお預かりはしていません。"),
                ("お休み", "月曜日と、年末年始はお休みです。"),
            ],
        }
    }
}
