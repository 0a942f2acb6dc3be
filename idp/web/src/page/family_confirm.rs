//! `/me/family/return`: what a child's card says, whose it is, and who the guardian is to the child. Posts to `/me/family/keep`:
//! `decision` is `keep` or `drop`; to keep, `child` names one of the family, or `kind` and `declare=yes` say that one comes into it.

use askama::Template;

use super::Page;
use super::sample::shell;
use crate::kit::date::Day;
use crate::kit::{Lang, PageHeaders, Shell, Words};

/// The page after a child's card.
#[derive(Template)]
#[template(path = "page/family_confirm.html")]
pub struct FamilyConfirm {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// The ticket that the reading waits in.
    pub ticket: String,
    /// Name as the card says it.
    pub name: String,
    /// Address as the card says it.
    pub address: String,
    /// Date of birth.
    pub birthdate: String,
    /// The child of the family whose card this is, by its chip.
    pub known: Option<FamilyChild>,
    /// Children of the family who may have got this as their next card.
    pub alike: Vec<FamilyChild>,
    /// The guardian did not say who they are to the child.
    pub undeclared: bool,
}

/// A child of the family.
#[derive(Clone)]
pub struct FamilyChild {
    /// What the form sends.
    pub id: String,
    /// The name, as the last card said it.
    pub name: String,
}

impl FamilyConfirm {
    /// What the form sends as `child` for one who is not in the family.
    pub const OTHER: &'static str = "other";

    fn heading(&self) -> &'static str {
        match (&self.known, self.alike.is_empty()) {
            (Some(_), _) => "family-confirm-again",
            (None, false) => "family-unsaid",
            (None, true) => "family-confirm-title",
        }
    }

    fn born(&self) -> Words {
        let lang = self.shell.lang;
        Day::parse(&self.birthdate).map_or_else(|| lang.t("confirm-empty"), |day| day.birth(lang))
    }
}

impl Page for FamilyConfirm {
    const NAME: &'static str = "family_confirm";

    fn headers(&self) -> PageHeaders {
        PageHeaders::plain()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, FamilyConfirm)> {
        let child = || FamilyChild { id: "handle".into(), name: "山田　はると".into() };
        let of = |undeclared| FamilyConfirm {
            shell: shell(lang, "/me/family/return"),
            csrf: "token".into(),
            ticket: "ticket".into(),
            name: "山田　はると".into(),
            address: "石川県加賀市大聖寺見本町１２番地３".into(),
            birthdate: "2022-06-30".into(),
            known: None,
            alike: Vec::new(),
            undeclared,
        };
        let perhaps = |undeclared| FamilyConfirm { alike: vec![child()], ..of(undeclared) };
        vec![
            ("ordinary", of(false)),
            ("undeclared", of(true)),
            ("again", FamilyConfirm { known: Some(child()), ..of(false) }),
            ("perhaps", perhaps(false)),
            ("unsaid", perhaps(true)),
        ]
    }
}
