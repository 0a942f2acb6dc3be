//! What is refused over HTTP: every trick with a redirect_uri, requests that are too large, hostile registrations.

use crate::registration::{INITIAL, call, invite};
use crate::test_pass::{Asking, TestPass};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// RFC 9700 4.1: each is refused with a page, never with a redirect anywhere.
#[actix_web::test]
async fn cap_49_no_trick_with_a_redirect_uri_leads_anywhere() {
    let pass = TestPass::new().await;
    let (one, two) = ("https://rp.example/app/cb", "https://rp.example/app/cb?next=home");
    pass.change("library", |client| client.metadata.redirect_uris = vec![one.into(), two.into()]).await;
    let browser = pass.browser();
    let path = |more: &str| {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        format!(
            "/authorize?client_id=library&response_type=code&scope=openid&code_challenge={challenge}&code_challenge_method=S256{more}"
        )
    };
    let with = |address: &str| {
        let pair = url::form_urlencoded::Serializer::new(String::new()).append_pair("redirect_uri", address).finish();
        path(&format!("&{pair}"))
    };
    for good in [one, two] {
        assert_eq!(browser.get(&with(good)).await.status.as_u16(), 303, "{good}");
    }
    for (trick, address) in [
        ("suffix", "https://rp.example/app/cb/more"),
        ("suffix without a slash", "https://rp.example/app/cbevil"),
        ("prefix", "https://rp.example/app/c"),
        ("prefix of the host", "https://rp.example.evil.example/app/cb"),
        ("suffix of the host", "https://evilrp.example/app/cb"),
        ("subdomain", "https://a.rp.example/app/cb"),
        ("parent domain", "https://example/app/cb"),
        ("path traversal", "https://rp.example/app/cb/../evil"),
        ("path traversal home again", "https://rp.example/app/x/../cb"),
        ("encoded traversal", "https://rp.example/app/cb/%2e%2e/evil"),
        ("double-encoded traversal", "https://rp.example/app/cb%252f..%252fevil"),
        ("encoded slash", "https://rp.example/app%2Fcb"),
        ("encoded letter", "https://rp.example/app/%63b"),
        ("backslash", "https://rp.example\\@evil.example/app/cb"),
        ("userinfo", "https://rp.example@evil.example/app/cb"),
        ("userinfo before the right host", "https://evil.example@rp.example/app/cb"),
        ("userinfo with a password", "https://rp.example:443@evil.example/app/cb"),
        ("wildcard", "https://*.example/app/cb"),
        ("wildcard in the path", "https://rp.example/app/*"),
        ("upper case in the scheme", "HTTPS://rp.example/app/cb"),
        ("upper case in the host", "https://RP.example/app/cb"),
        ("upper case in the path", "https://rp.example/app/CB"),
        ("the port everybody knows", "https://rp.example:443/app/cb"),
        ("another port", "https://rp.example:8443/app/cb"),
        ("another scheme", "http://rp.example/app/cb"),
        ("no scheme", "//rp.example/app/cb"),
        ("a relative one", "/app/cb"),
        ("fragment", "https://rp.example/app/cb#evil"),
        ("empty fragment", "https://rp.example/app/cb#"),
        ("trailing dot of the host", "https://rp.example./app/cb"),
        ("trailing slash", "https://rp.example/app/cb/"),
        ("trailing question mark", "https://rp.example/app/cb?"),
        ("trailing space", "https://rp.example/app/cb "),
        ("leading space", " https://rp.example/app/cb"),
        ("tab", "https://rp.example/app/cb\t"),
        ("line break", "https://rp.example/app/cb\r\nLocation: https://evil.example"),
        ("zero byte", "https://rp.example/app/cb\0.evil.example"),
        ("letters that look alike", "https://rр.example/app/cb"),
        ("full-width dot", "https://rp．example/app/cb"),
        ("punycode", "https://xn--r-7sb.example/app/cb"),
        ("zero-width letter", "https://rp.example/app/\u{200b}cb"),
        ("one more parameter", "https://rp.example/app/cb?evil=1"),
        ("another value", "https://rp.example/app/cb?next=https://evil.example"),
        ("one more value", "https://rp.example/app/cb?next=home&next=https://evil.example"),
        ("order and encoding", "https://rp.example/app/cb?next=%68ome"),
        ("open redirect", "https://rp.example/app/redirect?to=https://evil.example"),
        ("two in one", "https://rp.example/app/cb https://evil.example/"),
        ("script", "javascript:alert(1)//https://rp.example/app/cb"),
        ("data", "data:text/html,<script>location='https://evil.example'</script>"),
        ("loopback", "http://127.0.0.1/app/cb"),
        ("another client's", "http://127.0.0.1:8082/kosodate/callback"),
        ("empty", ""),
    ] {
        for more in ["", "&prompt=none", "&response_mode=form_post", "&response_type=token"] {
            let refused = browser.get(&format!("{}{more}", with(address))).await;
            assert_eq!((refused.status.as_u16(), refused.location.as_str()), (400, ""), "{trick} {more}");
            assert!(refused.has("#pass-error-code") && !refused.has("form[action^='http']"), "{trick} {more}");
            assert!(!refused.has("a[href^='http'], a[href^='//']"), "{trick}: a link leads away");
        }
    }
    for (trick, pairs) in [
        (
            "twice the same",
            "&redirect_uri=https%3A%2F%2Frp.example%2Fapp%2Fcb&redirect_uri=https%3A%2F%2Frp.example%2Fapp%2Fcb",
        ),
        ("good and evil", "&redirect_uri=https%3A%2F%2Frp.example%2Fapp%2Fcb&redirect_uri=https%3A%2F%2Fevil.example"),
        ("evil and good", "&redirect_uri=https%3A%2F%2Fevil.example&redirect_uri=https%3A%2F%2Frp.example%2Fapp%2Fcb"),
        ("an array as PHP writes it", "&redirect_uri%5B%5D=https%3A%2F%2Frp.example%2Fapp%2Fcb"),
        ("upper case in the name", "&Redirect_Uri=https%3A%2F%2Frp.example%2Fapp%2Fcb"),
        ("no UTF-8", "&redirect_uri=https%3A%2F%2Frp.example%2Fapp%2Fcb%ff"),
        ("none", ""),
    ] {
        let refused = browser.get(&path(pairs)).await;
        assert_eq!((refused.status.as_u16(), refused.location.as_str()), (400, ""), "{trick}");
    }
}

#[actix_web::test]
async fn cap_49_requests_that_are_too_large_are_refused_in_the_readers_language() {
    let pass = TestPass::new().await;
    invite(&pass).await;
    let wire = pass.browser();
    let large = "x".repeat(300 * 1024);

    // People: a page, in the language of the browser.
    for (language, lang) in [("ja", "ja"), ("en", "en")] {
        for path in ["/authorize", "/session/end"] {
            let post = TestRequest::post().uri(path).insert_header(FORM).insert_header(("accept-language", language));
            let page = wire.send(post.set_payload(format!("state={large}"))).await;
            assert_eq!(page.status.as_u16(), 413, "{path}");
            assert!(
                page.has("#pass-error-code") && page.attribute("html", "lang").unwrap().starts_with(lang),
                "{path}"
            );
        }
        // Within what is received, beyond what is read.
        let query = format!("{}&state={}", Asking::library().path(), "x".repeat(17_000));
        let page = wire.send(TestRequest::get().uri(&query).insert_header(("accept-language", language))).await;
        assert_eq!((page.status.as_u16(), page.has("#pass-error-code")), (400, true));
        assert!(page.attribute("html", "lang").unwrap().starts_with(lang));
    }
    // Programs: JSON, never cached.
    for (path, error) in [
        ("/token", "invalid_request"),
        ("/introspect", "invalid_request"),
        ("/revoke", "invalid_request"),
        ("/userinfo", "invalid_request"),
        ("/register", "invalid_client_metadata"),
    ] {
        let told = wire.send(TestRequest::post().uri(path).insert_header(FORM).set_payload(large.clone())).await;
        assert_eq!((told.status.as_u16(), &told.json()["error"]), (413, &json!(error)), "{path}");
    }
    let value = format!("grant_type=authorization_code&code={}", "x".repeat(17_000));
    let told = wire.send(TestRequest::post().uri("/token").insert_header(FORM).set_payload(value)).await;
    assert_eq!((told.status.as_u16(), &told.json()["error"]), (400, &json!("invalid_request")));
    let many: String = (0..200).map(|n| format!("p{n}=1&")).collect();
    let told = wire.send(TestRequest::post().uri("/token").insert_header(FORM).set_payload(many)).await;
    assert_eq!((told.status.as_u16(), &told.json()["error"]), (400, &json!("invalid_request")));
}

#[actix_web::test]
async fn cap_49_hostile_registrations_are_refused_and_no_logo_is_ever_fetched() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    invite(&pass).await;
    let wire = pass.browser();
    let cb = "https://rp.example/cb";
    let key = |n: usize| json!({ "kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": n.to_string() });
    let keys = |count| (0..count).map(key).collect::<Vec<Value>>();
    for (status, members) in [
        (400, json!({ "redirect_uris": ["javascript:alert(1)"] })),
        (400, json!({ "redirect_uris": ["data:text/html,<script>alert(1)</script>"] })),
        (400, json!({ "redirect_uris": [cb, "JaVaScRiPt:alert(1)"] })),
        (400, json!({ "redirect_uris": [cb], "client_uri": "javascript:alert(1)" })),
        (400, json!({ "redirect_uris": [cb], "tos_uri": "data:text/html,x" })),
        (400, json!({ "redirect_uris": [cb], "policy_uri": "vbscript:x" })),
        (400, json!({ "redirect_uris": [cb], "logo_uri": "data:image/svg+xml,<svg onload=alert(1)>" })),
        (400, json!({ "redirect_uris": [cb], "jwks_uri": "file:///etc/passwd" })),
        (400, json!({ "redirect_uris": [cb], "request_uris": ["javascript:x"] })),
        (
            413,
            json!({ "redirect_uris": [cb], "logo_uri": format!("data:image/png;base64,{}", "A".repeat(10 * 1024 * 1024)) }),
        ),
        (413, json!({ "redirect_uris": [cb], "jwks": { "keys": keys(10_000) } })),
        (400, json!({ "redirect_uris": [cb], "jwks": { "keys": keys(100) } })),
        (400, json!({ "redirect_uris": vec![cb; 1_000] })),
    ] {
        let refused = call(&wire, Method::POST, "/register", INITIAL, members.clone()).await;
        let what = members.to_string().chars().take(80).collect::<String>();
        assert_eq!(refused.status.as_u16(), status, "{what}: {}", refused.body);
        assert!(refused.json()["error"].as_str().unwrap().starts_with("invalid_"), "{what}");
    }

    // A logo is an address that a console may show; PASS itself fetches none, and its pages show the facility's own picture.
    let logo = "https://rp.example/logo-of-10-mb.png";
    pass.elsewhere.put(logo, "x".into());
    let members = json!({ "redirect_uris": [cb], "logo_uri": logo, "scope": "openid" });
    let made = call(&wire, Method::POST, "/register", INITIAL, members).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    let id = made.json()["client_id"].as_str().unwrap().to_string();
    let path =
        format!("/authorize?client_id={id}&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Frp.example%2Fcb");
    let page = wire.open(&path).await;
    let consent = wire.test_sign_in(&page, "hanako").await;
    for page in [&page, &consent] {
        assert!(page.status.is_success() && !page.body.contains("rp.example/logo"), "{}", page.body);
    }
    assert_eq!(pass.elsewhere.fetched(logo), 0);
}
