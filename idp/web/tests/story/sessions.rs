//! How long a sign-in session lives, and what its secret is worth.

use crate::test_pass::{Asking, Browser, Device, TestPass};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

async fn signed_in(browser: &Browser) -> bool {
    !browser.open("/me").await.has("#pass-login-title")
}

#[actix_web::test]
async fn a_session_ends_after_an_hour_without_use_and_twelve_hours_after_sign_in() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    let (used, left) = (pass.browser(), pass.browser());
    used.sign_in_at_home("aoi").await;
    left.sign_in_at_home("aoi").await;
    pass.wait(59 * MINUTE);
    assert!(signed_in(&used).await);
    pass.flush().await;
    pass.wait(2 * MINUTE);
    assert!(signed_in(&used).await && !signed_in(&left).await);
    for _ in 0..13 {
        pass.flush().await;
        pass.wait(50 * MINUTE);
        signed_in(&used).await;
    }
    // 11 h 51 min after the sign-in it lives, though it was never idle for an hour; ten minutes later it does not.
    assert!(signed_in(&used).await);
    pass.flush().await;
    pass.wait(10 * MINUTE);
    assert!(!signed_in(&used).await);
}

#[actix_web::test]
async fn use_of_a_session_is_no_write_for_some_minutes_and_then_one() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let asking = Asking::library();
    browser.log_in(&asking, "hanako").await;
    pass.flush().await;
    let before = pass.lazy_rows();
    for _ in 0..4 {
        pass.wait(MINUTE);
        browser.open(&asking.path()).await;
    }
    pass.flush().await;
    assert_eq!(pass.lazy_rows() - before, 0);
    pass.wait(2 * MINUTE);
    let commits = pass.commits();
    browser.open(&asking.path()).await;
    // It travels with the commit of the code.
    assert_eq!(pass.commits() - commits, 1);
    browser.open(&asking.path()).await;
    assert_eq!(pass.lazy_rows() - before, 1);
}

#[actix_web::test]
async fn each_proof_gives_the_session_a_new_secret_and_the_old_one_is_dead() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    pass.declared("ken").await;
    let (browser, thief) = (pass.browser(), pass.browser());
    browser.sign_in_at_home("aoi").await;
    let mut secrets = vec![browser.cookie("pass-session")];
    // Signing in again, with the same account.
    thief.take_cookie(&browser, "pass-session");
    assert!(signed_in(&thief).await);
    let page = browser.open(&Asking::library().with("prompt", "login").path()).await;
    browser.test_sign_in(&page, "aoi").await;
    secrets.push(browser.cookie("pass-session"));
    assert!(!signed_in(&thief).await && signed_in(&browser).await);
    // A passkey made.
    thief.take_cookie(&browser, "pass-session");
    let page = browser.open("/me/passkeys/add").await;
    let csrf = browser.token_of("/me/passkeys/add").await;
    let options = browser.post("/me/passkeys/options", &[("csrf", &csrf)]).await.json();
    let credential = Device::new().make(&options);
    let added = browser.submit(&page, &[("do", "passkey"), ("credential", &credential)]).await;
    assert_eq!(added.status.as_u16(), 200, "{}", added.body);
    secrets.push(browser.cookie("pass-session"));
    assert!(!signed_in(&thief).await && signed_in(&browser).await);
    // Another account in the same browser.
    thief.take_cookie(&browser, "pass-session");
    let page = browser.open(&Asking::library().with("prompt", "login").path()).await;
    browser.test_sign_in(&page, "ken").await;
    secrets.push(browser.cookie("pass-session"));
    assert!(!signed_in(&thief).await);
    secrets.dedup();
    assert_eq!(secrets.len(), 4);
}
