//! For whom the account acts.

use super::{Facts, Step};

pub(super) fn chosen(facts: &Facts<'_>) -> Option<Step> {
    facts.choice_of_person.then_some(Step::ChoosePerson)
}
