//! Bugs that other issuers had (docs/peer-bugs.md), and that each has a test here.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    time::{Duration, Instant},
};

use pass_conformance::{Demo, Options, flow::Party, root};
use tempfile::TempDir;

/// Rauthy takes 15 to 30 seconds to stop and forgets what was in memory.
#[test]
fn peer_bug_13_a_stop_is_quick_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let options = Options { data: Some(folder.path().join("data")), ..Options::default() };
    let demo = Demo::start(&options);
    let options = Options { port: Some(demo.port), ..options };
    let (access, refresh, mut browser) = {
        let party = Party::new(&demo.line, "bench");
        let mut browser = party.browser();
        let tokens = party.tokens(&mut browser, &demo.line.residents[0]);
        (tokens.must("access_token"), tokens.must("refresh_token"), browser)
    };
    // Somebody who never finishes a request does not hold it up.
    let mut idle = TcpStream::connect(("127.0.0.1", demo.port)).unwrap();
    idle.write_all(b"GET /authorize HTTP/1.1\r\nHost: localhost\r\n").unwrap();
    let began = Instant::now();
    assert!(demo.stop().success());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());

    let demo = Demo::start(&options);
    let party = Party::new(&demo.line, "bench");
    assert!(party.is_active(&access) && party.is_active(&refresh), "tokens outlive a stop");
    let silent = party.request().with(&[("prompt", Some("none"))]);
    assert!(browser.open(&silent.url).query("code").is_some(), "and so do session and consent");
    assert!(demo.stop().success());
}

/// Kanidm compared client secrets byte by byte. Time cannot be measured in a test that must not fail by chance; so: every
/// place that judges a secret does it by the one comparison that takes the same time for every value.
#[test]
fn peer_bug_06_no_secret_is_compared_byte_by_byte() {
    let secret = fs::read_to_string(root().join("idp/core/src/secret.rs")).unwrap();
    assert!(secret.contains("self.0.ct_eq(&other.0).into()"), "Hash::matches");
    for (file, judged) in [
        ("idp/core/src/oidc/client_auth/mod.rs", "Hash::of(secret).matches("),
        ("idp/core/src/authn/mail_code.rs", ".matches(&row.code)"),
        ("idp/core/src/oidc/exchange/code.rs", "computed.as_bytes().ct_eq("),
        ("idp/web/src/oidc/register.rs", "hash.matches(token)"),
        ("idp/web/src/form.rs", ".ct_eq(token.as_bytes())"),
        ("idp/web/src/flow.rs", "one.browser.matches("),
        ("idp/web/src/card/settle.rs", "ticket.browser.matches("),
    ] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(text.contains(judged), "{file} no longer has {judged}");
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            let compares = line.contains(" == ") || line.contains(" != ");
            let a_secret = ["secret ==", "secret !=", "csrf ==", "csrf !=", "browser ==", "browser !=", "row.code =="];
            assert!(!compares || !a_secret.iter().any(|words| line.contains(words)), "{file}: {line}");
        }
    }
}

/// The table names a test for each of the nineteen, and each of them is there.
#[test]
fn every_peer_bug_has_its_test() {
    let page = fs::read_to_string(root().join("docs/peer-bugs.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let numbers: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(numbers, (1..=19).map(|n| n.to_string()).collect::<Vec<_>>(), "nineteen rows");
    for row in &rows {
        let tests: Vec<&str> = row[3].split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{row:?}");
        for test in tests {
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{test} is not FILE::NAME"));
            let text = fs::read_to_string(root().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"));
            let at = text.find(&format!("fn {name}(")).unwrap_or_else(|| panic!("{file} has no {name}"));
            let before: Vec<&str> = text[..at].lines().rev().take(4).collect();
            assert!(before.iter().any(|line| line.contains("test]")), "{name} of {file} is no test");
            assert!(before.iter().all(|line| !line.contains("#[ignore")), "{name} of {file} is never run");
        }
    }
}
