//! How strong the sign-in has to be (architecture 7.4): a value already held satisfies; otherwise the first one this person
//! can reach is asked for; declined or out of reach, the request goes on with what was reached. Only an essential `acr` claim
//! and the client's own minimum make it fail.

use super::{Facts, SessionFacts, Step};
use crate::authn::acr::Acr;
use crate::oidc::error::{ErrorCode, OAuthError};

pub(super) fn minimum(facts: &Facts<'_>) -> Option<Step> {
    let minimum = facts.client.flags.minimum_acr?;
    must(facts, &[minimum.as_str()])
}

pub(super) fn essential(facts: &Facts<'_>) -> Option<Step> {
    // OpenID Connect Core 5.5.1.1: an essential acr with values MUST be met.
    let acr = facts.request.claims.acr().filter(|acr| acr.essential)?;
    let values: Vec<&str> = acr.texts().collect();
    must(facts, &values)
}

pub(super) fn wanted(facts: &Facts<'_>) -> Option<Step> {
    // OpenID Connect Core 5.5.1.1: acr_values asks for acr as a voluntary claim, and so does a claim that is not essential.
    let acr = facts.request.claims.acr().filter(|acr| !acr.essential);
    let from_claims = acr.into_iter().flat_map(|acr| acr.texts());
    let values: Vec<&str> = facts.request.acr_values.iter().map(String::as_str).chain(from_claims).collect();
    may(facts, &values)
}

pub(super) fn of_claims(facts: &Facts<'_>) -> Option<Step> {
    may(facts, &[facts.needs.acr?.as_str()])
}

/// The value that the session satisfies, best first: the one an ID token names (`acr`).
pub fn met<'v>(values: &[&'v str], holds: &[&str]) -> Option<&'v str> {
    values.iter().find(|value| holds.contains(value)).copied()
}

pub(super) fn may(facts: &Facts<'_>, values: &[&str]) -> Option<Step> {
    let session = facts.session?;
    if values.is_empty() || met(values, session.holds).is_some() || facts.progress.step_up_declined {
        return None;
    }
    reach(values, &session)
}

fn must(facts: &Facts<'_>, values: &[&str]) -> Option<Step> {
    let session = facts.session?;
    if values.is_empty() || met(values, session.holds).is_some() {
        return None;
    }
    let step = reach(values, &session).filter(|_| !facts.progress.step_up_declined);
    // Unmet Authentication Requirements 1.0
    step.or_else(|| Some(Step::Refuse(OAuthError::new(ErrorCode::UnmetAuthenticationRequirements))))
}

fn reach(values: &[&str], session: &SessionFacts<'_>) -> Option<Step> {
    let wanted = values.iter().filter_map(|value| class(value));
    wanted.into_iter().find(|acr| session.reachable.contains(acr)).map(|acr| Step::StepUp { acr })
}

/// The class that brings a wanted value about. `phr` and `phrh` (EAP ACR Values 1.0) come with a passkey or card.
fn class(value: &str) -> Option<Acr> {
    Acr::parse(value).or_else(|| matches!(value, "phr" | "phrh").then_some(Acr::Aal2))
}
