//! Each deviation of the way back: the address that the browser brings.

use super::{code, leave, newcomer};
use crate::test_pass::{Browser, TestPass};
use std::time::Duration;

/// Somebody who left for the app, and the way back with the right answer.
async fn answered() -> (TestPass, Browser, String) {
    let pass = TestPass::new().await;
    let (browser, _) = newcomer(&pass, "aoi").await;
    let back = pass.answer_of_app(&leave(&browser).await, "aoi");
    (pass, browser, back)
}

fn state(back: &str) -> &str {
    back.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap()
}

#[actix_web::test]
async fn cap_04_an_unknown_state_is_refused() {
    let (_pass, browser, back) = answered().await;
    assert_eq!(code(&browser.open(&back.replace("state=", "state=x")).await), ["app_state_unknown"]);
    assert!(browser.open(&back).await.has("#pass-card-keep"), "the right one still waits");
}

#[actix_web::test]
async fn cap_04_a_state_works_once() {
    let (_pass, browser, back) = answered().await;
    let confirm = browser.open(&back).await;
    assert!(confirm.has("#pass-card-keep"));
    assert!(browser.open(&back).await.has("#pass-card-keep"), "what waits here is shown once more");
    browser.press(&confirm, &[("decision", "keep")]).await;
    // Kept: the visit is gone with its row.
    assert_eq!(code(&browser.open(&back).await), ["app_state_unknown"]);
}

#[actix_web::test]
async fn cap_04_the_state_of_another_browser_is_refused_and_over() {
    let (pass, browser, back) = answered().await;
    assert_eq!(code(&pass.browser().open(&back).await), ["app_other_browser"]);
    assert_eq!(code(&browser.open(&back).await), ["app_state_unknown"], "that visit has ended for good");
}

#[actix_web::test]
async fn cap_04_the_state_of_another_account_in_the_same_browser_is_refused() {
    let (pass, browser, back) = answered().await;
    pass.declared("ken").await;
    let other = pass.browser();
    other.sign_in_at_home("ken").await;
    browser.take_cookie(&other, "pass-session");
    let page = browser.open(&back).await;
    assert!(!page.has("#pass-card-keep") && !page.body.contains("鈴木　あおい"), "{}", page.body);
    assert!(!browser.open("/me").await.body.contains("鈴木　あおい"));
}

#[actix_web::test]
async fn cap_04_a_late_return_is_refused() {
    let (pass, browser, back) = answered().await;
    pass.wait(Duration::from_secs(601));
    assert_eq!(code(&browser.open(&back).await), ["app_state_expired"]);
}

#[actix_web::test]
async fn cap_04_an_unknown_code_is_refused() {
    let (_pass, browser, back) = answered().await;
    assert_eq!(code(&browser.open(&back.replace("code=", "code=x")).await), ["app_code_refused"]);
}

#[actix_web::test]
async fn cap_04_a_late_code_is_refused() {
    let (pass, browser, back) = answered().await;
    pass.wait(Duration::from_secs(61));
    assert_eq!(code(&browser.open(&back).await), ["app_code_refused"]);
}

#[actix_web::test]
async fn cap_04_a_code_under_the_state_of_another_visit_is_refused() {
    let (_pass, browser, back) = answered().await;
    // The verifier is that of the other visit (RFC 7636 4.6).
    let other = leave(&browser).await.parameter("state").unwrap();
    assert_eq!(code(&browser.open(&back.replace(state(&back), &other)).await), ["app_code_refused"]);
}

#[actix_web::test]
async fn cap_04_a_replayed_code_is_refused() {
    let (_pass, browser, back) = answered().await;
    assert!(browser.open(&back).await.has("#pass-card-keep"));
    let other = leave(&browser).await.parameter("state").unwrap();
    assert_eq!(code(&browser.open(&back.replace(state(&back), &other)).await), ["app_code_refused"]);
}

#[actix_web::test]
async fn cap_04_the_answer_of_another_issuer_is_refused() {
    let (_pass, browser, back) = answered().await;
    assert_eq!(code(&browser.open(&back.replace("iss=", "iss=x")).await), ["app_other_issuer"]);
}

#[actix_web::test]
async fn cap_04_who_said_no_there_is_told_so() {
    let (_pass, browser, _) = answered().await;
    let state = leave(&browser).await.parameter("state").unwrap();
    let denied = format!("/federation/aas/callback?error=access_denied&state={state}");
    assert_eq!(code(&browser.open(&denied).await), ["app_denied"]);
}
