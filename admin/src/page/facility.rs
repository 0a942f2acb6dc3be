//! `/manager/facility`: which claims the facility asks for, and what residents would see.
//!
//! The form sends `do` (`preview`, `save` or `reset`), `base` (the version it started from), `purpose-{ja,easy,en}`,
//! `ask-{claim}` and `least-{claim}`.

use askama::Template;
use pass_core::authn::acr::Acr;
use pass_core::claims::release::floor;
use pass_core::claims::{Claim, Group};
use pass_core::domain::facility::{Ceiling, Requirement};
use pass_core::domain::words::LocalText;
use pass_web::kit::{Lang, Shell, Words};
use pass_web::page::slip::Row;
use std::collections::BTreeSet;

use super::Page;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;
use crate::ceiling::{Change, Draft, DraftFault, is_proven};
use crate::preview::Preview;
use crate::words;

/// The editor.
#[derive(Template)]
#[template(path = "manager/facility.html")]
pub struct FacilityPage {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// The version the form started from.
    pub base: i32,
    /// Since when that version holds.
    pub since: Words,
    /// The purpose in the form.
    pub purpose: LocalText,
    /// The claims, one block for each group.
    pub groups: Vec<GroupBlock>,
    /// The invented person.
    pub person: &'static str,
    /// What would be handed over.
    pub rows: Vec<Row>,
    /// What would stay.
    pub kept: Vec<Words>,
    /// How far the change is.
    pub state: State,
}

/// How far a change is.
#[derive(Clone)]
pub enum State {
    /// The present version.
    Present,
    /// The present version, just saved.
    Saved,
    /// A draft that may be saved.
    Draft {
        /// What it changes.
        changes: Vec<Words>,
        /// How many residents would be asked again.
        asked: String,
    },
    /// A draft that changes nothing.
    Same,
    /// A draft that may not be saved.
    Faulty(DraftFault),
    /// Somebody saved another version meanwhile.
    Stale,
}

/// A group of claims.
#[derive(Clone)]
pub struct GroupBlock {
    /// Its word in ids.
    pub key: &'static str,
    /// What people call it.
    pub label: Words,
    /// How many of its claims are asked for.
    pub asked: usize,
    /// Its claims.
    pub claims: Vec<ClaimLine>,
}

/// A claim of the form.
#[derive(Clone)]
pub struct ClaimLine {
    /// Its name.
    pub claim: &'static str,
    /// What people call it.
    pub label: Words,
    /// Whether it comes from the card.
    pub proven: bool,
    /// Whether it is asked for.
    pub ask: Ask,
    /// It may be asked for, and no program of the facility has a scope that does.
    pub idle: bool,
    /// The strengths that may be asked for: value, key of the word, chosen.
    pub least: Vec<(&'static str, &'static str, bool)>,
}

/// Whether a claim is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// It is not.
    No,
    /// The resident may leave it out.
    Optional,
    /// Always.
    Required,
}

impl Ask {
    const ALL: [Self; 3] = [Self::No, Self::Required, Self::Optional];

    fn of(requirement: Option<Requirement>) -> Self {
        match requirement {
            None => Self::No,
            Some(Requirement::Optional) => Self::Optional,
            Some(Requirement::Required) => Self::Required,
        }
    }

    /// The value in the form.
    pub const fn value(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    /// Key of its word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::No => "mgr-ask-no",
            Self::Optional => "mgr-ask-optional",
            Self::Required => "mgr-ask-required",
        }
    }
}

impl GroupBlock {
    /// Whether the card proves it. The kana of a name is typed, its group is not.
    fn proven(&self) -> bool {
        self.claims.first().is_some_and(|line| line.proven)
    }
}

impl ClaimLine {
    /// The three answers: value, key, chosen.
    pub fn asks(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let chosen = self.ask;
        Ask::ALL.into_iter().map(move |ask| (ask.value(), ask.key(), ask == chosen))
    }
}

/// The claims of a draft as the form shows them.
fn groups(draft: &Draft, city: &str, lang: Lang) -> Vec<GroupBlock> {
    Group::ALL.into_iter().map(|group| block(group, draft, city, lang)).collect()
}

fn block(group: Group, draft: &Draft, city: &str, lang: Lang) -> GroupBlock {
    let of_group = Claim::ALL.iter().filter(|claim| claim.group() == group);
    let claims: Vec<ClaimLine> = of_group.map(|claim| line(*claim, draft, city, lang)).collect();
    GroupBlock {
        key: group.key(),
        label: words::group(lang, group),
        asked: claims.iter().filter(|line| line.ask != Ask::No).count(),
        claims,
    }
}

fn line(claim: Claim, draft: &Draft, city: &str, lang: Lang) -> ClaimLine {
    let entry = draft.entry(claim);
    let own = floor(claim);
    let chosen = entry.map_or(own, |entry| entry.least);
    ClaimLine {
        claim: claim.as_str(),
        label: words::claim(lang, city, claim),
        proven: is_proven(claim),
        ask: Ask::of(entry.map(|entry| entry.requirement)),
        idle: false,
        least: Acr::ALL
            .into_iter()
            .filter(|acr| acr.satisfies(own) || *acr == chosen)
            .map(|acr| (acr.as_str(), words::acr(acr), acr == chosen))
            .collect(),
    }
}

impl FacilityPage {
    /// The editor with a draft in it.
    pub fn new(frame: (Shell, Desk), present: &Ceiling, draft: &Draft, preview: Preview, state: State) -> Self {
        let (shell, desk) = frame;
        Self {
            base: present.version,
            since: pass_web::kit::date::Day::of(present.created_at.0).words(shell.lang),
            purpose: draft.purpose.clone(),
            groups: groups(draft, &shell.city, shell.lang),
            person: preview.person,
            rows: preview.rows,
            kept: preview.kept,
            state,
            shell,
            desk,
        }
    }

    /// Marks the claims that are in the ceiling, but not among those that the scopes of the facility's programs ask for.
    #[must_use]
    pub fn with_scopes(mut self, wanted: &BTreeSet<Claim>) -> Self {
        for line in self.groups.iter_mut().flat_map(|group| &mut group.claims) {
            line.idle = line.ask != Ask::No && Claim::parse(line.claim).is_some_and(|claim| !wanted.contains(&claim));
        }
        self
    }

    fn purpose_wrong(&self) -> bool {
        matches!(self.state, State::Faulty(_))
    }
}

impl DraftFault {
    /// Key of the sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoPurpose => "mgr-purpose-missing",
            Self::LongPurpose => "mgr-purpose-long",
        }
    }
}

/// A change as a sentence.
pub fn change_words(lang: Lang, city: &str, change: Change) -> Words {
    let about = |key: &str, claim| {
        let label = words::claim(lang, city, claim);
        lang.t_args(key, &[("claim", label.text().into())])
    };
    match change {
        Change::Purpose => lang.t("mgr-change-purpose"),
        Change::Added(claim) => about("mgr-change-added", claim),
        Change::Removed(claim) => about("mgr-change-removed", claim),
        Change::Requirement(claim, Requirement::Required) => about("mgr-change-required", claim),
        Change::Requirement(claim, Requirement::Optional) => about("mgr-change-optional", claim),
        Change::Least(claim, _) => about("mgr-change-least", claim),
    }
}

impl Page for FacilityPage {
    const NAME: &'static str = "desk-facility";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let present = sample::ceiling(lang);
        let city = sample::shell(lang, "").city;
        let of = |draft: &Draft, state| {
            let preview = Preview::of(draft, &sample::facility(), &city, lang, sample::NOW);
            let frame = (sample::shell(lang, "/manager/facility"), sample::desk(lang, Rank::Facility, Room::Facility));
            Self::new(frame, &present, draft, preview, state)
        };
        let same = Draft::of(&present);
        let mut wider = same.clone();
        wider.entries.extend(sample::more());
        let changes = wider.changes(&present).into_iter().map(|change| change_words(lang, &city, change)).collect();
        let mut mute = same.clone();
        mute.purpose.ja.clear();
        vec![
            ("ordinary", of(&same, State::Present)),
            ("draft", of(&wider, State::Draft { changes, asked: words::grouped(1_204) })),
            ("same", of(&same, State::Same)),
            ("idle", of(&wider, State::Present).with_scopes(&same.entries.iter().map(|entry| entry.claim).collect())),
            ("saved", of(&same, State::Saved)),
            ("faulty", of(&mute, State::Faulty(DraftFault::NoPurpose))),
            ("stale", of(&wider, State::Stale)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_that_no_program_asks_for_is_marked() {
        let (_, page) = FacilityPage::samples(Lang::Ja).into_iter().find(|(case, _)| *case == "idle").unwrap();
        let lines = page.groups.iter().flat_map(|group| &group.claims);
        let idle: BTreeSet<&str> = lines.filter(|line| line.idle).map(|line| line.claim).collect();
        assert_eq!(idle, sample::more().iter().map(|entry| entry.claim.as_str()).collect());
        for claim in idle {
            assert!(page.render().unwrap().contains(&format!("id=\"idle-{claim}\"")));
        }
    }
}
