//! `/me/family/return`: what a child's card says, and who the guardian is to the child. Posts to `/me/family/keep`: `decision` is
//! `keep` (with `kind` and `declare=yes`) or `drop`.

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
    /// The guardian did not say who they are to the child.
    pub undeclared: bool,
}

impl FamilyConfirm {
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
        let of = |undeclared| FamilyConfirm {
            shell: shell(lang, "/me/family/return"),
            csrf: "token".into(),
            ticket: "ticket".into(),
            name: "山田　はると".into(),
            address: "石川県加賀市大聖寺見本町１２番地３".into(),
            birthdate: "2022-06-30".into(),
            undeclared,
        };
        vec![("ordinary", of(false)), ("undeclared", of(true))]
    }
}
