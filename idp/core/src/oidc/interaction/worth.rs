//! What a session is worth for one request: the `holds` of its facts, and the sign-in that its grant keeps.

use super::strength::met;
use crate::Time;
use crate::authn::acr::{Achieved, Acr, achieved, answering};
use crate::domain::interaction::Progress;
use crate::domain::session::AuthenticationEvent;
use crate::oidc::request::AuthorizationRequest;

/// Events count that are no older than `max_age`, or were made for this request: a face of an hour ago is no face step-up for
/// somebody who wants five minutes (claims-and-data 3: "both within max_age").
///
/// The class is the strongest, so that no claim is kept back for its strength; only where that one does not satisfy what was
/// asked and another does, it is the other (`aal3` is no `aal2-face`). The ID token names the value that was asked for.
pub fn worth(
    events: &[AuthenticationEvent],
    request: &AuthorizationRequest,
    progress: &Progress,
    now: Time,
) -> Option<Achieved> {
    let counts = |event: &&AuthenticationEvent| {
        let young = request.max_age.is_none_or(|age| now.since(event.at).as_secs() < age.into());
        young || progress.events.contains(&event.id)
    };
    let counted: Vec<AuthenticationEvent> = events.iter().filter(counts).cloned().collect();
    let strongest = achieved(&counted, now, None)?;
    let asked = asked(request);
    let words: Vec<&str> = asked.iter().map(String::as_str).collect();
    let below: Vec<&str> =
        Acr::ALL.into_iter().filter(|class| strongest.acr.satisfies(*class)).map(Acr::as_str).collect();
    if met(&words, &below).is_some() || met(&words, &strongest.holds).is_none() {
        return Some(strongest);
    }
    answering(&counted, now, None, &asked)
}

/// Values of `acr` that were asked for, the essential ones first.
fn asked(request: &AuthorizationRequest) -> Vec<String> {
    let claim = request.claims.acr().into_iter().flat_map(|acr| acr.texts()).map(str::to_owned);
    claim.chain(request.acr_values.iter().cloned()).collect()
}
