//! `docs/status.md`: what PASS promises, and the tests that prove it, found by their names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// The folders that hold sources with tests.
const SOURCES: &[&str] = &["idp", "jpki", "face", "admin", "conformance"];
const HEADER: &str = "# Status

What PASS promises and which tests show it. Written by `cargo run -p pass-conformance -- status` from
`docs/capabilities.toml` and the names of the tests (`cap_NN_...`); a test fails when this page is out of date.

| row | promise | tests | state |
|---|---|---|---|
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rows: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    promise: String,
    when: When,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
enum When {
    #[serde(rename = "now")]
    Now,
    #[serde(rename = "next")]
    Next,
    #[serde(rename = "later")]
    Later,
    #[serde(rename = "not ours")]
    NotOurs,
}

/// Where the page lies.
#[must_use]
pub fn page(root: &Path) -> PathBuf {
    root.join("docs/status.md")
}

/// The page as it should be.
///
/// # Errors
/// A file cannot be read, the table has an unknown word, or a test names a row that the table lacks.
pub fn render(root: &Path) -> io::Result<String> {
    let table: Table =
        toml::from_str(&fs::read_to_string(root.join("docs/capabilities.toml"))?).map_err(io::Error::other)?;
    let tests = tests(root)?;
    if let Some(stray) = tests.keys().find(|row| !table.rows.contains_key(*row)) {
        return Err(io::Error::other(format!(
            "a test is named cap_{stray}_, but docs/capabilities.toml has no such row"
        )));
    }
    let mut text = HEADER.to_owned();
    for (number, row) in &table.rows {
        let found = tests.get(number);
        let names = found.map_or_else(String::new, |names| {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join("<br>")
        });
        let _ = writeln!(text, "| CAP-{number} | {} | {names} | {} |", row.promise, state(row.when, found.is_some()));
    }
    Ok(text)
}

fn state(when: When, shown: bool) -> &'static str {
    match (when, shown) {
        (_, true) => "shown by tests",
        (When::Now, false) => "**no test yet**",
        (When::Next, false) => "not begun",
        (When::Later, false) => "later",
        (When::NotOurs, false) => "not ours",
    }
}

/// The names of tests, by row.
fn tests(root: &Path) -> io::Result<BTreeMap<String, BTreeSet<String>>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in SOURCES {
        for file in files(&root.join(folder))? {
            let rust = file.extension().is_some_and(|end| end == "rs");
            for name in names(&fs::read_to_string(&file)?, rust) {
                found.entry(name[4..6].to_owned()).or_default().insert(name);
            }
        }
    }
    Ok(found)
}

/// Where a test is declared: `fn cap_05_...` in Rust, `test('cap_05_...'` in a module.
fn names(source: &str, rust: bool) -> Vec<String> {
    let starts: &[&str] = if rust { &["fn ", "async fn "] } else { &["test('", "await test('"] };
    let declared = |line: &str| starts.iter().find_map(|start| name(line.trim_start().strip_prefix(start)?));
    source.lines().filter_map(declared).collect()
}

fn name(declared: &str) -> Option<String> {
    let name: String = declared.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let digits = name.strip_prefix("cap_")?.as_bytes();
    let numbered = digits.len() > 3 && digits[0].is_ascii_digit() && digits[1].is_ascii_digit() && digits[2] == b'_';
    numbered.then_some(name)
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "node_modules" | "target") {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs" || end == "mjs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_tests_are_declared() {
        for (line, rust, expected) in [
            ("    fn cap_05_revoked_serial_is_refused() {", true, Some("cap_05_revoked_serial_is_refused")),
            ("async fn cap_49_code_reuse() {", true, Some("cap_49_code_reuse")),
            ("test('cap_62_passkey', async () => {", false, Some("cap_62_passkey")),
            ("fn capital() {", true, None),
            ("fn cap_5_x() {", true, None),
            ("// see fn cap_05_other()", true, None),
        ] {
            assert_eq!(names(line, rust).first().map(String::as_str), expected, "{line}");
        }
    }
}
