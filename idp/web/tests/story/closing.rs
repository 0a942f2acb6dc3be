//! Somebody gives PASS up: what goes, who is told, and that nothing is left of the person.

use crate::sharing::library;
use crate::test_pass::{Asking, Browser, Reply, TestPass};
use pass_core::domain::audit::Act;
use std::time::Duration;

async fn close(browser: &Browser, word: &str) -> Reply {
    let page = browser.open("/me/close").await;
    assert!(page.has("#pass-close-form"), "{} {}", browser.at(), page.body);
    browser.submit(&page, &[("confirm", word)]).await
}

#[actix_web::test]
async fn cap_22_an_account_that_is_closed_leaves_nothing_of_the_person() {
    let pass = TestPass::new().await;
    pass.tell("library", true).await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    let tokens = library(&pass, &browser, "hanako").await;
    assert_eq!(tokens.userinfo(&pass).await.0, 200);

    assert_eq!(close(&browser, "yes").await.status.as_u16(), 422, "the word is asked for");
    assert_eq!(tokens.userinfo(&pass).await.0, 200);
    let done = close(&browser, "やめる").await;
    assert!(done.has("#pass-closed"), "{}", done.body);

    assert_eq!(tokens.userinfo(&pass).await.0, 401);
    assert_eq!(tokens.refresh(&pass).await.0, 400);
    let notices = pass.notices();
    let [notice] = &notices[..] else { panic!("{} notices", notices.len()) };
    assert_eq!((Some(&notice.sub), &notice.sid), (tokens.claim("sub").as_ref(), &tokens.claim("sid")), "told once");
    let person = hanako.person;
    let key = pass.app.store.read(move |tx| pass_store::person_keys::find(tx, person)).await.unwrap();
    assert_eq!(key, None, "without the key no sealed value can be opened");
    assert!(pass.acts(person).await.contains(&Act::AccountClose));

    // The session is over, and the old way in leads nowhere.
    let page = browser.open("/me").await;
    assert!(page.has("#pass-login-title"));
    let refused = browser.test_sign_in(&page, "hanako").await;
    assert!(refused.has("#pass-login-title"), "{}", refused.body);
}

#[actix_web::test]
async fn whoever_left_may_come_back_as_somebody_new_with_the_same_card() {
    let pass = TestPass::new().await;
    let old = pass.proofed("hanako").await;
    let browser = pass.browser();
    let before = library(&pass, &browser, "hanako").await.claim("sub");
    close(&browser, "やめる").await;
    // Another account, the same card.
    let new = pass.declared("ken").await;
    let page = browser.open(&Asking::library().path()).await;
    browser.test_sign_in(&page, "ken").await;
    let kept = browser.proof(pass.card("hanako")).await;
    assert!(!kept.body.contains("already_other_account"), "{}", kept.body);
    assert_ne!(old.person, new.person);
    assert!(before.is_some());
}

#[actix_web::test]
async fn a_phone_left_open_closes_nothing() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    pass.wait(Duration::from_secs(16 * 60));
    let page = browser.open("/me/close").await;
    assert!(page.has("#pass-login-title"), "signed in too long ago: {}", browser.at());
    let page = browser.test_sign_in(&page, "hanako").await;
    assert!(page.has("#pass-close-form"), "and back: {}", browser.at());
    let other = pass.browser();
    let mail = other.mail_sign_in(&pass, "/me/close", "hanako@example.jp").await;
    assert!(!mail.has("#pass-close-form"), "a mail code is not enough: {}", other.at());
}
