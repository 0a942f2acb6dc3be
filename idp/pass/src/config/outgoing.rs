//! `[outgoing]`: HTTP from PASS to relying parties (logout notices and the like).

use crate::wiring::{OpenHost, OutgoingRules};
use serde::Deserialize;
use std::path::PathBuf;

/// What is open besides https to public addresses with certificates of public CAs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutgoingSection {
    /// Files with certificates of more CAs, PEM.
    pub trust: Vec<PathBuf>,
    /// Hosts in the local network that are reached all the same: `HOST` or `HOST:PORT`.
    pub allow: Vec<OpenHost>,
}

impl From<OutgoingSection> for OutgoingRules {
    fn from(section: OutgoingSection) -> Self {
        Self { danger_allow_loopback: false, trust: section.trust, allow: section.allow }
    }
}
