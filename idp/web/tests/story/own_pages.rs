//! Who may see and do what below `/me`.

use crate::test_pass::{Agent, Asking, Device, TestPass};
use pass_core::domain::audit::Act;
use std::time::Duration;

const NAME: &str = "山田　花子";

#[actix_web::test]
async fn every_page_asks_a_stranger_to_sign_in_and_leads_back() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    for path in ["/me", "/me/facilities", "/me/passkeys", "/me/passkeys/add", "/me/face", "/me/activity"] {
        let browser = pass.browser();
        let page = browser.open(path).await;
        assert!(page.has("#pass-login-title"), "{path}");
        let page = browser.test_sign_in(&page, "aoi").await;
        assert_eq!((browser.at().as_str(), page.status.as_u16()), (path, 200));
    }
}

#[actix_web::test]
async fn the_bare_address_leads_to_ones_own_pages() {
    let pass = TestPass::new().await;
    let root = pass.browser().get("/").await;
    assert_eq!((root.status.as_u16(), root.location.as_str()), (303, "/me"));
}

#[actix_web::test]
async fn home_tells_the_state_and_the_history_tells_what_happened() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.log_in(&Asking::library(), "hanako").await;
    let home = browser.open("/me").await;
    for word in [NAME, "2026年10月5日", "加賀市立図書館"] {
        assert!(home.body.contains(word), "{word} is missing");
    }
    for word in ["大聖寺南町", "1988"] {
        assert!(!home.body.contains(word), "{word} is on the first page");
    }
    let history = browser.open("/me/activity").await;
    for word in ["マイナンバーカードで本人確認", "「加賀市立図書館」に情報を渡しました", "PASSに登録しました"]
    {
        assert!(history.body.contains(word), "{word} is missing");
    }
    assert!(!history.body.contains(NAME));
}

#[actix_web::test]
async fn cap_02_a_session_by_mail_alone_sees_nothing_that_the_card_proved() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    pass.browser().log_in(&Asking::library(), "hanako").await;
    let browser = pass.browser();
    let home = browser.mail_sign_in(&pass, "/me", "hanako@example.jp").await;
    assert_eq!(browser.at(), "/me");
    assert!(!home.body.contains(NAME) && home.body.contains("/me/stronger"));
    for path in ["/me/facilities", "/me/facilities/library", "/me/facilities/library/withdraw", "/me/stronger"] {
        let page = browser.open(path).await;
        assert!(browser.at().ends_with("/step-up"), "{path} ends at {}", browser.at());
        assert!(!page.body.contains(NAME) && page.slip().is_empty());
    }
    let page = browser.open("/me/passkeys").await;
    assert!(page.body.contains("h•••@example.jp") && !page.body.contains("hanako@example.jp"));
    // The page of a proofing shows the four items: not to this session either, whatever interaction it is asked in.
    let interaction = browser.open("/me/card").await;
    let done = browser.at().replace("/step-up", "/proof/done").replace("/login", "/proof/done");
    assert!(browser.at() != done, "{}", interaction.body);
    assert!(!browser.open(&done).await.body.contains(NAME));
    // With the test authenticator the same session sees it all.
    let page = browser.open("/me/stronger").await;
    assert!(browser.test_sign_in(&page, "hanako").await.body.contains(NAME));
    assert_eq!(browser.at(), "/me");
}

#[actix_web::test]
async fn cap_02_a_consent_page_by_mail_alone_names_nobody() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let page = browser.mail_sign_in(&pass, &Asking::library().path(), "hanako@example.jp").await;
    assert!(browser.at().ends_with("/step-up"), "{}", browser.at());
    let stepped = browser.test_sign_in(&page, "hanako").await;
    assert!(stepped.has("#pass-consent-form") && stepped.body.contains(NAME), "{}", stepped.body);
    // A client that asks for nothing proven shows its page to a session by mail alone.
    let other = pass.browser();
    pass.wait(Duration::from_secs(120));
    let consent = other
        .mail_sign_in(&pass, &Asking::library().path().replace("openid+residence+age", "openid"), "hanako@example.jp")
        .await;
    assert!(consent.has("#pass-consent-form"), "{} {}", other.at(), consent.body);
    assert!(consent.body.contains("h•••@example.jp") && !consent.body.contains(NAME), "{}", consent.body);
}

#[actix_web::test]
async fn cap_02_what_one_account_read_opens_nothing_of_another() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    pass.declared("ken").await;
    let browser = pass.browser();
    // Ken is proofed with his own card in an interaction, which from then on may show what was read.
    let page = browser.open(&Asking::library().path()).await;
    let page = browser.test_sign_in(&page, "ken").await;
    let agent = Agent::of(&browser.submit(&page, &[("do", "card")]).await);
    let wire = pass.browser();
    let proof = agent.sign(&wire, pass.card("ken")).await;
    assert_eq!(agent.post(&wire, &proof).await, "verified");
    browser.open(&agent.home()).await;
    let done = browser.at();
    let page = |name: &str| done.replace("/proof/done", name);
    // He holds a code for Hanako's address as well, and types it in at that interaction.
    let other = pass.browser();
    let sign_in = other.open("/me").await;
    other.press(&sign_in, &[("do", "mail"), ("login", "hanako@example.jp")]).await;
    let code = pass.code("hanako@example.jp").await;
    browser.take_cookie(&other, "pass-code");
    let csrf = browser.token_of(&done).await;
    browser.post(&page("/code"), &[("csrf", &csrf), ("do", "code"), ("code", &code)]).await;
    assert!(!browser.open(&done).await.body.contains(NAME));
    assert!(!pass.acts(hanako.person).await.ends_with(&[Act::SignIn]), "a code counts only where one signs in");
    // Signed out, he may sign in there: to an interaction that knows nothing of his card.
    browser.drop_cookie("pass-session");
    browser.open(&page("/login")).await;
    browser.post(&page("/code"), &[("csrf", &csrf), ("do", "code"), ("code", &code)]).await;
    assert!(pass.acts(hanako.person).await.ends_with(&[Act::SignIn]), "now it is Hanako's session, by mail alone");
    assert!(!browser.open(&done).await.body.contains(NAME));
}

#[actix_web::test]
async fn cap_02_a_session_by_mail_alone_adds_and_removes_no_passkey_of_a_proofed_account() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.mail_sign_in(&pass, "/me", "hanako@example.jp").await;
    browser.open("/me/passkeys/add").await;
    assert!(browser.at().ends_with("/step-up"), "{}", browser.at());
    let token = browser.open("/me/stronger").await;
    let csrf = token.attribute("[name=csrf]", "value").unwrap();
    let options = browser.post("/me/passkeys/options", &[("csrf", &csrf)]).await;
    assert_eq!((options.status.as_u16(), options.json()["error"].as_str()), (400, Some("interaction_expired")));
    let answer = browser.post("/me/passkeys/add", &[("csrf", &csrf), ("do", "passkey"), ("credential", "{}")]).await;
    assert!(answer.location.ends_with("/step-up"), "{}", answer.location);
    assert!(!pass.acts(hanako.person).await.contains(&Act::PasskeyAdd));
}

#[actix_web::test]
async fn cap_62_a_passkey_is_added_listed_and_removed_and_the_last_one_not_silently() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let mut device = Device::new();
    let page = browser.open("/me/passkeys/add").await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let begin = page.attribute("#passkey-form", "data-begin").unwrap();
    let options = browser.post(&begin, &[("csrf", &csrf)]).await.json();
    let credential = device.make(&options);
    let added = browser.submit(&page, &[("do", "passkey"), ("credential", &credential)]).await;
    assert!(added.body.contains("パスキーを加えました"), "{}", added.body);
    // The ceremony is over: the same answer makes no second one.
    let again = browser.submit(&page, &[("do", "passkey"), ("credential", &credential)]).await;
    assert_eq!(again.status.as_u16(), 422);

    pass.forget_test_credential(&hanako).await;
    let list = browser.open("/me/passkeys").await;
    let id = list.attribute("form input[name=id]", "value").unwrap();
    let question = browser.submit(&list, &[("do", "remove"), ("id", &id)]).await;
    assert!(question.has("#pass-passkey-last"), "{}", question.body);
    assert!(!pass.acts(hanako.person).await.contains(&Act::PasskeyRemove));
    let removed = browser.submit(&question, &[("do", "remove"), ("id", &id), ("sure", "1")]).await;
    assert!(removed.body.contains("パスキーを消しました") && !removed.body.contains(&id));
    let acts = pass.acts(hanako.person).await;
    assert!(acts.contains(&Act::PasskeyAdd) && acts.contains(&Act::PasskeyRemove));
}

#[actix_web::test]
async fn another_device_is_signed_out_from_the_list() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    let (here, there) = (pass.browser(), pass.browser());
    here.sign_in_at_home("aoi").await;
    there.sign_in_at_home("aoi").await;
    let list = here.open("/me/passkeys").await;
    let id = list.attribute("form input[name=id]", "value").unwrap();
    let done = here.submit(&list, &[("do", "sign-out"), ("id", &id)]).await;
    assert!(done.body.contains("その端末をログアウトさせました"));
    assert!(there.open("/me").await.has("#pass-login-title"));
    assert!(!here.open("/me").await.has("#pass-login-title"));
}

#[actix_web::test]
async fn a_session_ends_by_itself() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    pass.wait(Duration::from_secs(12 * 3600 + 1));
    assert!(browser.open("/me").await.has("#pass-login-title"));
}
