//! `/me/family`: the children an account acts for. `do=add` sends the browser to the card agent; `do=remove` with `id` ends it.

use askama::Template;
use pass_core::domain::relation::RelationKind;

use super::Page;
use super::sample::{by, shell};
use crate::kit::{Lang, PageHeaders, Shell, Words, date};

/// The family.
#[derive(Template)]
#[template(path = "page/me_family.html")]
pub struct MeFamily {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// The children.
    pub children: Vec<FamilyLine>,
    /// Whether this resident may add one: proofed by a signature of their own.
    pub may_add: bool,
    /// Address of the card agent, where the form leads. Without one children's cards cannot be read here at all.
    pub agent: Option<String>,
    /// What was just done.
    pub done: Option<FamilyDone>,
}

/// What was just done on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FamilyDone {
    /// A child was added.
    Added,
    /// A child's card was read again.
    Reread,
    /// A child was removed.
    Removed,
}

/// A child in the list.
#[derive(Clone)]
pub struct FamilyLine {
    /// What the forms send.
    pub id: String,
    /// The name, as the card says it.
    pub name: String,
    /// The age, where the birth day is known.
    pub age: Option<i32>,
    /// As what the account acts.
    pub kind: RelationKind,
    /// The day on which the child is of age, in words.
    pub until: String,
    /// When its card was read, in words.
    pub read: String,
    /// That is more than a year ago.
    pub old: bool,
    /// The child is of age: nothing can be done for it any more.
    pub over: bool,
}

impl MeFamily {
    fn kind(&self, one: &FamilyLine) -> Words {
        let key = match one.kind {
            RelationKind::Parent => "family-as-parent",
            RelationKind::Guardian => "family-as-guardian",
        };
        self.shell.t(key)
    }

    fn age(&self, age: &i32) -> Words {
        self.shell.lang.t_args("family-age", &[("age", (*age).into())])
    }
}

impl Page for MeFamily {
    const NAME: &'static str = "me_family";

    fn headers(&self) -> PageHeaders {
        let headers = PageHeaders::plain();
        match &self.agent {
            Some(agent) => headers.form_to(agent),
            None => headers,
        }
    }

    fn samples(lang: Lang) -> Vec<(&'static str, MeFamily)> {
        let child = |name: &str, age| FamilyLine {
            id: name.into(),
            name: name.into(),
            age: Some(age),
            kind: RelationKind::Parent,
            until: date::Day::of(2_224_000_000_000).words(lang).text().to_owned(),
            read: date::Day::of(1_795_502_520_000).words(lang).text().to_owned(),
            old: false,
            over: false,
        };
        let of = |children| MeFamily {
            shell: shell(lang, "/me/family"),
            csrf: "token".into(),
            children,
            may_add: true,
            agent: Some("http://127.0.0.1:8084".into()),
            done: None,
        };
        let grown = FamilyLine { over: true, age: Some(18), ..child("山田　そら", 18) };
        let ward = FamilyLine {
            kind: RelationKind::Guardian,
            ..child(&by(lang, "山田　みお", "山田　みお", "山田　みお"), 0)
        };
        vec![
            ("ordinary", of(vec![child("山田　はると", 4), ward])),
            ("added", MeFamily { done: Some(FamilyDone::Added), ..of(vec![child("山田　はると", 4)]) }),
            ("old", of(vec![FamilyLine { old: true, ..child("山田　はると", 4) }])),
            ("reread", MeFamily { done: Some(FamilyDone::Reread), ..of(vec![child("山田　はると", 4)]) }),
            ("grown", of(vec![grown])),
            ("none", MeFamily { done: Some(FamilyDone::Removed), ..of(Vec::new()) }),
            ("unproofed", MeFamily { may_add: false, ..of(Vec::new()) }),
            ("not-here", MeFamily { may_add: false, agent: None, ..of(Vec::new()) }),
        ]
    }
}
