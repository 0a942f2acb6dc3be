//! Proofing: claims that a card must prove are wanted and the person is not proofed, or no longer.

use super::{Facts, Step, strength};
use crate::authn::acr::Acr;

pub(super) fn proofed(facts: &Facts<'_>) -> Option<Step> {
    if !facts.needs.proofing || facts.progress.proof_declined {
        return None;
    }
    // docs/acr.md: what a card proved is replaced only after aal2. Declined or out of reach, it stays as it is.
    let strong = facts.session.is_some_and(|session| session.holds.contains(&Acr::Aal2.as_str()));
    if facts.proofed_before && !strong {
        return strength::may(facts, &[Acr::Aal2.as_str()]);
    }
    Some(Step::Proof)
}
