//! デジタル認証アプリ: proofing and sign-in by a phone; who is whom. Its deviations are in `answers` and `ways_back`.

mod answers;
mod ways_back;

use crate::proofed_again::move_away;
use crate::test_pass::{Asking, Browser, Reply, Somebody, TestPass};
use pass_core::domain::audit::Act;

fn code(page: &Reply) -> Vec<String> {
    page.texts("#pass-app-refused-code")
}

/// Somebody signed in whom nobody proofed.
async fn newcomer(pass: &TestPass, login: &str) -> (Browser, Somebody) {
    let somebody = pass.declared(login).await;
    let browser = pass.browser();
    browser.sign_in_at_home(login).await;
    (browser, somebody)
}

/// Is proofed by the app and keeps it.
async fn prove(pass: &TestPass, browser: &Browser, card: &str) {
    let back = pass.answer_of_app(&leave(browser).await, card);
    let confirm = browser.open(&back).await;
    assert!(confirm.has("#pass-card-keep"), "{}", confirm.body);
    browser.press(&confirm, &[("decision", "keep")]).await;
}

/// Leaves for the app, from the page of proofing.
async fn leave(browser: &Browser) -> Reply {
    let page = browser.open("/me/card").await;
    browser.leave_for_app(&page).await
}

#[actix_web::test]
async fn cap_04_a_phone_proves_and_then_signs_in() {
    let pass = TestPass::new().await;
    let aoi = pass.declared("aoi").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    let left = leave(&browser).await;
    let back = pass.answer_of_app(&left, "aoi");
    let confirm = browser.open(&back).await;
    assert!(confirm.has("#pass-card-keep") && confirm.body.contains("鈴木　あおい"), "{}", confirm.body);
    assert!(!pass.acts(aoi.person).await.contains(&Act::ProofingSucceed), "nothing is kept before it was seen");
    browser.press(&confirm, &[("decision", "keep")]).await;
    assert!(pass.acts(aoi.person).await.contains(&Act::ProofingSucceed));
    assert!(browser.open("/me").await.body.contains("鈴木　あおい"));
    // Another browser signs in by the app, and the answer works once.
    let phone = pass.browser();
    let page = phone.open("/me").await;
    let left = phone.leave_for_app(&page).await;
    assert!(!left.location.contains("birthdate"), "a sign-in asks for no attribute");
    let back = pass.answer_of_app(&left, "aoi");
    let home = phone.open(&back).await;
    assert_eq!(phone.at(), "/me", "{}", home.body);
    assert!(home.body.contains("鈴木　あおい"));
    assert_eq!(code(&phone.open(&back).await), ["app_state_used"]);
    // Who was never bound does not get in.
    let page = pass.browser();
    let first = page.open("/me").await;
    let left = page.leave_for_app(&first).await;
    assert_eq!(code(&page.open(&pass.answer_of_app(&left, "ken")).await), ["app_not_bound"]);
}

#[actix_web::test]
async fn cap_04_one_person_of_the_service_is_one_person_here_and_the_card_stays_stronger() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    pass.declared("second").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let back = pass.answer_of_app(&leave(&browser).await, "ken");
    assert_eq!(code(&browser.open(&back).await), ["app_other_person"]);
    let back = pass.answer_of_app(&leave(&browser).await, "hanako");
    let confirm = browser.open(&back).await;
    browser.press(&confirm, &[("decision", "keep")]).await;
    let person = hanako.person;
    let current = pass.app.store.read(move |tx| pass_store::proofings::find_current(tx, person)).await.unwrap();
    assert_eq!(current.unwrap().method.as_str(), "sign_certificate");
    let other = pass.browser();
    other.sign_in_at_home("second").await;
    let back = pass.answer_of_app(&leave(&other).await, "hanako");
    assert_eq!(code(&other.open(&back).await), ["app_already_other_account"]);
}

#[actix_web::test]
async fn cap_04_somebody_else_does_not_take_over_who_the_app_proofed() {
    let pass = TestPass::new().await;
    let (browser, aoi) = newcomer(&pass, "aoi").await;
    prove(&pass, &browser, "aoi").await;
    let back = pass.answer_of_app(&leave(&browser).await, "ken");
    assert_eq!(code(&browser.open(&back).await), ["app_other_person"]);
    // Neither by the app nor by a card.
    let refused = browser.proof(pass.card("ken")).await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["other_person"]);
    let proofings = pass.acts(aoi.person).await.into_iter().filter(|act| *act == Act::ProofingSucceed);
    assert_eq!(proofings.count(), 1);
    assert!(browser.open("/me").await.body.contains("鈴木　あおい"));
}

#[actix_web::test]
async fn cap_04_of_two_subjects_of_one_person_the_last_signs_in() {
    let pass = TestPass::new().await;
    let (browser, _) = newcomer(&pass, "hanako").await;
    prove(&pass, &browser, "hanako").await;
    // The same birth date and sex under another subject: the table of a proofing's life takes it for the same person.
    prove(&pass, &browser, "renewed").await;
    for (card, known) in [("hanako", false), ("renewed", true)] {
        let phone = pass.browser();
        let left = phone.leave_for_app(&phone.open("/me").await).await;
        let page = phone.open(&pass.answer_of_app(&left, card)).await;
        assert_eq!(code(&page).is_empty(), known, "{card}");
    }
}

#[actix_web::test]
async fn cap_04_who_says_no_keeps_nothing_and_nobody_is_bound() {
    let pass = TestPass::new().await;
    let (browser, aoi) = newcomer(&pass, "aoi").await;
    let back = pass.answer_of_app(&leave(&browser).await, "aoi");
    let confirm = browser.open(&back).await;
    browser.press(&confirm, &[("decision", "drop")]).await;
    assert!(!pass.acts(aoi.person).await.contains(&Act::ProofingSucceed));
    assert!(!browser.open("/me").await.body.contains("鈴木　あおい"));
    let phone = pass.browser();
    let left = phone.leave_for_app(&phone.open("/me").await).await;
    assert_eq!(code(&phone.open(&pass.answer_of_app(&left, "aoi")).await), ["app_not_bound"]);
}

#[actix_web::test]
async fn cap_04_consent_stays_where_the_values_do_and_new_ones_are_agreed_to_anew() {
    let pass = TestPass::new().await;
    let (browser, aoi) = newcomer(&pass, "aoi").await;
    prove(&pass, &browser, "aoi").await;
    let kosodate = Asking::kosodate();
    let consent = browser.open(&kosodate.path()).await;
    assert!(consent.has("#pass-consent-by-app") && !consent.body.contains("電子証明書（"), "{}", consent.body);
    let answer = browser.press(&consent, &[("decision", "allow")]).await;
    let tokens = kosodate.tokens(&pass, &answer).await;
    let (status, claims) = tokens.userinfo(&pass).await;
    assert_eq!((status, claims["name"].as_str()), (200, Some("鈴木　あおい")));
    prove(&pass, &browser, "aoi").await;
    assert_eq!(tokens.userinfo(&pass).await.0, 200, "nothing has changed");
    // The record has the address of before.
    move_away(&pass, &aoi).await;
    let fresh = pass.browser();
    let answer = fresh.log_in(&kosodate, "aoi").await;
    let tokens = kosodate.tokens(&pass, &answer).await;
    prove(&pass, &fresh, "aoi").await;
    assert_eq!(tokens.userinfo(&pass).await.0, 401, "nobody agreed to hand the new address over");
    assert!(fresh.open(&kosodate.path()).await.has("#pass-consent-form"));
}

#[actix_web::test]
async fn cap_04_an_unknown_key_is_looked_for_once() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    let back = pass.answer_of_app(&leave(&browser).await, "aoi");
    pass.elsewhere.national.rotate().unwrap();
    let fetched = || pass.elsewhere.asked.lock().unwrap().iter().filter(|path| path.ends_with("/certs")).count();
    let before = fetched();
    assert!(browser.open(&back).await.has("#pass-card-keep"));
    assert_eq!(fetched(), before + 1);
}
