//! Forms, cookies and headers of the issuer's pages: what a page of somebody else cannot do.

use std::collections::BTreeMap;

use pass_conformance::{Browser, Demo, Page, flow::Party};

fn party() -> Party<'static> {
    Party::new(&Demo::shared().line, "library")
}

fn credentials() -> [(&'static str, &'static str); 2] {
    let hanako = Demo::shared().line.hanako();
    [("#pass-login-id", &hanako.login_id), ("#pass-login-secret", &hanako.login_secret)]
}

/// The consent page of a fresh browser.
fn consent(browser: &mut Browser) -> Page {
    let request = party().request().with(&[("prompt", Some("consent"))]);
    let login = browser.open(&request.url);
    let page = browser.submit(&login, "#pass-login-form", &credentials());
    assert!(page.has("#pass-consent-form"), "{}", page.told());
    page
}

fn values(browser: &Browser) -> BTreeMap<String, String> {
    browser.jar.of("localhost").map(|(name, cookie)| (name.to_owned(), cookie.value.clone())).collect()
}

#[test]
fn cap_49_a_form_is_taken_only_with_its_token_and_from_its_own_origin() {
    let mut browser = party().browser();
    let page = consent(&mut browser);
    let (target, pairs) = page.filled("#pass-consent-form", &[("decision", "allow")]).unwrap();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let without: Vec<(&str, &str)> = pairs.iter().copied().filter(|(name, _)| *name != "csrf").collect();
    let other = browser.submit(&page, "#pass-consent-form", &[("decision", "allow"), ("csrf", "of-somebody-else")]);
    assert!(!other.left && other.status >= 400, "another token: {}", other.told());
    let bare = browser.post(&target, &without);
    assert!(!bare.left && bare.status >= 400, "no token: {}", bare.told());
    // `null` is what a page without a referrer sends of itself: there the token decides.
    for origin in ["https://attacker.example", "http://127.0.0.1:9"] {
        let foreign = browser.post_from(&target, &pairs, origin);
        assert!(!foreign.left && foreign.status >= 400, "from {origin}: {}", foreign.told());
    }
    let own = browser.post(&target, &pairs);
    assert!(own.left && own.query("code").is_some(), "the page's own form still works: {}", own.told());
}

#[test]
fn cap_49_a_session_known_before_sign_in_is_worth_nothing_after_it() {
    let party = party();
    let mut browser = party.browser();
    let login = browser.open(&party.request().url);
    let before = values(&browser);
    assert!(!before.is_empty(), "the interaction is bound to the browser");
    browser.submit(&login, "#pass-login-form", &credentials());
    let after = values(&browser);
    let fresh = after.iter().filter(|(name, value)| before.get(*name) != Some(value)).count();
    assert!(fresh > 0, "sign-in sets a session of its own");
    let mut thief = party.browser();
    for (name, value) in &before {
        thief.jar.put("localhost", name, value);
    }
    let silent = party.request().with(&[("prompt", Some("none"))]);
    assert_eq!(thief.open(&silent.url).query("error").as_deref(), Some("login_required"));
}

#[test]
fn cap_49_cookies_are_closed_to_scripts_and_to_other_sites() {
    let mut browser = party().browser();
    consent(&mut browser);
    let mut seen = 0;
    for (name, cookie) in browser.jar.of("localhost") {
        seen += 1;
        assert!(cookie.has("httponly"), "{name}");
        assert!(cookie.has("samesite=lax") || cookie.has("samesite=strict"), "{name}");
        assert!(cookie.has("path=/"), "{name}");
        assert!(cookie.attributes.iter().all(|one| !one.starts_with("domain=")), "{name} is of this host alone");
    }
    assert!(seen > 0);
}

#[test]
fn cap_49_every_page_carries_the_safe_headers() {
    let mut browser = party().browser();
    let login = browser.open(&party().request().url);
    let consent = consent(&mut party().browser());
    let mut wrong = party().browser();
    let error = wrong.open(&party().request().with(&[("client_id", Some("nobody"))]).url);
    let missing = wrong.visit(&format!("{}/nowhere", Demo::shared().line.issuer));
    for page in [&login, &consent, &error, &missing] {
        let header =
            |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part} on {}: {policy}", page.told());
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{}: {policy}", page.told());
        assert_eq!(header("x-content-type-options"), "nosniff", "{}", page.told());
        assert!(!header("referrer-policy").is_empty(), "{}", page.told());
        assert!(header("cache-control").contains("no-store"), "{}", page.told());
        assert!(!page.has("script:not([src]), style, [style], [onclick]"), "inline script or style: {}", page.told());
    }
    // The hand-over after a form goes to the relying party: its origin, and no other, is let through.
    let policy = consent.headers["content-security-policy"].to_str().unwrap();
    let redirect: url::Url = party().client.redirect_uris[0].parse().unwrap();
    assert!(policy.contains(&redirect.origin().ascii_serialization()), "{policy}");
}

#[test]
fn cap_61_pages_come_in_three_languages() {
    let party = party();
    for (locale, lang, words) in [("ja", "ja", "PASSでログイン"), ("en", "en", "Sign in with PASS")] {
        let page = party.browser().open(&party.request().with(&[("ui_locales", Some(locale))]).url);
        assert_eq!(page.attributes("html", "lang"), [lang]);
        assert!(page.text("#pass-login-title").unwrap_or_default().contains(words), "{locale}: {}", page.told());
    }
}
