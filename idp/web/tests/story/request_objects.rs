//! Signed requests, keys at an address, and userinfo as a JWT.

use crate::test_pass::{Asking, TestPass};
use pass_core::domain::client::{Client, SigningAlg};
use pass_core::domain::key::KeyState;
use pass_core::oidc::keys::{KeyRing, NewKey, generate};
use pass_core::seal::{Purpose, WrappingSecret};
use serde_json::json;
use std::time::Duration;

pub(crate) const JWKS: &str = "https://library.example/jwks";
pub(crate) const OBJECT: &str = "https://library.example/object";

/// Keys of the library's own, new at each call.
pub(crate) fn keys(pass: &TestPass) -> KeyRing {
    keys_for(pass, &[SigningAlg::ES256])
}

/// The same for several algorithms.
pub(crate) fn keys_for(pass: &TestPass, algorithms: &[SigningAlg]) -> KeyRing {
    let wrapping = WrappingSecret::new([9; 32]).derive(Purpose::SigningKeys);
    let new = |alg| NewKey { alg, state: KeyState::Current, now: pass.app.now() };
    let made = algorithms.iter().map(|alg| generate(new(*alg), &wrapping, &*pass.app.entropy).unwrap());
    KeyRing::build(&made.collect::<Vec<_>>(), &wrapping).unwrap()
}

pub(crate) fn publish(pass: &TestPass, ring: &KeyRing) {
    pass.elsewhere.put(JWKS, String::from_utf8(ring.jwks().bytes.to_vec()).unwrap());
}

pub(crate) fn signed(ring: &KeyRing, state: &str) -> String {
    let claims = json!({ "iss": "library", "state": state });
    ring.sign(SigningAlg::ES256, "oauth-authz-req+jwt", claims.as_object().unwrap()).unwrap()
}

/// The library registers keys at an address, request objects, and signed userinfo.
pub(crate) async fn register(pass: &TestPass) {
    let how = |client: &mut Client| {
        client.metadata.jwks_uri = Some(JWKS.into());
        client.metadata.request_uris = vec![OBJECT.into(), format!("{OBJECT}#a"), format!("{OBJECT}#b")];
        client.metadata.userinfo_signed_response_alg = Some(SigningAlg::ES256);
        client.flags.request_object = true;
        client.flags.request_uri = true;
    };
    pass.change("library", how).await;
}

#[actix_web::test]
async fn cap_49_a_signed_request_is_read_by_value_and_by_reference_and_keys_may_rotate() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.log_in(&Asking::library(), "hanako").await;
    let refused = browser.get(&Asking::library().with("request", "a.b.c").path()).await;
    assert_eq!(refused.parameter("error").as_deref(), Some("request_not_supported"), "not registered for it");
    register(&pass).await;

    let old = keys(&pass);
    publish(&pass, &old);
    let by_value = |ring: &KeyRing, state| Asking::library().with("request", &signed(ring, state));
    let answer = browser.open(&by_value(&old, "one").path()).await;
    assert_eq!((answer.parameter("state").as_deref(), answer.parameter("error")), (Some("one"), None));
    browser.open(&by_value(&old, "two").path()).await;
    assert_eq!(pass.elsewhere.fetched(JWKS), 1, "kept");

    // Another key: asked for at once, but not within five seconds of the last time.
    let new = keys(&pass);
    publish(&pass, &new);
    let early = browser.open(&by_value(&new, "three").path()).await;
    assert_eq!(early.parameter("error").as_deref(), Some("invalid_request_object"));
    assert_eq!(
        early.parameter("state").as_deref(),
        Some("a-state"),
        "what an object says counts only when it is proven"
    );
    pass.wait(Duration::from_secs(6));
    let answer = browser.open(&by_value(&new, "four").path()).await;
    assert_eq!(answer.parameter("state").as_deref(), Some("four"), "{}", answer.location);
    assert_eq!(pass.elsewhere.fetched(JWKS), 2);

    // Its server is ill when somebody sends a key that nobody knows: the good keys stay.
    pass.wait(Duration::from_secs(6));
    pass.elsewhere.put(JWKS, "not found".into());
    let stranger = browser.open(&by_value(&keys(&pass), "six").path()).await;
    assert_eq!(stranger.parameter("error").as_deref(), Some("invalid_request_object"));
    let good = browser.open(&by_value(&new, "seven").path()).await;
    assert_eq!(good.parameter("state").as_deref(), Some("seven"), "{}", good.location);
    publish(&pass, &new);

    // What came twice outside is not hidden by the object.
    let twice = by_value(&new, "eight").with("state", "another");
    assert_eq!(browser.open(&twice.path()).await.parameter("error").as_deref(), Some("invalid_request"));

    pass.elsewhere.put(OBJECT, signed(&new, "five"));
    let by_reference = browser.open(&Asking::library().with("request_uri", OBJECT).path()).await;
    assert_eq!(by_reference.parameter("state").as_deref(), Some("five"), "{}", by_reference.location);
    let elsewhere = Asking::library().with("request_uri", "https://evil.example/object");
    assert_eq!(browser.open(&elsewhere.path()).await.parameter("error").as_deref(), Some("invalid_request_uri"));
    assert_eq!(pass.elsewhere.fetched("https://evil.example/object"), 0);
}

#[actix_web::test]
async fn cap_49_userinfo_is_a_jwt_for_a_client_that_registered_one() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    register(&pass).await;
    let asking = Asking::library();
    let answer = pass.browser().log_in(&asking, "hanako").await;
    let told = asking.tokens(&pass, &answer).await.userinfo_text(&pass).await;
    let claims = pass.app.directory().keys.verify(&told).expect("a JWT that PASS signed").claims;
    assert_eq!((&claims["aud"], &claims["age_over_18"]), (&json!("library"), &json!(true)));
    assert!(claims.contains_key("iss") && claims.contains_key("sub") && !claims.contains_key("nonce"));
}
