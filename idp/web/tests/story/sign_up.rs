//! Codes by mail.

use crate::test_pass::{Asking, TestPass};
use actix_web::test::TestRequest;
use std::time::Duration;

const ADDRESS: &str = "newcomer@example.jp";

#[actix_web::test]
async fn cap_02_a_mail_code_opens_an_account_once() {
    let pass = TestPass::new().await;
    let browser = pass.browser();
    let page = browser.open("/me").await;
    let waiting = browser.press(&page, &[("do", "mail"), ("login", ADDRESS)]).await;
    let code = pass.code(ADDRESS).await;
    assert_eq!(code.len(), 6);
    // In another browser the code is nothing.
    let thief = pass.browser();
    thief.open("/me").await;
    let theirs = thief.at().replace("/login", "/code");
    let csrf = thief.token_of(&thief.at()).await;
    thief.post(&theirs, &[("csrf", &csrf), ("do", "code"), ("code", &code)]).await;
    assert!(thief.open("/me").await.has("#pass-login-title"));
    // A wrong one is counted, the right one works, and only once.
    let wrong = if code == "000000" { "000001" } else { "000000" };
    // The answer is a page of its own: loading it again posts nothing, and it still says what happened.
    let answer = browser.submit(&waiting, &[("do", "code"), ("code", wrong)]).await;
    assert_eq!((answer.status.as_u16(), answer.location.as_str()), (303, browser.at().as_str()));
    browser.follow(answer).await;
    let again = browser.open(&browser.at()).await;
    assert!(again.body.contains("番号がちがいます") && again.body.contains("あと4回"), "{}", again.body);
    browser.press(&again, &[("do", "code"), ("code", &code)]).await;
    assert_eq!(browser.at(), "/me");
    let csrf = browser.token_of("/me/passkeys/add").await;
    let second = pass.browser();
    second.take_cookie(&browser, "pass-code");
    second.take_cookie(&browser, "pass-browser");
    second.open("/me").await;
    let path = second.at().replace("/login", "/code");
    let reply = second.post(&path, &[("csrf", &csrf), ("do", "code"), ("code", &code)]).await;
    assert!(second.follow(reply).await.body.contains("この番号は使えなくなりました"));
    assert!(second.open("/me").await.has("#pass-login-title"));
}

#[actix_web::test]
async fn cap_02_a_code_is_spent_after_five_wrong_tries_and_too_old_after_ten_minutes() {
    let pass = TestPass::new().await;
    for (spoil, says) in [(true, "この番号は、もう試せません"), (false, "この番号は使えなくなりました")]
    {
        let browser = pass.browser();
        let page = browser.open("/me").await;
        let waiting = browser.press(&page, &[("do", "mail"), ("login", ADDRESS)]).await;
        let code = pass.code(ADDRESS).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        if spoil {
            for _ in 0..5 {
                browser.press(&waiting, &[("do", "code"), ("code", wrong)]).await;
            }
        } else {
            pass.wait(Duration::from_secs(601));
        }
        let late = browser.press(&waiting, &[("do", "code"), ("code", &code)]).await;
        assert!(late.body.contains(says) && !late.has("#pass-code-form"), "{}", late.body);
        assert!(browser.open("/me").await.has("#pass-login-title"));
        pass.wait(Duration::from_secs(120));
    }
}

#[actix_web::test]
async fn cap_02_a_network_that_asks_for_many_mails_is_told_to_wait() {
    let pass = TestPass::new().await;
    let ask = |number: usize| {
        let pass = &pass;
        async move {
            let browser = pass.browser();
            // Neighbours in turn: the limit of one address does not count them.
            let peer = format!("203.0.113.{}:1", number + 1).parse().unwrap();
            let csrf = browser.token_of("/me").await;
            let body = format!("csrf={csrf}&do=mail&login=victim{number}@example.jp");
            let kind = ("content-type", "application/x-www-form-urlencoded");
            let post = TestRequest::post().uri(&browser.at()).peer_addr(peer).insert_header(kind).set_payload(body);
            browser.send(post).await
        }
    };
    for number in 0..30 {
        assert_eq!(ask(number).await.status.as_u16(), 303, "{number}");
    }
    let refused = ask(30).await;
    assert_eq!(refused.status.as_u16(), 429);
    assert!(refused.body.contains("少し時間をおいてください") && refused.body.contains("too_many_requests"));
    assert!(pass.mails("victim30@example.jp").await.is_empty());
    pass.wait(Duration::from_secs(3600));
    assert_eq!(ask(31).await.status.as_u16(), 303);
    pass.mails("victim31@example.jp").await;
}

#[actix_web::test]
async fn cap_02_mails_are_rate_limited_by_address() {
    let pass = TestPass::new().await;
    let browser = pass.browser();
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let page = browser.open("/me").await;
        statuses.push(browser.submit(&page, &[("do", "mail"), ("login", ADDRESS)]).await.status.as_u16());
        pass.wait(Duration::from_secs(61));
    }
    assert_eq!(statuses, [303, 303, 303, 303, 303, 429, 429]);
    assert_eq!(pass.mails(ADDRESS).await.len(), 5);
    // At once after one: not yet.
    pass.wait(Duration::from_secs(3600));
    let page = browser.open("/me").await;
    assert_eq!(browser.submit(&page, &[("do", "mail"), ("login", ADDRESS)]).await.status.as_u16(), 303);
    let page = browser.open("/me").await;
    assert_eq!(browser.submit(&page, &[("do", "mail"), ("login", ADDRESS)]).await.status.as_u16(), 429);
    pass.mails(ADDRESS).await;
}

#[actix_web::test]
async fn cap_02_a_new_code_is_said_to_be_sent_and_one_too_many_is_told_on_the_same_page() {
    let pass = TestPass::new().await;
    let browser = pass.browser();
    let page = browser.open("/me").await;
    let waiting = browser.press(&page, &[("do", "mail"), ("login", ADDRESS)]).await;
    assert!(!waiting.body.contains("新しい番号を送りました"));
    let soon = browser.submit(&waiting, &[("do", "again")]).await;
    assert_eq!(soon.status.as_u16(), 429);
    assert!(soon.has("#pass-code-form") && soon.body.contains("新しい番号は、まだ送れません"), "{}", soon.body);
    pass.wait(Duration::from_secs(61));
    let sent = browser.press(&soon, &[("do", "again")]).await;
    assert!(sent.body.contains("新しい番号を送りました"), "{}", sent.body);
    // As a Japanese keyboard writes it.
    let code = pass.code(ADDRESS).await;
    let wide: String = code.chars().map(|digit| char::from_u32(digit as u32 + 0xfee0).unwrap()).collect();
    let typed = format!("{} - {}", wide.chars().take(3).collect::<String>(), wide.chars().skip(3).collect::<String>());
    let field = |name| sent.attribute("#pass-code", name);
    assert!(field("pattern").is_none());
    assert!(typed.chars().count() <= field("maxlength").unwrap().parse::<usize>().unwrap());
    browser.press(&sent, &[("do", "code"), ("code", &typed)]).await;
    assert_eq!(browser.at(), "/me");
}

#[actix_web::test]
async fn the_steps_of_a_first_registration_stand_only_on_the_pages_of_one() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    // From the sign-up page: by mail, passkey, card.
    let browser = pass.browser();
    browser.open(&Asking::library().path()).await;
    let page = browser.open(&browser.at().replace("/login", "/sign-up")).await;
    let code = browser.press(&page, &[("do", "mail"), ("login", ADDRESS)]).await;
    assert!(code.has("ol.steps"), "{}", code.body);
    let typed = pass.code(ADDRESS).await;
    let passkey = browser.press(&code, &[("do", "code"), ("code", &typed)]).await;
    assert!(browser.at().ends_with("/passkey") && passkey.has("ol.steps"), "{}", passkey.body);
    // Somebody registered long ago came in by mail: no registration.
    pass.wait(Duration::from_secs(120));
    let browser = pass.browser();
    let page = browser.open("/me/card").await;
    let code = browser.press(&page, &[("do", "mail"), ("login", "aoi@example.jp")]).await;
    assert!(!code.has("ol.steps"));
    let typed = pass.code("aoi@example.jp").await;
    let page = browser.press(&code, &[("do", "code"), ("code", &typed)]).await;
    assert!(!page.body.contains("1 メール"), "{}", page.body);
}

#[actix_web::test]
async fn later_is_offered_only_where_it_leads_on() {
    let pass = TestPass::new().await;
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["aal2"]}}}"#;
    for (asking, later) in [(Asking::library(), true), (Asking::library().with("claims", essential), false)] {
        let browser = pass.browser();
        let page = browser.mail_sign_in(&pass, &asking.path(), ADDRESS).await;
        assert!(browser.at().ends_with("/passkey"), "{}", browser.at());
        assert_eq!(page.has("#passkey-later"), later);
        pass.wait(Duration::from_secs(120));
    }
    // On one's own errand it leads home, not round in a circle.
    let browser = pass.browser();
    let page = browser.mail_sign_in(&pass, "/me/card", ADDRESS).await;
    assert!(browser.at().ends_with("/passkey"), "{}", browser.at());
    browser.press(&page, &[("do", "later")]).await;
    assert_eq!(browser.at(), "/me");
}

#[actix_web::test]
async fn the_card_page_says_what_later_means_for_whoever_asks() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    let own = browser.open("/me/card").await;
    assert!(own.body.contains("「わたしのPASS」に戻ります"), "{}", own.body);
    let asked = browser.open(&Asking::library().path()).await;
    assert!(asked.body.contains("施設が求める情報は渡せません"), "{}", asked.body);
}
