//! Clients that prove themselves with keys at an address (RFC 7523, OpenID Connect Core 9).

use crate::request_objects::{JWKS, keys_for, publish};
use crate::test_pass::{Asking, ISSUER, TestPass};
use pass_core::domain::client::{Client, ClientAuthMethod, SigningAlg};
use pass_core::oidc::keys::KeyRing;
use serde_json::json;
use std::time::Duration;

fn assertion(pass: &TestPass, ring: &KeyRing, alg: SigningAlg, jti: &str) -> String {
    let now = pass.app.now().seconds();
    let claims = json!({ "iss": "library", "sub": "library", "aud": ISSUER, "jti": jti, "iat": now, "exp": now + 60 });
    ring.sign(alg, "JWT", claims.as_object().unwrap()).unwrap()
}

#[actix_web::test]
async fn cap_49_private_key_jwt_with_keys_at_an_address_that_rotate() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let by_key = |client: &mut Client| {
        client.secret = None;
        client.metadata.token_endpoint_auth_method = ClientAuthMethod::PrivateKeyJwt;
        client.metadata.token_endpoint_auth_signing_alg = Some(SigningAlg::ES256);
        client.metadata.jwks_uri = Some(JWKS.into());
    };
    pass.change("library", by_key).await;
    let both = [SigningAlg::ES256, SigningAlg::RS256];
    let (old, new) = (keys_for(&pass, &both), keys_for(&pass, &both));
    publish(&pass, &old);
    let (browser, asking) = (pass.browser(), Asking::library());
    let answer = browser.log_in(&asking, "hanako").await;

    // Refused before the code is taken: the secret, an algorithm that was not registered, another's key.
    let refused = asking.exchange(&pass, &answer, None).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]), (401, &json!("invalid_client")));
    let other = assertion(&pass, &old, SigningAlg::RS256, "1");
    let refused = asking.exchange(&pass, &answer, Some(&other)).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]), (401, &json!("invalid_client")), "RS256");
    let stranger = assertion(&pass, &new, SigningAlg::ES256, "2");
    assert_eq!(asking.exchange(&pass, &answer, Some(&stranger)).await.status.as_u16(), 401);

    let good = assertion(&pass, &old, SigningAlg::ES256, "3");
    let given = asking.exchange(&pass, &answer, Some(&good)).await;
    assert_eq!(given.status.as_u16(), 200, "{}", given.body);
    assert_eq!(pass.elsewhere.fetched(JWKS), 1, "kept; and not fetched for everybody's bad key");

    // An assertion counts once (RFC 7523 3).
    let again = browser.open(&asking.path()).await;
    assert_eq!(asking.exchange(&pass, &again, Some(&good)).await.status.as_u16(), 401);
    // Another key: used at once.
    publish(&pass, &new);
    pass.wait(Duration::from_secs(6));
    let rotated = assertion(&pass, &new, SigningAlg::ES256, "4");
    assert_eq!(asking.exchange(&pass, &again, Some(&rotated)).await.status.as_u16(), 200);
    assert_eq!(pass.elsewhere.fetched(JWKS), 2);
}

#[actix_web::test]
async fn cap_49_a_set_of_ten_thousand_keys_at_an_address_is_no_set() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let by_key = |client: &mut Client| {
        client.metadata.token_endpoint_auth_method = ClientAuthMethod::PrivateKeyJwt;
        client.metadata.jwks_uri = Some(JWKS.into());
    };
    pass.change("library", by_key).await;
    let ring = keys_for(&pass, &[SigningAlg::ES256]);
    let set: serde_json::Value = serde_json::from_slice(&ring.jwks().bytes).unwrap();
    let many: Vec<_> = (0..10_000).map(|_| set["keys"][0].clone()).collect();
    pass.elsewhere.put(JWKS, json!({ "keys": many }).to_string());
    let asking = Asking::library();
    let answer = pass.browser().log_in(&asking, "hanako").await;
    let signed = assertion(&pass, &ring, SigningAlg::ES256, "1");
    assert_eq!(asking.exchange(&pass, &answer, Some(&signed)).await.status.as_u16(), 401);
}
