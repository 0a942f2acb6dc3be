//! `[sign_in]`: how long things last.

use serde::Deserialize;

/// Lifetimes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInSection {
    /// Hours until a sign-in session ends, however much it is used.
    pub session_hours: u32,
    /// Minutes without use after which it ends earlier.
    pub idle_minutes: u32,
    /// Minutes an unfinished sign-in is kept.
    pub interaction_minutes: u32,
}

impl Default for SignInSection {
    fn default() -> Self {
        Self { session_hours: 12, idle_minutes: 60, interaction_minutes: 30 }
    }
}
