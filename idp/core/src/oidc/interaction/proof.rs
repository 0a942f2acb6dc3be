//! Proofing: claims that a card must prove are wanted and the person is not proofed.

use super::{Facts, Step};

pub(super) fn proofed(facts: &Facts<'_>) -> Option<Step> {
    (facts.needs.proofing && !facts.progress.proof_declined).then_some(Step::Proof)
}
