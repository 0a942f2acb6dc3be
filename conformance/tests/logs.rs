//! No value of a fixture person, no password of a card and no 12-digit number in any line that PASS writes.

use std::collections::BTreeSet;

use pass_conformance::{Browser, Demo, Options, flow::Party, mynumber};
use serde_json::Value;

/// What must never be written: by people's own words for it, so that a failure does not print the value.
fn forbidden(demo: &Demo) -> Vec<(String, String)> {
    let mut values = Vec::new();
    for (n, one) in demo.line.residents.iter().enumerate() {
        let mut add = |what: &str, value: &Option<String>| {
            if let Some(value) = value.as_deref().filter(|value| value.chars().count() >= 4) {
                values.push((format!("{what} of resident {n}"), value.to_owned()));
            }
        };
        add("mail", &one.email);
        add("name", &one.name);
        add("PIN", &one.pin);
        add("signature password", &one.signature_password);
        add("login secret", &Some(one.login_secret.clone()));
        let parts: Vec<&str> = one.name.iter().flat_map(|name| name.split(['\u{3000}', ' '])).collect();
        for between in ["", "\u{3000}", "%E3%80%80", "+"] {
            add("name", &Some(parts.join(between)));
        }
    }
    for card in &demo.line.virtual_cards {
        for (what, value) in
            [("PIN", &card.pin), ("text PIN", &card.text_pin), ("signature password", &card.signature_password)]
        {
            if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                values.push((format!("{what} of card {}", card.name), value.clone()));
            }
        }
    }
    for client in &demo.line.clients {
        if let Some(secret) = &client.client_secret {
            values.push((format!("secret of client {}", client.client_id), secret.clone()));
        }
    }
    values
}

/// Every text in the claims that the issuer gave, except what is the same for thousands.
fn personal(claims: &Value, into: &mut BTreeSet<String>) {
    match claims {
        Value::String(text) if text.chars().count() >= 6 => drop(into.insert(text.clone())),
        Value::Object(parts) => parts.values().for_each(|part| personal(part, into)),
        _ => {}
    }
}

fn a_whole_day(demo: &Demo) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for client in ["library", "kosodate", "python"] {
        let party = Party::new(&demo.line, client);
        for resident in [demo.line.hanako(), demo.line.ken()] {
            let mut browser = party.browser();
            let tokens = party.tokens(&mut browser, resident);
            let claims = party.userinfo(&tokens.must("access_token")).body;
            seen.insert(tokens.must("access_token"));
            seen.insert(tokens.must("id_token"));
            if client == "kosodate" {
                personal(&claims, &mut seen);
            }
            if let Some(refresh) = tokens.text("refresh_token") {
                seen.insert(refresh.to_owned());
                let _ = party.refresh(refresh);
                let _ = party.refresh(refresh);
            }
            for path in ["/me", "/me/facilities", "/me/activity", "/me/face", "/nowhere"] {
                browser.visit(&format!("{}{path}", demo.line.issuer));
            }
        }
        abuse(&party);
    }
    let mut visitor = Browser::new(&[]);
    for address in [&demo.line.outbox, &demo.line.manager, &demo.line.agent] {
        visitor.visit(address);
    }
    seen
}

/// Errors are where values slip into a log.
fn abuse(party: &Party<'_>) {
    let _ = party.basic(&party.client.client_id, "wrong-secret-of-somebody", &[("grant_type", "client_credentials")]);
    let _ = party.token(&[("grant_type", "authorization_code"), ("code", "stolen-code-of-somebody")]);
    let _ = party.userinfo("stolen-token-of-somebody");
    let request = party.request();
    let mut browser = party.browser();
    let login = browser.open(&request.url);
    let fields =
        [("#pass-login-id", "hanako.of.nowhere@example.jp"), ("#pass-login-secret", "mistyped-secret-of-somebody")];
    if login.has("#pass-login-secret") {
        browser.submit(&login, "#pass-login-form", &fields);
    }
    browser.open(&request.with(&[("login_hint", Some("mail.of.somebody@example.jp")), ("max_age", Some("x"))]).url);
}

#[test]
fn cap_09_no_personal_value_and_no_individual_number_in_any_log_line() {
    // Everything that PASS itself can say; what libraries say below a warning is theirs.
    let ours = ["pass_app", "pass_web", "pass_core", "pass_store", "pass_admin", "jpki", "face"];
    let filter = ours.iter().fold("warn".to_owned(), |filter, name| format!("{filter},{name}=trace"));
    let environment = vec![("PASS_LOG".to_owned(), filter)];
    let demo = Demo::start(&Options { environment, ..Options::default() });
    let mut values = forbidden(&demo);
    values.extend(a_whole_day(&demo).into_iter().map(|value| ("value that was given".to_owned(), value)));
    for typed in [
        "wrong-secret-of-somebody",
        "stolen-code-of-somebody",
        "stolen-token-of-somebody",
        "hanako.of.nowhere",
        "mistyped-secret-of-somebody",
        "mail.of.somebody",
    ] {
        values.push(("typed value".to_owned(), typed.to_owned()));
    }
    let log = demo.log();
    assert!(log.lines().count() > 3, "a log that says nothing proves nothing");
    let numbers = mynumber::find(&log);
    assert!(numbers.is_empty(), "{} twelve-digit numbers with a valid check digit", numbers.len());
    let slipped: BTreeSet<String> = values
        .iter()
        .flat_map(|(what, value)| lines_with(&log, value).map(move |number| format!("{what}, in log line {number}")))
        .collect();
    assert!(slipped.is_empty(), "{slipped:#?}");
    for (client, code) in [("kosodate", "invalid_client"), ("python", "invalid_grant"), ("library", "invalid_request")]
    {
        let told = |line: &&str| line.contains(&format!("client_id=\"{client}\"")) && line.contains(code);
        assert!(log.lines().any(|line| told(&line)), "no line says that {client} was refused with {code}");
    }
    assert!(demo.stop().success(), "a clean end on SIGTERM");
}

/// Short values (a PIN of four digits) count as whole words only.
fn lines_with<'l>(log: &'l str, value: &'l str) -> impl Iterator<Item = usize> + 'l {
    let short = value.chars().count() <= 6 && value.is_ascii();
    log.lines()
        .enumerate()
        .filter(move |(_, line)| if short { word(line, value) } else { line.contains(value) })
        .map(|(n, _)| n + 1)
}

fn word(line: &str, value: &str) -> bool {
    line.match_indices(value).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
        edge(line[..at].chars().next_back()) && edge(line[at + value.len()..].chars().next())
    })
}
