//! How many requests and commits a login takes, and what `prompt=none` answers.

use crate::test_pass::{Asking, TestPass};
use std::time::Duration;

#[actix_web::test]
async fn cap_49_a_first_login_takes_six_requests_and_four_commits() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let before = pass.commits();
    let asking = Asking::library();
    let answer = browser.log_in(&asking, "hanako").await;
    asking.tokens(&pass, &answer).await;
    // The exchange is the client's request.
    let requests = browser.requests() + 1;
    assert!(requests <= 6, "{requests} requests");
    assert!(pass.commits() - before <= 4, "{} commits", pass.commits() - before);
}

#[actix_web::test]
async fn cap_01_a_second_login_shows_no_page_and_takes_two_requests_and_two_commits() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let asking = Asking::library();
    browser.log_in(&asking, "hanako").await;
    let (requests, commits) = (browser.requests(), pass.commits());
    let answer = browser.open(&asking.path()).await;
    asking.tokens(&pass, &answer).await;
    assert_eq!(browser.requests() + 1 - requests, 2);
    assert!(pass.commits() - commits <= 2, "{} commits", pass.commits() - commits);
}

#[actix_web::test]
async fn cap_49_prompt_none_answers_with_the_policy_that_stands_in_the_way() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let silent = || Asking::library().with("prompt", "none");
    let error = |asking: Asking| {
        let browser = &browser;
        async move {
            let answer = browser.get(&asking.path()).await;
            assert_eq!(answer.parameter("state").as_deref(), Some("a-state"), "{}", answer.body);
            answer.parameter("error")
        }
    };
    assert_eq!(error(silent()).await.as_deref(), Some("login_required"));
    browser.sign_in_at_home("hanako").await;
    assert_eq!(error(silent()).await.as_deref(), Some("consent_required"));
    browser.open(&Asking::library().path()).await;
    let page = browser.open(&browser.at()).await;
    browser.press(&page, &[("decision", "allow")]).await;
    assert_eq!(error(silent()).await, None);
    pass.wait(Duration::from_secs(120));
    assert_eq!(error(silent().with("max_age", "60")).await.as_deref(), Some("login_required"));
    assert_eq!(error(silent().with("max_age", "600")).await, None);
    // A wish goes unanswered; what is essential does not.
    assert_eq!(error(silent().with("acr_values", "aal2-face")).await, None);
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["aal2-face"]}}}"#;
    let refused = error(silent().with("claims", essential)).await;
    assert_eq!(refused.as_deref(), Some("unmet_authentication_requirements"));
    assert_eq!(error(Asking::kosodate().with("prompt", "none")).await.as_deref(), Some("consent_required"));
}
