//! The facility's pages as values; the templates lie in `templates/relying_party/`.

use askama::Template;
use serde_json::{Map, Value};

use super::{
    kind::Kind,
    paper::Paper,
    session::SignedIn,
    trouble::Trouble,
    wording::{self, Row},
};

/// Before anybody is signed in.
#[derive(Template)]
#[template(path = "relying_party/front.html")]
pub(super) struct Front {
    pub(super) kind: Kind,
}

/// What the facility knows about the visitor who is signed in.
#[derive(Template)]
#[template(path = "relying_party/member.html")]
pub(super) struct Member {
    kind: Kind,
    verdict: Verdict,
    loan_limit: u32,
    news: Option<&'static str>,
    refused: Option<String>,
    userinfo: Vec<Row>,
    id_token: Vec<Row>,
    refreshable: bool,
}

/// Something did not work, or the visitor said no.
#[derive(Template)]
#[template(path = "relying_party/trouble.html")]
pub(super) struct Failed {
    pub(super) kind: Kind,
    pub(super) trouble: Trouble,
}

/// What the facility says about data and use.
#[derive(Template)]
#[template(path = "relying_party/paper.html")]
pub(super) struct Papers {
    pub(super) kind: Kind,
    pub(super) paper: Paper,
}

/// Whether this visitor may use the facility, by what came from the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Registered,
    Elsewhere,
    NoAccess,
}

impl Member {
    pub(super) fn new(kind: Kind, signed_in: &SignedIn) -> Self {
        let userinfo = signed_in.userinfo.as_ref();
        Self {
            kind,
            verdict: verdict(kind, userinfo.ok()),
            loan_limit: signed_in.loan_limit,
            news: signed_in.news,
            refused: userinfo.err().map(|trouble| trouble.code().to_owned()),
            userinfo: userinfo.map(wording::rows).unwrap_or_default(),
            id_token: wording::rows(&signed_in.claims),
            refreshable: signed_in.refresh.is_some(),
        }
    }
}

fn verdict(kind: Kind, userinfo: Option<&Map<String, Value>>) -> Verdict {
    let Some(userinfo) = userinfo else { return Verdict::NoAccess };
    let yes = |claim: &str| userinfo.get(claim).and_then(Value::as_bool) == Some(true);
    match kind {
        Kind::Library if !(yes("is_resident") && yes("age_over_18")) => Verdict::Elsewhere,
        Kind::Library | Kind::Kosodate => Verdict::Registered,
    }
}

impl Member {
    /// Whether this visitor may borrow, and so change how much.
    fn borrows(&self) -> bool {
        self.kind.has_loan_limit() && self.verdict == Verdict::Registered
    }
}

impl Verdict {
    fn headline(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Registered, Kind::Library) => "加賀市にお住まいの方として、本を借りられます",
            (Self::Registered, Kind::Kosodate) => "ひろばの利用登録ができました",
            (Self::Elsewhere, _) => "館内で本を読めます。貸し出しは、市内にお住まいで18歳以上の方が対象です",
            (Self::NoAccess, _) => "アクセスできません",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_adult_residents_may_borrow() {
        for (claims, kind, expected) in [
            (json!({"is_resident": true, "age_over_18": true}), Kind::Library, Verdict::Registered),
            (json!({"is_resident": false, "age_over_18": true}), Kind::Library, Verdict::Elsewhere),
            (json!({"is_resident": true}), Kind::Library, Verdict::Elsewhere),
            (json!({"name": "x"}), Kind::Kosodate, Verdict::Registered),
        ] {
            assert_eq!(verdict(kind, claims.as_object()), expected, "{claims}");
        }
        assert_eq!(verdict(Kind::Library, None), Verdict::NoAccess);
    }

    #[test]
    fn every_page_has_one_h1_and_says_that_it_is_a_demo() {
        for kind in [Kind::Library, Kind::Kosodate] {
            let front = Front { kind }.render().unwrap();
            let failed = Failed { kind, trouble: Trouble::Stray }.render().unwrap();
            let paper = |paper| Papers { kind, paper }.render().unwrap();
            for page in [front, failed, paper(Paper::Privacy), paper(Paper::Terms)] {
                assert_eq!(page.matches("<h1").count(), 1);
                assert!(page.contains(kind.label()));
            }
        }
    }
}
