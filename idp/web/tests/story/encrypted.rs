//! A client that decrypts: ID token and userinfo end to end, its keys at an address, and its hints.

use crate::request_objects::JWKS;
use crate::test_pass::{Asking, Reply, TestPass};
use actix_web::http::header::AUTHORIZATION;
use actix_web::test::TestRequest;
use josekit::jwe::{self, ECDH_ES, RSA_OAEP_256};
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::EcCurve;
use pass_core::domain::client::{Client, ContentEncryption, Encryption, KeyManagementAlg};
use serde_json::{Map, Value, json};
use std::time::Duration;

struct Keys {
    ec: Jwk,
    rsa: Jwk,
}

impl Keys {
    fn new() -> Self {
        Self { ec: Jwk::generate_ec_key(EcCurve::P256).unwrap(), rsa: Jwk::generate_rsa_key(2048).unwrap() }
    }

    fn publish(&self, pass: &TestPass, usage: &str) {
        let public = |key: &Jwk| {
            let mut key = key.to_public_key().unwrap().as_ref().clone();
            key.insert("use".into(), usage.into());
            Value::Object(key)
        };
        pass.elsewhere.put(JWKS, json!({ "keys": [public(&self.ec), public(&self.rsa)] }).to_string());
    }

    /// The signed token inside; the ID token goes to the EC key, userinfo to the RSA key.
    fn open(&self, token: &str, ec: bool) -> String {
        assert_eq!(token.split('.').count(), 5, "a JWE: {token}");
        let opened = if ec {
            jwe::deserialize_compact(token, &ECDH_ES.decrypter_from_jwk(&self.ec).unwrap())
        } else {
            jwe::deserialize_compact(token, &RSA_OAEP_256.decrypter_from_jwk(&self.rsa).unwrap())
        };
        String::from_utf8(opened.unwrap().0).unwrap()
    }
}

async fn register(pass: &TestPass) {
    let encrypted = |client: &mut Client| {
        client.metadata.jwks_uri = Some(JWKS.into());
        client.metadata.id_token_encryption =
            Some(Encryption { alg: KeyManagementAlg::EcdhEs, enc: ContentEncryption::A128GCM });
        client.metadata.userinfo_encryption =
            Some(Encryption { alg: KeyManagementAlg::RsaOaep256, enc: ContentEncryption::A256GCM });
    };
    pass.change("library", encrypted).await;
}

fn claims(pass: &TestPass, token: &str) -> Map<String, Value> {
    pass.app.directory().keys.verify(token).expect("signed by PASS").claims
}

async fn told(pass: &TestPass, given: &Reply) -> Reply {
    let bearer = format!("Bearer {}", given.json()["access_token"].as_str().unwrap());
    pass.browser().send(TestRequest::get().uri("/userinfo").insert_header((AUTHORIZATION, bearer))).await
}

#[actix_web::test]
async fn cap_49_a_client_decrypts_its_id_token_and_userinfo_and_hints_with_what_was_inside() {
    let (pass, keys) = (TestPass::new().await, Keys::new());
    pass.proofed("hanako").await;
    register(&pass).await;
    keys.publish(&pass, "enc");
    let (browser, asking) = (pass.browser(), Asking::library());
    let given = asking.exchange(&pass, &browser.log_in(&asking, "hanako").await, None).await;
    let sealed = given.json()["id_token"].as_str().unwrap_or_else(|| panic!("{}", given.body)).to_string();
    let inner = keys.open(&sealed, true);
    let id_token = claims(&pass, &inner);
    assert_eq!((&id_token["aud"], &id_token["nonce"]), (&json!("library"), &json!("a-nonce")));
    let userinfo = claims(&pass, &keys.open(&told(&pass, &given).await.body, false));
    assert_eq!((&userinfo["sub"], &userinfo["age_over_18"]), (&id_token["sub"], &json!(true)));

    // OpenID Connect Core 3.1.2.1: the client "MUST decrypt the signed ID Token contained within the encrypted ID Token" to use
    // it as a hint. PASS holds no key to decrypt with.
    let quiet = |hint: &str| Asking::library().with("prompt", "none").with("id_token_hint", hint).path();
    let refused = browser.get(&quiet(&sealed)).await;
    assert_eq!(refused.parameter("error").as_deref(), Some("invalid_request"), "{}", refused.location);
    assert!(browser.get(&quiet(&inner)).await.parameter("code").is_some());
    let problem = browser.get(&format!("/session/end?id_token_hint={sealed}")).await;
    assert_eq!(problem.status.as_u16(), 400);
    let ended = browser.get(&format!("/session/end?id_token_hint={inner}")).await;
    assert_eq!((ended.status.as_u16(), ended.location.as_str()), (303, "/session/ended"));
}

#[actix_web::test]
async fn cap_49_a_userinfo_answer_is_no_hint() {
    let (pass, keys) = (TestPass::new().await, Keys::new());
    pass.proofed("hanako").await;
    register(&pass).await;
    keys.publish(&pass, "enc");
    let (browser, asking) = (pass.browser(), Asking::library());
    let given = asking.exchange(&pass, &browser.log_in(&asking, "hanako").await, None).await;
    let userinfo = keys.open(&told(&pass, &given).await.body, false);
    claims(&pass, &userinfo);
    let path = Asking::library().with("id_token_hint", &userinfo).path();
    assert_eq!(browser.get(&path).await.parameter("error").as_deref(), Some("invalid_request"));
    assert_eq!(browser.get(&format!("/session/end?id_token_hint={userinfo}")).await.status.as_u16(), 400);
}

#[actix_web::test]
async fn cap_49_a_set_without_a_key_to_encrypt_to_is_asked_for_again_at_once() {
    let (pass, keys) = (TestPass::new().await, Keys::new());
    pass.proofed("hanako").await;
    register(&pass).await;
    keys.publish(&pass, "sig");
    let (browser, asking) = (pass.browser(), Asking::library());
    let answer = browser.log_in(&asking, "hanako").await;
    for _ in 0..3 {
        let early = asking.exchange(&pass, &answer, None).await;
        assert_eq!(early.json()["error"], "temporarily_unavailable");
    }
    assert_eq!(pass.elsewhere.fetched(JWKS), 1, "not more often than every five seconds");
    keys.publish(&pass, "enc");
    pass.wait(Duration::from_secs(6));
    // The code was not taken.
    let given = asking.exchange(&pass, &answer, None).await;
    assert_eq!(given.status.as_u16(), 200, "{}", given.body);
    assert_eq!(pass.elsewhere.fetched(JWKS), 2);
    claims(&pass, &keys.open(given.json()["id_token"].as_str().unwrap(), true));
}
