//! `[claims]`: what facilities learn about how a claim was proven.

use pass_core::claims::verified::EvidenceRelease;
use serde::Deserialize;

/// Terms of `verified_claims`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimsSection {
    /// What is told of the certificate.
    pub evidence: EvidenceSetting,
}

/// What is told of the certificate behind a proofing.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceSetting {
    /// Nothing.
    #[default]
    None,
    /// A number of its own for each facility.
    Pairwise,
    /// The certificate's serial number, the same everywhere: only where law allows it.
    Raw,
}

impl From<EvidenceSetting> for EvidenceRelease {
    fn from(setting: EvidenceSetting) -> Self {
        match setting {
            EvidenceSetting::None => Self::None,
            EvidenceSetting::Pairwise => Self::Pairwise,
            EvidenceSetting::Raw => Self::Raw,
        }
    }
}
