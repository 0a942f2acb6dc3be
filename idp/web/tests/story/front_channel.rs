//! Tokens through the browser: every response type, what is never given there, and signing out by frames.

use crate::test_pass::{Asking, Reply, TestPass};
use actix_web::http::header::AUTHORIZATION;
use actix_web::test::TestRequest;
use pass_core::domain::client::Client;
use pass_core::domain::response_type::ResponseType;
use pass_core::oidc::session_state::{browser_state, session_state};
use pass_core::secret::base64url;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::time::Duration;

async fn everything_on(pass: &TestPass, client: &str) {
    let change = |client: &mut Client| {
        client.switch_implicit(true);
        client.switch_hybrid(true);
    };
    pass.change(client, change).await;
}

async fn told(pass: &TestPass, token: &str) -> (u16, Value) {
    let bearer = (AUTHORIZATION, format!("Bearer {token}"));
    let reply = pass.browser().send(TestRequest::get().uri("/userinfo").insert_header(bearer)).await;
    (reply.status.as_u16(), serde_json::from_str(&reply.body).unwrap_or_default())
}

fn id_token(pass: &TestPass, answer: &Reply) -> Option<Map<String, Value>> {
    let token = answer.parameter("id_token")?;
    Some(pass.app.directory().keys.verify(&token).expect("signed by PASS").claims)
}

fn left_half(text: &str) -> Value {
    base64url(&Sha256::digest(text)[..16]).into()
}

const PROTOCOL: [&str; 12] =
    ["iss", "sub", "aud", "exp", "iat", "nonce", "acr", "amr", "auth_time", "at_hash", "c_hash", "sid"];

#[actix_web::test]
async fn cap_49_every_response_type_answers_in_the_fragment_with_what_it_names() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    everything_on(&pass, "kosodate").await;
    let claims = r#"{"id_token":{"name":{"essential":true},"age_band":null,"verified_claims":{"verification":{"trust_framework":null},"claims":{"name":null}}}}"#;
    for one in ResponseType::ALL.into_iter().filter(|one| one.in_front()) {
        let asking = Asking::kosodate().for_type(one).with("claims", claims);
        let browser = pass.browser();
        let page = browser.open(&asking.path()).await;
        let mut answer = browser.test_sign_in(&page, "hanako").await;
        if answer.has("#pass-consent-form") {
            answer = browser.press(&answer, &[("decision", "allow")]).await;
        }
        let (address, fragment) =
            answer.location.split_once('#').unwrap_or_else(|| panic!("{one:?} {}", answer.location));
        assert!(!address.contains('?') && fragment.contains("iss=http"), "{}", answer.location);
        assert_eq!(answer.parameter("state").as_deref(), Some("a-state"));
        let (code, token) = (answer.parameter("code"), answer.parameter("access_token"));
        assert_eq!((code.is_some(), token.is_some()), (one.code(), one.token()), "{one:?}");
        assert_eq!(answer.parameter("token_type").is_some(), one.token());
        assert_eq!(answer.parameter("expires_in"), one.token().then(|| "300".to_string()));
        let signed = id_token(&pass, &answer);
        assert_eq!(signed.is_some(), one.id_token());
        if let Some(claims) = signed {
            // OpenID Connect Core 3.2.2.10 and 3.3.2.11
            assert_eq!(claims["nonce"], "a-nonce");
            assert_eq!(claims.get("c_hash"), code.as_deref().map(left_half).as_ref());
            assert_eq!(claims.get("at_hash"), token.as_deref().map(left_half).as_ref());
            // Nothing that the card proved, though it was asked for as essential and agreed to.
            let strange: Vec<&String> = claims.keys().filter(|name| !PROTOCOL.contains(&name.as_str())).collect();
            assert!(strange.is_empty(), "{one:?} {strange:?}");
        }
        if let Some(token) = &token {
            let (status, told) = told(&pass, token).await;
            let names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!((status, names), (200, vec!["sub"]), "{told}");
        }
        if one.code() {
            // The same grant gives over the back channel what the browser never saw.
            let tokens = asking.tokens(&pass, &answer).await;
            let (_, told) = tokens.userinfo(&pass).await;
            assert_eq!(told["name"], "山田　花子", "{told}");
        }
    }
}

#[actix_web::test]
async fn cap_49_a_token_of_the_browser_is_short_and_dies_with_the_consent() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    everything_on(&pass, "library").await;
    let asking = Asking::library().for_type(ResponseType::CodeToken);
    let browser = pass.browser();
    let answer = browser.log_in(&asking, "hanako").await;
    let token = answer.parameter("access_token").unwrap_or_else(|| panic!("{}", answer.body));
    assert_eq!(told(&pass, &token).await.0, 200);
    pass.wait(Duration::from_secs(299));
    assert_eq!(told(&pass, &token).await.0, 200);
    pass.wait(Duration::from_secs(1));
    assert_eq!(told(&pass, &token).await.0, 401);
    // Taking the code twice closes the grant, and the token that went through the browser with it.
    let answer = browser.open(&asking.path()).await;
    let token = answer.parameter("access_token").unwrap_or_else(|| panic!("{} {}", answer.location, answer.body));
    assert_eq!(asking.exchange(&pass, &answer, None).await.status.as_u16(), 200);
    assert_eq!(told(&pass, &token).await.0, 200);
    assert_eq!(asking.exchange(&pass, &answer, None).await.status.as_u16(), 400);
    assert_eq!(told(&pass, &token).await.0, 401);
    assert!(pass.acts(hanako.person).await.contains(&pass_core::domain::audit::Act::ConsentGive));
}

#[actix_web::test]
async fn cap_49_what_is_switched_off_is_told_and_nobody_signs_in_for_it() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    for one in ResponseType::ALL.into_iter().filter(|one| one.in_front()) {
        let answer = pass.browser().get(&Asking::library().for_type(one).path()).await;
        assert_eq!(answer.parameter("error").as_deref(), Some("unauthorized_client"), "{one:?} {}", answer.location);
        assert!(answer.location.contains("/callback#error="), "{}", answer.location);
    }
    // Switched off again, a client that had it may ask no more.
    everything_on(&pass, "library").await;
    let asking = Asking::library().for_type(ResponseType::IdToken);
    assert!(pass.browser().open(&asking.path()).await.has("#pass-login-form"));
    pass.change("library", |client| client.flags.implicit = false).await;
    let answer = pass.browser().get(&asking.path()).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("unauthorized_client"));
    // Tokens never go into a query, and an ID token never comes without a nonce.
    everything_on(&pass, "library").await;
    let answer = pass.browser().get(&asking.clone().with("response_mode", "query").path()).await;
    assert!(answer.location.contains("/callback#error=invalid_request"), "{}", answer.location);
    let bare = asking.path().replace("&nonce=a-nonce", "");
    let answer = pass.browser().get(&bare).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("invalid_request"), "{}", answer.location);
}

#[actix_web::test]
async fn cap_49_signing_out_loads_a_frame_for_each_client_that_asked_for_one() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let out = |client: &mut Client| {
        client.flags.frontchannel_logout = true;
        client.metadata.frontchannel_logout_uri = Some("http://127.0.0.1:8082/out".into());
        client.metadata.frontchannel_logout_session_required = true;
    };
    pass.change("library", out).await;
    let (browser, asking) = (pass.browser(), Asking::library());
    let tokens = asking.tokens(&pass, &browser.log_in(&asking, "hanako").await).await;
    let sid = tokens.claim("sid").expect("sid for a client that is told of ends");
    let page = browser.get(&format!("/session/end?id_token_hint={}", tokens.id)).await;
    assert!(page.has("#pass-signing-out"), "{} {}", page.status, page.body);
    let frame = page.attribute("iframe", "src").unwrap();
    assert_eq!(frame, format!("http://127.0.0.1:8082/out?iss=http%3A%2F%2Flocalhost%3A8080&sid={sid}"));
    assert_eq!(page.attribute("#pass-signing-out-go", "href").as_deref(), Some("/session/ended"));
    // Once: the session is over.
    assert!(!browser.open(&format!("/session/end?id_token_hint={}", tokens.id)).await.has("iframe"));
    // Without the flag there is no frame and no sid.
    pass.change("library", |client| client.flags.frontchannel_logout = false).await;
    let tokens = asking.tokens(&pass, &browser.log_in(&asking, "hanako").await).await;
    assert_eq!(tokens.claim("sid"), None);
    assert!(!browser.open(&format!("/session/end?id_token_hint={}", tokens.id)).await.has("iframe"));
}

#[actix_web::test]
async fn cap_49_a_client_that_watches_the_session_gets_a_state_that_ends_with_it() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let (browser, asking) = (pass.browser(), Asking::library());
    let plain = browser.log_in(&asking, "hanako").await;
    assert_eq!(plain.parameter("session_state"), None);
    pass.change("library", |client| client.flags.session_management = true).await;
    let answer = browser.open(&asking.path()).await;
    let state = answer.parameter("session_state").unwrap_or_else(|| panic!("{}", answer.location));
    let (_, salt) = state.split_once('.').unwrap();
    let kept = browser.cookie("pass-session-state");
    assert_eq!(session_state("library", "http://127.0.0.1:8082/x", &kept, salt).as_deref(), Some(state.as_str()));
    let other = browser_state(&pass.app.keys.session, pass_core::id::SessionId([1; 16]));
    assert_ne!(session_state("library", "http://127.0.0.1:8082/x", &other, salt).as_deref(), Some(state.as_str()));
    let frame = browser.get("/session/check").await;
    assert_eq!(frame.status.as_u16(), 200);
    assert!(frame.has("script[src*='check-session.js']"));
    let tokens = asking.tokens(&pass, &answer).await;
    browser.open(&format!("/session/end?id_token_hint={}", tokens.id)).await;
    let again = browser.log_in(&asking, "hanako").await;
    assert!(again.parameter("session_state").is_some_and(|other| other != state), "{}", again.location);
    assert_ne!(browser.cookie("pass-session-state"), kept);
}
