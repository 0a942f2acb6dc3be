//! `docs/conformance.md`, and the same numbers for a terminal.

use std::fmt::Write;

use super::{Outcome, Ran, expected, expected::Exception};

const HEADER: &str = "# Conformance

PASS on the OpenID Foundation's conformance suite. Written by `pass-conformance suite`
([how to run it](../conformance/README.md#the-official-suite)); nothing here is written by hand.
This is our own run and not a certification.
";

/// One plan for a terminal.
pub fn line(ran: &Ran) -> String {
    let [passed, warnings, review, skipped, failed] = counts(ran);
    format!(
        "{:<30} {:>3} modules: {passed} passed, {warnings} warnings, {review} review, {skipped} skipped, {failed} failed, {} s",
        ran.plan.name,
        ran.outcomes.len(),
        ran.seconds
    )
}

/// The page.
pub fn render(version: &str, runs: &[Ran], list: &[Exception], surprises: &[String]) -> String {
    let mut page = HEADER.to_owned();
    let _ = writeln!(page, "\nVersion of the suite: {version}.\n");
    page.push_str("| plan | variant | modules | passed | warnings | review | skipped | failed | seconds |\n");
    page.push_str("|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
    for ran in runs {
        let variant: Vec<String> =
            ran.plan.variant.iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or("?"))).collect();
        let [passed, warnings, review, skipped, failed] = counts(ran);
        let _ = writeln!(
            page,
            "| {} | {} | {} | {passed} | {warnings} | {review} | {skipped} | {failed} | {} |",
            ran.plan.plan,
            variant.join(", "),
            ran.outcomes.len(),
            ran.seconds
        );
    }
    page.push_str("\n\"Failed\" counts modules that did not come to their end, too.\n");
    if !surprises.is_empty() {
        page.push_str("\n## Not as expected\n\n");
        for surprise in surprises {
            let _ = writeln!(page, "- {}", cell(surprise));
        }
    }
    page.push_str(
        "\n## Expected exceptions\n\nListed in `conformance/suite/expected.json`; a run fails on any other.\n\n",
    );
    rows(&mut page, runs, |outcome| {
        expected::reason(list, outcome).map(|reason| (outcome.result.clone(), reason.to_owned()))
    });
    page.push_str(
        "\n## For review\n\nThe suite asks a person to look at a picture of the page. Its browser found the element \
         of the page that it waits for; whether the page says what it must, nobody has judged in this run.\n\n",
    );
    rows(&mut page, runs, |outcome| {
        let note = outcome.notes.first().map_or("The suite says no more", String::as_str);
        (outcome.result == "REVIEW").then(|| (outcome.result.clone(), note.to_owned()))
    });
    page
}

/// A table of the modules that are to be told of: module, plans, result, reason.
fn rows(page: &mut String, runs: &[Ran], told: impl Fn(&Outcome) -> Option<(String, String)>) {
    page.push_str("| module | plan | result | reason |\n|---|---|---|---|\n");
    let mut seen: Vec<([String; 3], Vec<&str>)> = Vec::new();
    for outcome in runs.iter().flat_map(|ran| &ran.outcomes) {
        let Some((result, reason)) = told(outcome) else { continue };
        let key = [outcome.module.clone(), result, reason];
        match seen.iter_mut().find(|(one, _)| *one == key) {
            Some((_, plans)) if plans.contains(&outcome.plan.as_str()) => {}
            Some((_, plans)) => plans.push(&outcome.plan),
            None => seen.push((key, vec![&outcome.plan])),
        }
    }
    for ([module, result, reason], plans) in seen {
        let _ = writeln!(page, "| {module} | {} | {result} | {} |", plans.join(", "), cell(&reason));
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// Passed, warnings, review, skipped, failed.
fn counts(ran: &Ran) -> [usize; 5] {
    let mut counts = [0; 5];
    for outcome in &ran.outcomes {
        let at = match outcome.result.as_str() {
            "PASSED" => 0,
            "WARNING" => 1,
            "REVIEW" => 2,
            "SKIPPED" => 3,
            _ => 4,
        };
        counts[at] += 1;
    }
    counts
}
