//! Signing in and coming back: the other two statements, and the other secret.

use super::browser::{self, Browser};
use super::issuer;
use super::start;

async fn pin(browser: &Browser, page: &browser::Page, pin: &str) -> browser::Page {
    browser.send(page, &[("do", "sign"), ("pin", pin)]).await
}

#[actix_web::test]
async fn cap_62_four_digits_sign_a_login_and_nothing_else() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "login-1").await;
    assert_eq!(page.status, 200);
    for shown in [&issuer.url, issuer::PURPOSE, "PASS-JPKI-LOGIN-v1", "残りは3回", "name=\"pin\""] {
        assert!(page.body.contains(shown), "{shown} is not shown");
    }
    // The card says whose it is: the page names no account, and asks for no password.
    assert!(!page.body.contains("pass-card-account") && !page.body.contains("name=\"password\""));
    let answer = pin(&browser, &page, "1234").await;
    let back = browser::login_back_of(&issuer);
    assert_eq!((answer.status, answer.location), (303, format!("{back}?ticket=login-1&completion=secret-of-login-1")));
    assert_eq!(issuer.outcomes(), ["verified"]);
    for received in issuer.received() {
        assert!(!received.contains("\"1234\"") && !received.contains("pin"), "the issuer received the PIN");
    }
}

#[actix_web::test]
async fn cap_62_a_wrong_pin_costs_one_try_and_the_last_is_kept() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "login-1").await;
    for text in ["", "12", "ABC123", "１２３", "１２３４５", "一二三四", "12345"] {
        let answer = pin(&browser, &page, text).await;
        assert!(answer.body.contains("暗証番号の形がちがいます") && answer.body.contains("残りは3回"), "{text}");
    }
    let wrong = pin(&browser, &page, "0000").await;
    assert!(wrong.body.contains("暗証番号がちがいます") && wrong.body.contains("残りは2回"));
    let stopped = pin(&browser, &page, "0000").await;
    assert_eq!((stopped.status, stopped.code().as_str()), (422, "last_try_pin"));
    assert_eq!(pin(&browser, &page, "1234").await.code(), "last_try_pin", "the right one is not tried either");
    assert!(issuer.outcomes().is_empty());
    // The other key is not locked by it: she can still come back, but is not asked for the digits.
    let recovery = browser.open(&issuer, "recovery-1").await;
    assert!(recovery.body.contains("PASS-JPKI-RECOVERY-v1") && !recovery.body.contains("name=\"pin\""));
    assert_eq!(browser.sign(&recovery, "ABC123").await.status, 303);
    assert_eq!(issuer.outcomes(), ["verified"]);
}

/// A Japanese keyboard types full-width letters and digits, and the dots of the field look the same.
#[actix_web::test]
async fn cap_62_full_width_letters_and_digits_are_read_as_what_they_are() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "login-1").await;
    assert_eq!(pin(&browser, &page, "１２３４").await.status, 303);
    let page = browser.open(&issuer, "t1").await;
    let both = [("do", "sign"), ("password", "ＡＢｃ１２３"), ("pin", "1２3４")];
    assert_eq!(browser.send(&page, &both).await.status, 303);
    assert_eq!(issuer.outcomes(), ["verified", "verified"]);
}

#[actix_web::test]
async fn cap_62_a_revoked_or_foreign_login_certificate_is_the_issuers_to_refuse() {
    let (issuer, browser) = start().await;
    for (card, digits, outcome) in [("login-revoked", "5151", "revoked"), ("login-foreign", "5252", "foreign_ca")] {
        let page = browser.open(&issuer, &format!("login-{card}")).await;
        let answer = browser.send(&page, &[("do", "sign"), ("card", card), ("pin", digits)]).await;
        assert_eq!((answer.status, issuer.outcomes().last().unwrap().as_str()), (303, outcome));
    }
}

#[actix_web::test]
async fn cap_62_both_secrets_are_right_or_nothing_is_signed() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    assert!(page.body.contains("残りは5回") && page.body.contains("残りは3回"));
    let wrong = browser.send(&page, &[("do", "sign"), ("password", "ABC123"), ("pin", "0000")]).await;
    assert!(wrong.body.contains("暗証番号がちがいます") && wrong.body.contains("残りは2回"));
    assert!(issuer.outcomes().is_empty());
    let right = browser.send(&page, &[("do", "sign"), ("password", "ABC123"), ("pin", "1234")]).await;
    assert_eq!(right.status, 303);
    let posted = issuer.received().pop().unwrap();
    assert!(posted.contains("auth_certificate") && posted.contains("sign_certificate"));
}

#[actix_web::test]
async fn cap_62_a_login_goes_back_where_logins_are_taken() {
    let (issuer, browser) = start().await;
    let query = |ticket, back: &str| browser::query(&issuer.url, ticket, back);
    let page = browser.get(&query("login-1", &browser::back_of(&issuer)), &[]).await;
    assert_eq!((page.status, page.code().as_str()), (403, "foreign_issuer"));
    let page = browser.get(&query("t1", &browser::login_back_of(&issuer)), &[]).await;
    assert_eq!((page.status, page.code().as_str()), (403, "foreign_issuer"));
}

#[actix_web::test]
async fn cap_62_the_page_warns_of_a_login_that_somebody_else_began() {
    let (issuer, browser) = start().await;
    for (lang, warning) in
        [("ja", "電話で言われて"), ("en", "told you on the phone"), ("easy", "あなたの かわりに ログインします")]
    {
        let query = browser::query(&issuer.url, "login-1", &browser::login_back_of(&issuer));
        let page = browser.get(&query.replace("lang=ja", &format!("lang={lang}")), &[]).await;
        let asked = page.body.split_once("id=\"pass-card-own\"").map_or("", |(_, rest)| rest);
        let asked = asked.split_once("</p>").map_or("", |(asked, _)| asked);
        assert!(asked.contains(warning), "{lang}: {asked}");
    }
}
