//! The release: which claims are given, and why the others are not. One pure function; userinfo, ID token, the consent page,
//! `/me`, `pass token inspect` and the client log all print this one answer.

mod case;
mod explain;

use super::Claim;
pub use super::scopes::Place;
use crate::Time;
use crate::domain::acr::Acr;
use crate::domain::consent::Consent;
use crate::domain::facility::{Ceiling, Facility, Requirement};
use crate::domain::grant::Channel;
use crate::domain::person::{DeclaredRecord, ProvenRecord};
use crate::domain::proofing::Proofing;
use crate::domain::request::ClaimsRequest;
use case::Case;
pub use case::{Origin, floor, lost, origin};
pub use explain::Explanation;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Everything the answer depends on.
#[derive(Clone, Copy)]
pub struct ReleaseInput<'a> {
    /// What was proven, with the proofing it comes from.
    pub proven: Option<(&'a ProvenRecord, &'a Proofing)>,
    /// What the person typed.
    pub declared: &'a DeclaredRecord,
    /// Who asks.
    pub facility: &'a Facility,
    /// What it may have at most.
    pub ceiling: &'a Ceiling,
    /// Scopes granted.
    pub scopes: &'a [String],
    /// Claims asked for one by one.
    pub request: &'a ClaimsRequest,
    /// Where the claims go.
    pub place: Place,
    /// What the person agreed to.
    pub consent: Agreement<'a>,
    /// How they go there.
    pub channel: Channel,
    /// Strength of the sign-in.
    pub acr: Acr,
    /// Now.
    pub now: Time,
}

/// What the person agreed to.
#[derive(Clone, Copy)]
pub enum Agreement<'a> {
    /// The consent page is being drawn: what would be given if they agreed to all of it.
    Preview,
    /// The consent the grant stands on.
    Given(&'a Consent),
    /// There is none.
    Missing,
}

/// The answer for every claim that was wanted or that the ceiling names.
#[derive(Clone)]
pub struct Release {
    lines: Vec<Line>,
}

/// The answer for one claim.
#[derive(Clone)]
pub struct Line {
    /// Which claim.
    pub claim: Claim,
    /// Its entry in the ceiling; none above the ceiling.
    pub requirement: Option<Requirement>,
    /// Given or withheld.
    pub answer: Answer,
}

/// Given or withheld.
#[derive(Clone, PartialEq)]
pub enum Answer {
    /// Given.
    Given {
        /// As sent.
        value: Value,
        /// Where it comes from.
        source: Source,
    },
    /// Not given; every reason that holds, in the order of `Reason`.
    Withheld(Vec<Reason>),
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A proofing.
    Proven,
    /// The person's own word.
    Declared,
}

/// Why a claim is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Neither a granted scope nor the claims parameter asks for it here.
    NotAsked,
    /// The facility may not have it.
    AboveCeiling,
    /// No consent names it.
    NotConsented,
    /// It was offered and left unticked.
    Declined,
    /// The consent was withdrawn.
    ConsentWithdrawn,
    /// A card proved it, and the answer goes through the browser.
    FrontChannel,
    /// The sign-in is weaker than this.
    SignInTooWeak(Acr),
    /// It needs a proofing and there is none.
    NotProofed,
    /// The certificate of the proofing has lapsed.
    ProofingStale,
    /// The certificate of the proofing was revoked.
    ProofingRevoked,
    /// Nobody knows the value.
    ValueUnknown,
}

/// What would have to happen for every required claim to be given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The least strength of the sign-in, when the present one is too weak.
    pub acr: Option<Acr>,
    /// A proofing is missing, stale or revoked.
    pub proofing: bool,
}

/// Answers for each claim: given or withheld, with every reason that holds.
pub fn release(input: &ReleaseInput<'_>) -> Release {
    let case = Case::new(input);
    let ceiling = input.ceiling.entries.iter().map(|entry| entry.claim);
    let claims: BTreeSet<Claim> = case.wanted.iter().copied().chain(ceiling).collect();
    Release { lines: claims.into_iter().map(|claim| case.line(claim)).collect() }
}

impl Release {
    /// Every line, in the order of the catalogue.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The answer for one claim; none when it was neither wanted nor in the ceiling.
    pub fn answer(&self, claim: Claim) -> Option<&Answer> {
        self.lines.iter().find(|line| line.claim == claim).map(|line| &line.answer)
    }

    /// The claims given, with their values.
    pub fn given(&self) -> impl Iterator<Item = (Claim, &Value)> {
        self.lines.iter().filter_map(|line| match &line.answer {
            Answer::Given { value, .. } => Some((line.claim, value)),
            Answer::Withheld(_) => None,
        })
    }

    /// The members of a userinfo response (OpenID Connect Core 5.3.2): `sub` and what is given.
    pub fn userinfo(&self, sub: &str) -> Map<String, Value> {
        let mut members = Map::from_iter([("sub".to_owned(), Value::from(sub))]);
        members.extend(self.given().map(|(claim, value)| (claim.as_str().to_owned(), value.clone())));
        members
    }

    /// Canonical bytes of the values of these claims, for the keyed hash that a consent keeps.
    pub fn canonical(&self, claims: &[Claim]) -> Vec<u8> {
        let pairs: Vec<(Claim, &Value)> = self.given().filter(|(claim, _)| claims.contains(claim)).collect();
        serde_json::to_vec(&pairs).expect("claims and their values are plain JSON")
    }

    /// What is missing for the required claims. A claim whose value nobody knows asks for nothing.
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        for line in self.lines.iter().filter(|line| line.requirement == Some(Requirement::Required)) {
            let Answer::Withheld(reasons) = &line.answer else { continue };
            if reasons
                .iter()
                .any(|reason| matches!(reason, Reason::NotAsked | Reason::FrontChannel | Reason::ValueUnknown))
            {
                continue;
            }
            for reason in reasons {
                match reason {
                    Reason::SignInTooWeak(least) => {
                        needs.acr = Some(needs.acr.map_or(*least, |other| other.or_stronger(*least)));
                    }
                    Reason::NotProofed | Reason::ProofingStale | Reason::ProofingRevoked => needs.proofing = true,
                    _ => {}
                }
            }
        }
        needs
    }

    /// Words for `/me`, `pass token inspect` and the client log.
    pub fn explain(&self) -> Vec<Explanation> {
        self.lines.iter().map(Explanation::of).collect()
    }
}

#[cfg(test)]
mod front_channel;
#[cfg(test)]
pub(crate) mod tests;
