//! Consent: covered by a live one, or asked for.

use super::{Facts, Step};
use crate::oidc::request::Prompt;

pub(super) fn given(facts: &Facts<'_>) -> Option<Step> {
    // OpenID Connect Core 3.1.2.1: prompt=consent asks again even where a consent covers; once for each request.
    let asked_again = facts.request.prompts(Prompt::Consent) && facts.progress.consent.is_none();
    (asked_again || !facts.consent_covers).then_some(Step::Consent)
}
