//! `[sign_in]`: how long things last, and how many may begin.

use serde::Deserialize;

/// Lifetimes and quotas.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInSection {
    /// Hours until a sign-in session ends, however much it is used.
    pub session_hours: u32,
    /// Minutes without use after which it ends earlier.
    pub idle_minutes: u32,
    /// Minutes an unfinished sign-in is kept.
    pub interaction_minutes: u32,
    /// Sign-ins that strangers of one network (a /24 or /64) may begin in ten minutes; 0: as many as come.
    pub interactions_per_network: usize,
}

impl Default for SignInSection {
    fn default() -> Self {
        Self { session_hours: 12, idle_minutes: 60, interaction_minutes: 30, interactions_per_network: 300 }
    }
}
