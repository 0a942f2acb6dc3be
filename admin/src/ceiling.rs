//! The draft of a ceiling: what the form says, whether it may be saved, and what it would change.
//!
//! The city's own ceiling is the catalogue: a facility may ask for any of its claims. Proven ones are marked, and no
//! claim is given on a weaker sign-in than its own (`docs/claims.md`, "least strength").

use pass_core::Time;
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::claims::release::{Origin, floor, origin};
use pass_core::domain::facility::{Ceiling, CeilingEntry, Requirement};
use pass_core::domain::words::LocalText;
use std::collections::HashMap;

/// Longest purpose in characters: it must be read on a phone.
pub const PURPOSE_MOST: usize = 120;

/// What the form says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What the facility does with the claims.
    pub purpose: LocalText,
    /// The claims asked for, in the order of the catalogue.
    pub entries: Vec<CeilingEntry>,
}

/// Why a draft may not be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftFault {
    /// The purpose is not written in Japanese.
    NoPurpose,
    /// A purpose is longer than people read.
    LongPurpose,
}

/// What a draft would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The purpose.
    Purpose,
    /// A claim is asked for that was not.
    Added(Claim),
    /// A claim is no longer asked for.
    Removed(Claim),
    /// Required became optional, or the reverse.
    Requirement(Claim, Requirement),
    /// The least strength.
    Least(Claim, Acr),
}

/// Whether the value comes from the card.
pub const fn is_proven(claim: Claim) -> bool {
    !matches!(origin(claim), Origin::Person)
}

impl Draft {
    /// The draft that changes nothing.
    pub fn of(ceiling: &Ceiling) -> Self {
        let entries = Claim::ALL.iter().filter_map(|claim| ceiling.entry(*claim).cloned()).collect();
        Self { purpose: ceiling.purpose.clone(), entries }
    }

    /// Reads the form: `purpose-{ja,easy,en}`, `ask-{claim}` (`required`, `optional` or `no`) and `least-{claim}`.
    /// Anything else means "not asked for".
    pub fn read(form: &HashMap<String, String>) -> Self {
        let text = |name: &str| form.get(name).map(|text| tidy(text)).unwrap_or_default();
        let entries = Claim::ALL.iter().filter_map(|claim| entry(form, *claim)).collect();
        let purpose = LocalText { ja: text("purpose-ja"), easy: text("purpose-easy"), en: text("purpose-en") };
        Self { purpose, entries }
    }

    /// The entry of a claim.
    pub fn entry(&self, claim: Claim) -> Option<&CeilingEntry> {
        self.entries.iter().find(|entry| entry.claim == claim)
    }

    /// Why it may not be saved.
    pub fn fault(&self) -> Option<DraftFault> {
        let LocalText { ja, easy, en } = &self.purpose;
        if ja.is_empty() {
            return Some(DraftFault::NoPurpose);
        }
        [ja, easy, en].into_iter().any(|text| text.chars().count() > PURPOSE_MOST).then_some(DraftFault::LongPurpose)
    }

    /// What it would change, in the order of the page.
    pub fn changes(&self, present: &Ceiling) -> Vec<Change> {
        let purpose = (self.purpose != present.purpose).then_some(Change::Purpose);
        let claims = Claim::ALL.iter().flat_map(|claim| change(*claim, present.entry(*claim), self.entry(*claim)));
        purpose.into_iter().chain(claims).collect()
    }

    /// The ceiling that comes after `present`.
    pub fn next(&self, present: &Ceiling, now: Time) -> Ceiling {
        Ceiling {
            facility: present.facility,
            version: present.version + 1,
            purpose: self.purpose.clone(),
            entries: self.entries.clone(),
            created_at: now,
        }
    }
}

fn entry(form: &HashMap<String, String>, claim: Claim) -> Option<CeilingEntry> {
    let requirement = match form.get(&format!("ask-{}", claim.as_str())).map(String::as_str) {
        Some("required") => Requirement::Required,
        Some("optional") => Requirement::Optional,
        _ => return None,
    };
    let asked = form.get(&format!("least-{}", claim.as_str())).and_then(|word| Acr::parse(word));
    // Never weaker than the claim's own least strength, whatever the form says.
    let least = asked.filter(|acr| acr.satisfies(floor(claim))).unwrap_or(floor(claim));
    Some(CeilingEntry { claim, requirement, least })
}

fn change(claim: Claim, before: Option<&CeilingEntry>, after: Option<&CeilingEntry>) -> Vec<Change> {
    match (before, after) {
        (None, Some(_)) => vec![Change::Added(claim)],
        (Some(_), None) => vec![Change::Removed(claim)],
        (Some(before), Some(after)) => {
            let requirement =
                (before.requirement != after.requirement).then_some(Change::Requirement(claim, after.requirement));
            let least = (before.least != after.least).then_some(Change::Least(claim, after.least));
            requirement.into_iter().chain(least).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// One line without spaces around it; control characters have no place in a sentence.
fn tidy(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass_core::id::FacilityId;

    fn present() -> Ceiling {
        Ceiling {
            facility: FacilityId([1; 16]),
            version: 3,
            purpose: LocalText::new("利用登録", "", "Registration"),
            entries: vec![
                CeilingEntry { claim: Claim::IsResident, requirement: Requirement::Required, least: Acr::Aal1 },
                CeilingEntry { claim: Claim::Email, requirement: Requirement::Optional, least: Acr::Zero },
            ],
            created_at: Time(0),
        }
    }

    fn form(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_draft_of_the_present_changes_nothing() {
        assert!(Draft::of(&present()).changes(&present()).is_empty());
    }

    #[test]
    fn every_kind_of_change_is_named() {
        let draft = Draft::read(&form(&[
            ("purpose-ja", " 利用登録 "),
            ("purpose-en", "Registration"),
            ("ask-is_resident", "optional"),
            ("least-is_resident", "aal2"),
            ("ask-name", "required"),
        ]));
        let changes = draft.changes(&present());
        assert_eq!(
            changes,
            [
                Change::Added(Claim::Name),
                Change::Requirement(Claim::IsResident, Requirement::Optional),
                Change::Least(Claim::IsResident, Acr::Aal2),
                Change::Removed(Claim::Email),
            ]
        );
        assert_eq!(draft.next(&present(), Time(9)).version, 4);
        assert_eq!(draft.fault(), None);
    }

    #[test]
    fn a_claim_is_never_asked_below_its_own_least_strength() {
        for (word, want) in [("0", Acr::Aal2), ("aal1", Acr::Aal2), ("aal3", Acr::Aal3), ("nonsense", Acr::Aal2)] {
            let draft = Draft::read(&form(&[("ask-name", "required"), ("least-name", word)]));
            assert_eq!(draft.entry(Claim::Name).map(|entry| entry.least), Some(want), "{word}");
        }
    }

    #[test]
    fn a_purpose_must_be_there_and_readable() {
        let long = "あ".repeat(PURPOSE_MOST + 1);
        let fits = "あ".repeat(PURPOSE_MOST);
        for (purpose, want) in [
            ("", Some(DraftFault::NoPurpose)),
            (" \n ", Some(DraftFault::NoPurpose)),
            (long.as_str(), Some(DraftFault::LongPurpose)),
            (fits.as_str(), None),
        ] {
            assert_eq!(Draft::read(&form(&[("purpose-ja", purpose)])).fault(), want);
        }
    }

    #[test]
    fn words_that_are_not_ours_ask_for_nothing() {
        let draft = Draft::read(&form(&[("ask-name", "yes"), ("ask-secret_thing", "required")]));
        assert!(draft.entries.is_empty());
    }
}
