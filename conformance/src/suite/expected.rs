//! `conformance/suite/expected.json`: what a run may show beside PASSED and REVIEW, each with its reason.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Outcome;
use crate::wild;

/// One exception.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Name of the plan in plans.json; `*` stands for any run of characters.
    pub plan: String,
    /// Name of the module; `*` stands for any run of characters.
    pub module: String,
    /// Only where the module has these variants.
    #[serde(default)]
    pub variant: Map<String, Value>,
    /// What happens there.
    pub result: Kind,
    /// Why that is right.
    pub reason: String,
}

/// What can be expected.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// A condition failed.
    Failed,
    /// A condition warned.
    Warning,
    /// The suite left the module out.
    Skipped,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Failed => "FAILED",
            Self::Warning => "WARNING",
            Self::Skipped => "SKIPPED",
        }
    }
}

impl Exception {
    fn names(&self, outcome: &Outcome) -> bool {
        wild::matches(&self.plan, &outcome.plan)
            && wild::matches(&self.module, &outcome.module)
            && self.variant.iter().all(|(name, value)| outcome.variant.get(name) == Some(value))
    }
}

/// The reason that is listed for this outcome.
#[must_use]
pub fn reason<'a>(list: &'a [Exception], outcome: &Outcome) -> Option<&'a str> {
    let listed = list.iter().find(|one| one.names(outcome) && one.result.word() == outcome.result);
    listed.map(|one| one.reason.as_str())
}

/// Everything that makes a run red. `whole`: all plans ran, so that every exception must have happened.
#[must_use]
pub fn surprises(list: &[Exception], outcomes: &[Outcome], whole: bool) -> Vec<String> {
    let mut found = Vec::new();
    for outcome in outcomes {
        let Outcome { plan, module, result, .. } = outcome;
        let fine = matches!(result.as_str(), "PASSED" | "REVIEW");
        if !fine && reason(list, outcome).is_none() {
            let why = outcome.notes.first().map(String::as_str).unwrap_or("the suite says no more");
            found.push(format!("{plan}, {module}: {result}, not listed ({why})"));
        }
        if fine {
            for one in list.iter().filter(|one| one.names(outcome)) {
                found.push(format!("{plan}, {module}: listed as {}, but {result}", one.result.word()));
            }
        }
    }
    if whole {
        for one in list.iter().filter(|one| !outcomes.iter().any(|outcome| one.names(outcome))) {
            found.push(format!("{}, {}: listed as {}, but did not run", one.plan, one.module, one.result.word()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(module: &str, result: &str) -> Outcome {
        Outcome {
            plan: "basic".to_owned(),
            module: module.to_owned(),
            variant: json!({"response_mode": "default"}),
            result: result.to_owned(),
            notes: vec!["because".to_owned()],
        }
    }

    fn list() -> Vec<Exception> {
        let list = json!([{"plan": "*", "module": "oidcc-*-unsigned", "result": "SKIPPED", "reason": "no alg none"}]);
        serde_json::from_value(list).expect("a list")
    }

    #[test]
    fn a_listed_outcome_that_happens_and_a_review_are_no_surprise() {
        let outcomes = [outcome("oidcc-idtoken-unsigned", "SKIPPED"), outcome("oidcc-prompt-login", "REVIEW")];
        assert_eq!(surprises(&list(), &outcomes, true), Vec::<String>::new());
        assert_eq!(reason(&list(), &outcomes[0]), Some("no alg none"));
    }

    #[test]
    fn whatever_is_not_listed_is_a_surprise() {
        for result in ["FAILED", "WARNING", "SKIPPED", "INTERRUPTED", "TIMEOUT", "ERROR"] {
            let outcomes = [outcome("oidcc-idtoken-unsigned", "SKIPPED"), outcome("oidcc-server", result)];
            assert_eq!(surprises(&list(), &outcomes, true).len(), 1, "{result}");
        }
        assert_eq!(surprises(&list(), &[outcome("oidcc-idtoken-unsigned", "FAILED")], true).len(), 1);
    }

    #[test]
    fn a_listed_outcome_that_does_not_happen_is_a_surprise() {
        assert_eq!(surprises(&list(), &[outcome("oidcc-idtoken-unsigned", "PASSED")], true).len(), 1);
        assert_eq!(surprises(&list(), &[outcome("oidcc-server", "PASSED")], true).len(), 1);
        assert_eq!(surprises(&list(), &[outcome("oidcc-server", "PASSED")], false), Vec::<String>::new());
    }

    #[test]
    fn a_variant_narrows_an_exception() {
        let mut list = list();
        list[0].variant = Map::from_iter([("response_mode".to_owned(), json!("form_post"))]);
        assert_eq!(surprises(&list, &[outcome("oidcc-idtoken-unsigned", "SKIPPED")], false).len(), 1);
    }
}
