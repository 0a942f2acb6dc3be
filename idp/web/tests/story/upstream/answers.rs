//! Each deviation of what the service tells programs: refused with its code, nothing kept, and its state used up.

use super::{code, leave, newcomer};
use crate::test_pass::TestPass;
use pass_core::domain::audit::Act;
use pass_web::demo::counterpart::Bend;
use serde_json::{Map, Value, json};

type Change = fn(&mut Map<String, Value>);

fn claims(change: Change) -> Bend {
    Bend { claims: Some(change), ..Bend::default() }
}

fn header(change: Change) -> Bend {
    Bend { header: Some(change), ..Bend::default() }
}

fn told(change: Change) -> Bend {
    Bend { userinfo: Some(change), ..Bend::default() }
}

fn set(claims: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    claims.insert(name.into(), value.into());
}

fn moved(claims: &mut Map<String, Value>, name: &str, by: i64) {
    let at = claims[name].as_i64().unwrap();
    set(claims, name, at + by);
}

async fn refused(bend: Bend, expected: &str) {
    let pass = TestPass::new().await;
    let (browser, aoi) = newcomer(&pass, "aoi").await;
    let back = pass.answer_of_app(&leave(&browser).await, "aoi");
    pass.elsewhere.national.bend(bend);
    let page = browser.open(&back).await;
    assert_eq!((page.status.as_u16(), code(&page)), (422, vec![expected.to_owned()]), "{}", page.body);
    let log = pass.events(aoi.person).await;
    assert!(log.iter().any(|event| event.act == Act::ProofingRefuse && event.detail == expected));
    assert!(!log.iter().any(|event| event.act == Act::ProofingSucceed));
    // The right answer comes too late: a state is used once.
    pass.elsewhere.national.bend(Bend::default());
    assert_eq!(code(&browser.open(&back).await), ["app_state_used"]);
}

#[actix_web::test]
async fn cap_04_another_nonce_is_refused() {
    refused(claims(|c| set(c, "nonce", "another")), "app_wrong_nonce").await;
}

#[actix_web::test]
async fn cap_04_no_nonce_is_refused() {
    refused(claims(|c| drop(c.remove("nonce"))), "app_wrong_nonce").await;
}

#[actix_web::test]
async fn cap_04_another_issuer_is_refused() {
    refused(claims(|c| set(c, "iss", "https://evil.example")), "app_wrong_iss").await;
}

#[actix_web::test]
async fn cap_04_another_audience_is_refused() {
    refused(claims(|c| set(c, "aud", "another")), "app_wrong_aud").await;
}

#[actix_web::test]
async fn cap_04_a_second_audience_is_refused() {
    refused(claims(|c| set(c, "aud", json!(["passdemo", "another"]))), "app_wrong_aud").await;
}

#[actix_web::test]
async fn cap_04_another_authorized_party_is_refused() {
    refused(claims(|c| set(c, "azp", "another")), "app_wrong_azp").await;
}

#[actix_web::test]
async fn cap_04_an_expired_token_is_refused() {
    refused(claims(|c| moved(c, "exp", -400)), "app_expired").await;
}

#[actix_web::test]
async fn cap_04_a_token_issued_in_the_future_is_refused() {
    refused(claims(|c| moved(c, "iat", 300)), "app_wrong_iat").await;
}

#[actix_web::test]
async fn cap_04_a_token_issued_long_ago_is_refused() {
    refused(claims(|c| moved(c, "iat", -700)), "app_wrong_iat").await;
}

#[actix_web::test]
async fn cap_04_a_token_of_another_access_token_is_refused() {
    refused(claims(|c| set(c, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA")), "app_wrong_at_hash").await;
}

#[actix_web::test]
async fn cap_04_a_weak_check_is_refused() {
    refused(claims(|c| set(c, "acr", "aal1")), "app_weak").await;
}

#[actix_web::test]
async fn cap_04_an_unsaid_check_is_refused() {
    refused(claims(|c| drop(c.remove("acr"))), "app_weak").await;
}

#[actix_web::test]
async fn cap_04_a_token_that_nobody_signed_is_refused() {
    refused(header(|h| set(h, "alg", "none")), "app_wrong_alg").await;
}

#[actix_web::test]
async fn cap_04_a_token_by_hs256_is_refused() {
    refused(header(|h| set(h, "alg", "HS256")), "app_wrong_alg").await;
}

#[actix_web::test]
async fn cap_04_a_token_by_rs256_is_refused() {
    refused(header(|h| set(h, "alg", "RS256")), "app_wrong_alg").await;
}

#[actix_web::test]
async fn cap_04_a_changed_token_is_refused() {
    refused(header(|h| set(h, "extra", "x")), "app_bad_signature").await;
}

#[actix_web::test]
async fn cap_04_an_unpublished_key_is_refused() {
    refused(header(|h| set(h, "kid", "unknown")), "app_unknown_key").await;
}

#[actix_web::test]
async fn cap_04_userinfo_of_somebody_else_is_refused() {
    refused(told(|u| set(u, "sub", "another")), "app_wrong_sub").await;
}

#[actix_web::test]
async fn cap_04_userinfo_of_nobody_is_refused() {
    refused(told(|u| drop(u.remove("sub"))), "app_wrong_sub").await;
}

#[actix_web::test]
async fn cap_04_userinfo_without_an_address_is_refused() {
    refused(told(|u| drop(u.remove("address"))), "app_incomplete").await;
}

#[actix_web::test]
async fn cap_04_a_birth_date_that_is_none_is_refused() {
    refused(told(|u| set(u, "birthdate", "20010230")), "app_incomplete").await;
}

#[actix_web::test]
async fn cap_04_a_service_that_is_down_confirms_nobody() {
    refused(Bend { down: true, ..Bend::default() }, "app_unreachable").await;
}
