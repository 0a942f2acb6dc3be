//! The authorization endpoint from outside: what is refused where, and what never redirects.

use pass_conformance::{
    Demo, Page,
    flow::{Party, Request, walk},
};

fn party(client: &str) -> Party<'static> {
    Party::new(&Demo::shared().line, client)
}

fn open(party: &Party<'_>, request: &Request) -> Page {
    party.browser().open(&request.url)
}

/// An error page at the endpoint itself: no redirect, status 400, a code and a sentence, no sign-in form.
fn is_error_page(page: &Page, what: &str) {
    assert!(!page.left, "{what}: redirected to {}", page.url);
    assert_eq!(page.status, 400, "{what}: {}", page.told());
    for id in ["#pass-error-page", "#pass-error-code", "#pass-error-message"] {
        assert!(page.has(id), "{what}: no {id}");
    }
    assert!(!page.has("#pass-login-form"), "{what}: an error page offers no sign-in");
}

fn is_error_redirect(page: &Page, request: &Request, codes: &[&str], what: &str) {
    assert!(page.left, "{what}: {}", page.told());
    let code = page.query("error").unwrap_or_default();
    assert!(codes.contains(&code.as_str()), "{what}: {code:?}");
    assert_eq!(page.query("state").as_deref(), Some(request.state.as_str()), "{what}: state");
    let known = ["error", "error_description", "error_uri", "state", "iss", "session_state"];
    for (name, value) in page.url.query_pairs() {
        assert!(known.contains(&&*name), "{what}: unknown parameter {name}");
        // RFC 6749 4.1.2.1: error_description is printable ASCII without quote and backslash.
        assert!(
            name != "error_description" || value.bytes().all(|b| matches!(b, 0x20..=0x7e if b != b'"' && b != b'\\'))
        );
    }
}

#[test]
fn cap_49_redirect_uri_is_compared_as_a_string() {
    let party = party("bench");
    let request = party.request();
    let registered = request.redirect_uri.clone();
    for other in [
        format!("{registered}/"),
        registered.replace("://rp.example.test", "://rp.example.test:443"),
        registered.replace("https://rp", "HTTPS://RP"),
        format!("{registered}?more=1"),
        format!("{registered}#fragment"),
        "https://attacker.example/cb".to_owned(),
        String::new(),
    ] {
        let page = Party::browser(&party).open(&request.with(&[("redirect_uri", Some(&other))]).url);
        is_error_page(&page, &format!("redirect_uri {other:?}"));
    }
}

#[test]
fn cap_49_without_a_proven_client_nothing_redirects() {
    let party = party("bench");
    let request = party.request();
    is_error_page(&open(&party, &request.with(&[("redirect_uri", None)])), "no redirect_uri");
    is_error_page(&open(&party, &request.with(&[("client_id", None)])), "no client_id");
    is_error_page(&open(&party, &request.with(&[("client_id", Some("nobody"))])), "unknown client");
    is_error_page(&open(&party, &request.again("redirect_uri", &request.redirect_uri)), "two redirect_uri");
    is_error_page(&open(&party, &request.again("client_id", "bench")), "two client_id");
}

#[test]
fn cap_49_faults_of_a_proven_client_are_redirected() {
    let party = party("bench");
    let request = party.request();
    let short = "x".repeat(42);
    let table: &[(&str, Request, &[&str])] = &[
        (
            "no response_type",
            request.with(&[("response_type", None)]),
            &["unsupported_response_type", "invalid_request"],
        ),
        ("other response_type", request.with(&[("response_type", Some("banana"))]), &["unsupported_response_type"]),
        (
            "implicit",
            request.with(&[("response_type", Some("id_token token"))]),
            &["unsupported_response_type", "unauthorized_client"],
        ),
        ("no PKCE", request.with(&[("code_challenge", None), ("code_challenge_method", None)]), &["invalid_request"]),
        ("plain PKCE", request.with(&[("code_challenge_method", Some("plain"))]), &["invalid_request"]),
        ("PKCE without method is plain", request.with(&[("code_challenge_method", None)]), &["invalid_request"]),
        ("short challenge", request.with(&[("code_challenge", Some(&short))]), &["invalid_request"]),
        ("odd challenge", request.with(&[("code_challenge", Some(&"é".repeat(43)))]), &["invalid_request"]),
        ("no openid", request.with(&[("scope", Some("profile"))]), &["invalid_scope"]),
        ("bad character in scope", request.with(&[("scope", Some("openid \"x\""))]), &["invalid_scope"]),
        ("two nonces", request.again("nonce", "n"), &["invalid_request"]),
        ("two challenges", request.again("code_challenge", &"y".repeat(43)), &["invalid_request"]),
        ("prompt none and login", request.with(&[("prompt", Some("none login"))]), &["invalid_request"]),
        ("max_age no number", request.with(&[("max_age", Some("soon"))]), &["invalid_request"]),
        ("claims no JSON", request.with(&[("claims", Some("{"))]), &["invalid_request"]),
        ("request object", request.with(&[("request", Some("e30.e30."))]), &["request_not_supported"]),
        (
            "request_uri",
            request.with(&[("request_uri", Some("https://rp.example.test/r"))]),
            &["request_uri_not_supported"],
        ),
        ("unknown response_mode", request.with(&[("response_mode", Some("pigeon"))]), &["invalid_request"]),
        ("prompt=none, nobody there", request.with(&[("prompt", Some("none"))]), &["login_required"]),
    ];
    for (what, request, codes) in table {
        is_error_redirect(&open(&party, request), request, codes, what);
    }
}

#[test]
fn cap_49_two_states_are_told_without_a_state() {
    let party = party("bench");
    let page = open(&party, &party.request().again("state", "other"));
    assert!(page.left, "{}", page.told());
    assert_eq!(page.query("error").as_deref(), Some("invalid_request"));
    assert_eq!(page.query("state"), None, "which of the two would it be");
}

#[test]
fn cap_49_state_and_issuer_come_back_exactly() {
    let party = party("bench");
    for state in ["a b+c&d=e%20\"'<>", "日本", &"s".repeat(128)] {
        let request = party.request().with(&[("state", Some(state))]);
        let page = walk(&mut party.browser(), Demo::shared().line.user(0), &request);
        assert!(page.left, "{}", page.told());
        assert_eq!(page.query("state").as_deref(), Some(state));
        // RFC 9207 2
        assert_eq!(page.query("iss").as_deref(), Some(party.issuer));
        let refused = open(&party, &request.with(&[("prompt", Some("none"))]));
        assert_eq!(refused.query("state").as_deref(), Some(state), "on an error too");
        assert_eq!(refused.query("iss").as_deref(), Some(party.issuer), "on an error too");
    }
}

#[test]
fn cap_49_a_posted_request_is_a_request() {
    let party = party("bench");
    let request = party.request();
    let pairs: Vec<(String, String)> =
        request.url.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let mut plain = request.url.clone();
    plain.set_query(None);
    let page = party.browser().post(&plain, &pairs);
    assert!(page.has("#pass-login-form"), "{}", page.told());
}

#[test]
fn cap_49_form_post_is_a_form_with_a_visible_button() {
    let party = party("bench");
    let request = party.request().with(&[("response_mode", Some("form_post"))]);
    let page = walk(&mut party.browser(), Demo::shared().line.user(1), &request);
    assert!(page.has("#pass-form-post") && page.has("#pass-form-post-submit"), "{}", page.told());
    assert_eq!(page.attributes("#pass-form-post", "action"), [&*request.redirect_uri]);
    assert_eq!(page.attributes("#pass-form-post input[name=state]", "value"), [&*request.state]);
    assert_eq!(page.attributes("#pass-form-post input[name=iss]", "value"), [party.issuer]);
    let code = page.attributes("#pass-form-post input[name=code]", "value");
    assert_eq!(party.exchange(&code[0], &request).status, 200);
    assert!(!page.has("script:not([src])"), "no inline script");
}

#[test]
fn cap_49_saying_no_is_access_denied() {
    let party = party("library");
    let line = &Demo::shared().line;
    let request = party.request().with(&[("prompt", Some("consent"))]);
    let mut browser = party.browser();
    let login = browser.open(&request.url);
    let fields = [("#pass-login-id", &*line.ken().login_id), ("#pass-login-secret", &*line.ken().login_secret)];
    let consent = browser.submit(&login, "#pass-login-form", &fields);
    assert!(consent.has("#pass-consent-form"), "{}", consent.told());
    let end = browser.submit(&consent, "#pass-consent-form", &[("decision", "deny")]);
    is_error_redirect(&end, &request, &["access_denied"], "deny");
}

#[test]
fn cap_49_a_wrong_secret_says_so_and_leaves_nothing() {
    let party = party("bench");
    let request = party.request();
    let mut browser = party.browser();
    let login = browser.open(&request.url);
    let fields = [("#pass-login-id", "user2"), ("#pass-login-secret", "wrong")];
    let again = browser.submit(&login, "#pass-login-form", &fields);
    assert!(again.has("#pass-login-form #pass-login-secret"), "{}", again.told());
    assert!(!again.body.contains("value=\"wrong\""), "a secret is not echoed");
    let silent = browser.open(&request.with(&[("prompt", Some("none"))]).url);
    assert_eq!(silent.query("error").as_deref(), Some("login_required"));
}

#[test]
fn cap_49_an_interaction_belongs_to_the_browser_that_began_it() {
    let party = party("bench");
    let login = party.browser().open(&party.request().url);
    let mut thief = party.browser();
    let page = thief.open(&login.url);
    assert!(!page.has("#pass-login-form") && !page.left, "{}", page.told());
    assert!((400..500).contains(&page.status), "{}", page.told());
}
