//! The answer in words for programs and operators, without values.

use super::{Answer, Line, Reason, Release, Source};
use crate::claims::Claim;
use std::fmt;

/// One line of the answer in words for programs and operators, without the value.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Explanation {
    /// Which claim.
    pub claim: Claim,
    /// Whether it is given.
    pub given: bool,
    /// `proven` or `declared`, when given.
    pub source: Option<&'static str>,
    /// Why not, when not: `above_ceiling`, `needs_acr:aal2`, ...
    pub reasons: Vec<String>,
}

impl Explanation {
    pub(super) fn of(line: &Line) -> Self {
        match &line.answer {
            Answer::Given { source, .. } => {
                Self { claim: line.claim, given: true, source: Some(source.as_str()), reasons: Vec::new() }
            }
            Answer::Withheld(reasons) => Self {
                claim: line.claim,
                given: false,
                source: None,
                reasons: reasons.iter().map(ToString::to_string).collect(),
            },
        }
    }
}

impl Source {
    /// The word of `explain`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Declared => "declared",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsked => f.write_str("not_asked"),
            Self::AboveCeiling => f.write_str("above_ceiling"),
            Self::NotConsented => f.write_str("not_consented"),
            Self::Declined => f.write_str("declined"),
            Self::ConsentWithdrawn => f.write_str("consent_withdrawn"),
            Self::FrontChannel => f.write_str("front_channel"),
            Self::SignInTooWeak(least) => write!(f, "needs_acr:{}", least.as_str()),
            Self::NotProofed => f.write_str("not_proofed"),
            Self::ProofingStale => f.write_str("proofing_stale"),
            Self::ProofingRevoked => f.write_str("proofing_revoked"),
            Self::ValueUnknown => f.write_str("value_unknown"),
        }
    }
}

impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.explain()).finish()
    }
}
