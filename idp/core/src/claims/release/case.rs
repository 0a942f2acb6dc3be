//! One request about one person, claim by claim.

use super::{Agreement, Answer, Line, Reason, ReleaseInput, Source};
use crate::claims::scopes::{self, Place};
use crate::claims::value::Values;
use crate::claims::{Claim, Group};
use crate::domain::acr::Acr;
use crate::domain::facility::CeilingEntry;
use crate::domain::grant::Channel;
use crate::domain::proofing::{Proofing, ProofingStatus};
use crate::domain::request::VerifiedAsked;
use std::collections::BTreeSet;

/// Scopes that mean the card's own value; a declared one is not given for them.
const PROVEN_SCOPES: [&str; 4] = ["basic4", "name", "birthdate", "gender"];

pub(super) struct Case<'a> {
    input: &'a ReleaseInput<'a>,
    pub(super) wanted: BTreeSet<Claim>,
    values: Values<'a>,
    standing: Option<Standing>,
}

/// What the proofing is worth at this moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Valid,
    /// The certificate has ended: the person may have moved since.
    Stale,
    /// Revoked, or no longer the proofing that counts.
    Revoked,
}

impl<'a> Case<'a> {
    pub(super) fn new(input: &'a ReleaseInput<'a>) -> Self {
        Self {
            input,
            wanted: wanted(input),
            values: Values::new(input.proven, input.declared, input.facility, input.now),
            standing: input.proven.filter(|(_, proven)| proven.proves()).map(|(_, proven)| standing(proven, input.now)),
        }
    }

    pub(super) fn line(&self, claim: Claim) -> Line {
        let entry = self.input.ceiling.entry(claim);
        Line { claim, requirement: entry.map(|entry| entry.requirement), answer: self.answer(claim, entry) }
    }

    fn answer(&self, claim: Claim, entry: Option<&CeilingEntry>) -> Answer {
        if !self.wanted.contains(&claim) {
            return Answer::Withheld(vec![Reason::NotAsked]);
        }
        let Some(entry) = entry else { return Answer::Withheld(vec![Reason::AboveCeiling]) };
        let source = self.source(claim);
        let mut reasons: Vec<Reason> = self.agreement(claim).into_iter().collect();
        let least = least_for(claim, source, entry.least);
        if !self.input.acr.satisfies(least) {
            reasons.push(Reason::SignInTooWeak(least));
        }
        if source == Source::Proven {
            reasons.extend((self.input.channel == Channel::Front).then_some(Reason::FrontChannel));
            reasons.extend(self.proofing(claim));
        }
        let value = match source {
            Source::Proven => self.values.proven(claim),
            Source::Declared => self.values.declared(claim),
        };
        match value {
            Some(value) if reasons.is_empty() => Answer::Given { value, source },
            Some(_) => Answer::Withheld(reasons),
            None => {
                if !reasons.contains(&Reason::NotProofed) {
                    reasons.push(Reason::ValueUnknown);
                }
                Answer::Withheld(reasons)
            }
        }
    }

    /// A proven value wins over a declared one, and a declared one never stands in for it.
    fn source(&self, claim: Claim) -> Source {
        let proven = match origin(claim) {
            Origin::Card => true,
            Origin::CardOrPerson => self.standing.is_some() || self.asked_as_proven(claim),
            Origin::Person => false,
        };
        if proven { Source::Proven } else { Source::Declared }
    }

    fn asked_as_proven(&self, claim: Claim) -> bool {
        let names_card = |name: &&String| PROVEN_SCOPES.contains(&name.as_str());
        self.input.place != Place::IdToken
            && self
                .input
                .scopes
                .iter()
                .filter(names_card)
                .filter_map(|name| scopes::Scope::parse(name))
                .any(|scope| scope.claims.contains(&claim))
    }

    fn agreement(&self, claim: Claim) -> Option<Reason> {
        match self.input.consent {
            Agreement::Preview => None,
            Agreement::Missing => Some(Reason::NotConsented),
            Agreement::Given(consent) if consent.withdrawn_at.is_some() => Some(Reason::ConsentWithdrawn),
            Agreement::Given(consent) if consent.claims.contains(&claim) => None,
            Agreement::Given(consent) if consent.declined.contains(&claim) => Some(Reason::Declined),
            Agreement::Given(_) => Some(Reason::NotConsented),
        }
    }

    fn proofing(&self, claim: Claim) -> Option<Reason> {
        match self.standing {
            None => Some(Reason::NotProofed),
            Some(standing) => withheld(standing, claim),
        }
    }
}

fn withheld(standing: Standing, claim: Claim) -> Option<Reason> {
    let moves = matches!(claim.group(), Group::Residence | Group::Address);
    match standing {
        Standing::Revoked => Some(Reason::ProofingRevoked),
        Standing::Stale if moves => Some(Reason::ProofingStale),
        Standing::Stale | Standing::Valid => None,
    }
}

/// Whether a proven claim is no longer given once the proofing it comes from stands so: who holds it is told.
pub fn lost(claim: Claim, status: ProofingStatus) -> bool {
    let standing = match status {
        ProofingStatus::Valid => Standing::Valid,
        ProofingStatus::Stale => Standing::Stale,
        ProofingStatus::Revoked | ProofingStatus::Superseded => Standing::Revoked,
    };
    origin(claim) != Origin::Person && withheld(standing, claim).is_some()
}

/// Evidence names the certificate only where the facility's ceiling has its serial; elsewhere nobody asked for that number.
fn wanted(input: &ReleaseInput<'_>) -> BTreeSet<Claim> {
    let mut wanted = scopes::wanted(input.scopes, input.request, input.place);
    if input.place == Place::Anywhere && input.ceiling.entry(Claim::CertificateSerial).is_some() {
        let mut verified = input.request.verified_userinfo.iter().chain(&input.request.verified_id_token);
        wanted.extend(verified.any(VerifiedAsked::wants_evidence).then_some(Claim::CertificateSerial));
    }
    wanted
}

fn standing(proofing: &Proofing, now: crate::Time) -> Standing {
    match proofing.status {
        ProofingStatus::Valid if !proofing.lapsed(now) => Standing::Valid,
        ProofingStatus::Valid | ProofingStatus::Stale => Standing::Stale,
        ProofingStatus::Revoked | ProofingStatus::Superseded => Standing::Revoked,
    }
}

/// Where a claim's value may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Only from a proofing.
    Card,
    /// From a proofing; from the person when there is none and the request does not insist.
    CardOrPerson,
    /// Only from the person.
    Person,
}

/// Where a claim's value may come from.
pub const fn origin(claim: Claim) -> Origin {
    match claim.group() {
        Group::Residence | Group::Age | Group::Certificate => Origin::Card,
        Group::Address | Group::Birthdate | Group::Gender => Origin::CardOrPerson,
        Group::Name if matches!(claim, Claim::NameKana) => Origin::Person,
        Group::Name => Origin::CardOrPerson,
        Group::Email | Group::Phone | Group::Profile => Origin::Person,
    }
}

/// The least strength of a sign-in that a proven value is given on, before the facility asks for more.
pub const fn floor(claim: Claim) -> Acr {
    match origin(claim) {
        Origin::Card if matches!(claim.group(), Group::Certificate) => Acr::Aal2,
        Origin::Card => Acr::Aal1,
        Origin::CardOrPerson => Acr::Aal2,
        Origin::Person => Acr::Zero,
    }
}

fn least_for(claim: Claim, source: Source, asked: Acr) -> Acr {
    match source {
        Source::Proven => floor(claim).or_stronger(asked),
        Source::Declared => asked,
    }
}
