//! What comes of a check, and why.

use serde::Serialize;

/// How a module ended; the words are the official suite's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// Does not apply to this issuer.
    Skipped,
    /// Allowed, and still not what a relying party likes to see.
    Warning,
    /// Against a rule.
    Failed,
}

impl Verdict {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Skipped => "SKIPPED",
            Self::Warning => "WARNING",
            Self::Failed => "FAILED",
        }
    }
}

/// Something to tell the reader.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// How grave it is.
    pub verdict: Verdict,
    /// The rule: document and section.
    pub clause: &'static str,
    /// What was seen.
    pub text: String,
}

/// Why a module ends early.
#[derive(Debug)]
pub enum Stop {
    /// Against a rule, so that nothing more can be said.
    Failed(&'static str, String),
    /// Does not apply.
    Skipped(String),
}

/// What a step of a check gives.
pub type Step<T> = Result<T, Stop>;

/// A module that ended.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Module id of the official suite.
    pub module: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// Everything beside success.
    pub notes: Vec<Note>,
    /// What was sent and what came, one line each, secrets shortened; empty where all is well.
    pub exchange: Vec<String>,
    /// Seconds it took.
    pub seconds: f32,
}

/// Ends the module where a condition does not hold.
///
/// # Errors
/// It does not hold.
pub fn must(holds: bool, clause: &'static str, text: impl FnOnce() -> String) -> Step<()> {
    if holds { Ok(()) } else { Err(Stop::Failed(clause, text())) }
}
