//! What a relying-party engineer reads: one line for each module, and for whatever is not as it should be the rule, what was
//! sent and what came.

use std::fmt::Write;

use serde::Deserialize;
use serde_json::Value;

use super::outcome::{Outcome, Verdict};
use crate::wild;

/// An outcome that is known and excused, in a file beside the run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excuse {
    /// Module; `*` stands for any run of characters.
    pub module: String,
    /// `SKIPPED`, `WARNING` or `FAILED`.
    pub result: String,
    /// Why that is right.
    pub reason: String,
}

/// What makes a run red: a warning or failure that is not excused, and an excuse that was not needed.
#[must_use]
pub fn surprises(outcomes: &[Outcome], excuses: &[Excuse], whole: bool) -> Vec<String> {
    let fits = |excuse: &Excuse, outcome: &Outcome| {
        wild::matches(&excuse.module, outcome.module) && excuse.result == outcome.verdict.word()
    };
    // Where a list is kept, nothing is left out unseen.
    let least = if excuses.is_empty() { Verdict::Warning } else { Verdict::Skipped };
    let bad = outcomes.iter().filter(|outcome| outcome.verdict >= least);
    let unexcused = bad.filter(|outcome| !excuses.iter().any(|excuse| fits(excuse, outcome)));
    let mut found: Vec<String> =
        unexcused.map(|outcome| format!("{}: {}", outcome.module, outcome.verdict.word())).collect();
    if whole {
        let unneeded = excuses.iter().filter(|excuse| !outcomes.iter().any(|outcome| fits(excuse, outcome)));
        found.extend(
            unneeded.map(|excuse| format!("{}: excused as {}, but it did not happen", excuse.module, excuse.result)),
        );
    }
    found
}

/// The report for a terminal.
#[must_use]
pub fn told(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let _ = writeln!(text, "{:<8} {:>5.1} s  {}", outcome.verdict.word(), outcome.seconds, outcome.module);
        for note in &outcome.notes {
            let clause = if note.clause.is_empty() { String::new() } else { format!(" [{}]", note.clause) };
            let _ = writeln!(text, "                  {}{clause}", note.text);
        }
        for line in &outcome.exchange {
            let _ = writeln!(text, "                    {line}");
        }
    }
    let count = |verdict| outcomes.iter().filter(|outcome| outcome.verdict == verdict).count();
    let _ = writeln!(
        text,
        "{} modules: {} passed, {} skipped, {} warnings, {} failed",
        outcomes.len(),
        count(Verdict::Passed),
        count(Verdict::Skipped),
        count(Verdict::Warning),
        count(Verdict::Failed)
    );
    text
}

/// The same as a table.
#[must_use]
pub fn markdown(outcomes: &[Outcome]) -> String {
    let mut text = "| module | result | what |\n|---|---|---|\n".to_owned();
    for outcome in outcomes {
        let notes: Vec<String> = outcome.notes.iter().map(|note| format!("{} {}", note.text, note.clause)).collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            outcome.module,
            outcome.verdict.word(),
            notes.join("; ").replace('|', "\\|")
        );
    }
    text
}

/// Compares with the official suite's results (module to result), module by module; the lines that differ.
///
/// REVIEW is PASSED here: the suite asks a person for a picture where this check asks for the behaviour.
#[must_use]
pub fn agreement(outcomes: &[Outcome], official: &Value) -> (usize, Vec<String>) {
    let (mut same, mut differ) = (0, Vec::new());
    for outcome in outcomes {
        let Some(theirs) = official[outcome.module].as_str() else { continue };
        let theirs = if theirs == "REVIEW" { "PASSED" } else { theirs };
        if theirs == outcome.verdict.word() {
            same += 1;
        } else {
            differ.push(format!("{}: the suite says {theirs}, this check {}", outcome.module, outcome.verdict.word()));
        }
    }
    (same, differ)
}
