//! Who is told that a session has ended or a consent was withdrawn, and of what.

use crate::sharing::{library, withdraw};
use crate::test_pass::{Asking, Browser, TestPass, Tokens};
use std::time::Duration;

/// Agrees at the child-care centre in a session that is signed in.
async fn kosodate(pass: &TestPass, browser: &Browser) -> Tokens {
    let asking = Asking::kosodate();
    let page = browser.open(&asking.path()).await;
    let answer = browser.press(&page, &[("decision", "allow")]).await;
    asking.tokens(pass, &answer).await
}

/// The one notice, which is about the session and the person of these tokens.
fn only(pass: &TestPass, tokens: &Tokens) {
    let all = pass.notices();
    let [notice] = &all[..] else { panic!("{} notices: {all:?}", all.len()) };
    assert_eq!((Some(&notice.sub), &notice.sid), (tokens.claim("sub").as_ref(), &tokens.claim("sid")));
    assert!(notice.sid.is_some() && !notice.jti.is_empty());
}

#[actix_web::test]
async fn cap_49_a_session_that_ends_is_told_once_to_each_client_that_asked_for_it() {
    let pass = TestPass::new().await;
    let to = pass.tell("library", true).await;
    pass.proofed("hanako").await;
    let (home, phone) = (pass.browser(), pass.browser());
    let first = library(&pass, &home, "hanako").await;
    let elsewhere = library(&pass, &phone, "hanako").await;
    let silent = kosodate(&pass, &home).await;
    // Twice at the library in one session: one session there, and one number for it.
    let asking = Asking::library();
    let again = asking.tokens(&pass, &home.open(&asking.path()).await).await;
    assert_eq!(first.claim("sid"), again.claim("sid"));
    assert_ne!(first.claim("sid"), elsewhere.claim("sid"));
    assert_eq!(silent.claim("sid"), None, "who did not ask to be told gets no number of a session");

    let commits = pass.commits();
    home.open(&format!("/session/end?id_token_hint={}", first.id)).await;
    assert_eq!(pass.commits() - commits, 1, "the end and its notices are one transaction");
    only(&pass, &first);
    assert_eq!(pass.notices()[0].client, to);
    // There is nothing left to end.
    home.open(&format!("/session/end?id_token_hint={}", first.id)).await;
    only(&pass, &first);
}

#[actix_web::test]
async fn cap_49_two_facilities_hear_of_one_session_under_two_numbers() {
    let pass = TestPass::new().await;
    pass.tell("library", false).await;
    pass.tell("kosodate", false).await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let (one, two) = (library(&pass, &browser, "hanako").await, kosodate(&pass, &browser).await);
    browser.open(&format!("/session/end?id_token_hint={}", one.id)).await;
    let all = pass.notices();
    assert_eq!(all.len(), 2);
    assert!(all[0].sid != all[1].sid && all[0].sub != all[1].sub && all[0].jti != all[1].jti);
    for tokens in [one, two] {
        assert!(
            all.iter()
                .any(|notice| notice.sid == tokens.claim("sid") && Some(&notice.sub) == tokens.claim("sub").as_ref())
        );
    }
}

#[actix_web::test]
async fn cap_49_a_session_that_another_account_replaces_has_ended() {
    let pass = TestPass::new().await;
    pass.tell("library", true).await;
    pass.proofed("hanako").await;
    pass.declared("ken").await;
    let browser = pass.browser();
    let tokens = library(&pass, &browser, "hanako").await;
    let page = browser.open(&Asking::library().with("prompt", "login").path()).await;
    // Her own step-up ends nothing.
    browser.test_sign_in(&page, "hanako").await;
    assert!(pass.notices().is_empty());
    let page = browser.open(&Asking::library().with("prompt", "login").path()).await;
    browser.test_sign_in(&page, "ken").await;
    only(&pass, &tokens);
}

#[actix_web::test]
async fn cap_49_a_device_signed_out_from_the_list_has_ended() {
    let pass = TestPass::new().await;
    pass.tell("library", true).await;
    pass.proofed("hanako").await;
    let (phone, home) = (pass.browser(), pass.browser());
    let tokens = library(&pass, &phone, "hanako").await;
    // Only the phone's session and this one are listed.
    pass.wait(Duration::from_secs(61 * 60));
    phone.open("/me").await;
    let phone_tokens = library(&pass, &phone, "hanako").await;
    assert_ne!(tokens.claim("sid"), phone_tokens.claim("sid"));
    home.sign_in_at_home("hanako").await;
    let list = home.open("/me/passkeys").await;
    let id = list.attribute("form input[name=id]", "value").unwrap();
    home.submit(&list, &[("do", "sign-out"), ("id", &id)]).await;
    only(&pass, &phone_tokens);
}

#[actix_web::test]
async fn cap_22_withdrawal_is_told_to_that_client_for_each_session_of_hers() {
    let pass = TestPass::new().await;
    let to = pass.tell("library", true).await;
    pass.tell("kosodate", true).await;
    pass.proofed("hanako").await;
    pass.proofed("ken").await;
    let (home, phone, his) = (pass.browser(), pass.browser(), pass.browser());
    let mine = [library(&pass, &home, "hanako").await, library(&pass, &phone, "hanako").await];
    kosodate(&pass, &home).await;
    library(&pass, &his, "ken").await;
    assert!(withdraw(&home, "library").await.has("#pass-withdrawn"));
    let told = pass.notices();
    assert_eq!(told.len(), 2, "{told:?}");
    for tokens in &mine {
        let about = |notice: &&_| is(tokens, notice);
        assert_eq!(told.iter().filter(about).count(), 1);
    }
    assert!(told.iter().all(|notice| notice.client == to));
    // Signing out later tells the child-care centre, and nothing more to the library.
    home.open("/session/end").await;
    let question = home.open("/session/end").await;
    home.press(&question, &[("decision", "yes")]).await;
    assert_eq!(pass.notices().len(), 3);
}

fn is(tokens: &Tokens, notice: &pass_core::domain::outbox::LogoutNotice) -> bool {
    notice.sid == tokens.claim("sid") && Some(&notice.sub) == tokens.claim("sub").as_ref()
}

#[actix_web::test]
async fn cap_22_a_withdrawal_without_a_live_grant_names_the_person_where_the_client_can_use_that() {
    for (session_required, expected) in [(false, 1), (true, 0)] {
        let pass = TestPass::new().await;
        pass.tell("library", session_required).await;
        let hanako = pass.proofed("hanako").await;
        let browser = pass.browser();
        let tokens = library(&pass, &browser, "hanako").await;
        // The program gave everything back; what she agreed to stands.
        let client = pass.app.directory().party("library").unwrap().client.id;
        let (account, now) = (hanako.account, pass.app.now());
        let gone = move |tx: &mut pass_store::Tx| pass_store::grants::revoke_by_account(tx, account, client, now);
        assert_eq!(pass.app.store.write(gone).await.unwrap(), 1);
        assert!(withdraw(&browser, "library").await.has("#pass-withdrawn"));
        let told = pass.notices();
        assert_eq!(told.len(), expected, "session_required {session_required}");
        assert!(told.iter().all(|one| one.sid.is_none() && Some(&one.sub) == tokens.claim("sub").as_ref()));
    }
}
