//! What is shared, what the pages say of it, and that withdrawing bites.

use crate::test_pass::{Asking, Browser, Reply, TestPass, Tokens};
use pass_core::domain::audit::Act;
use serde_json::Value;
use std::collections::BTreeMap;

/// Presses 「渡すのをやめる」 on the page of a client, and says yes.
pub(crate) async fn withdraw(browser: &Browser, client: &str) -> Reply {
    let page = browser.open(&format!("/me/facilities/{client}")).await;
    let link = page.attribute("#pass-withdraw", "href").unwrap();
    let question = browser.open(&link).await;
    browser.press(&question, &[("decision", "stop")]).await
}

pub(crate) async fn library(pass: &TestPass, browser: &Browser, login: &str) -> Tokens {
    let asking = Asking::library();
    let answer = browser.log_in(&asking, login).await;
    asking.tokens(pass, &answer).await
}

/// Members as the slip has them: texts as they are, everything else as JSON, members of objects one by one.
fn members(claims: &Value) -> BTreeMap<String, Vec<String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    let of = |value: &Value| match value {
        Value::Object(parts) => {
            let order = ["formatted", "postal_code", "region", "locality", "street_address", "country"];
            let values: Vec<String> = order.iter().filter_map(|name| parts.get(*name)).map(text).collect();
            assert_eq!(values.len(), parts.len(), "a part of the address has no place on the page");
            values
        }
        value => vec![text(value)],
    };
    claims.as_object().unwrap().iter().map(|(claim, value)| (claim.clone(), of(value))).collect()
}

#[actix_web::test]
async fn cap_18_page_values_equal_userinfo_values() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    for (asking, client) in [(Asking::library(), "library"), (Asking::kosodate(), "kosodate")] {
        let browser = pass.browser();
        let page = browser.open(&asking.path()).await;
        let consent = browser.test_sign_in(&page, "hanako").await;
        let answer = browser.press(&consent, &[("decision", "allow")]).await;
        let (status, claims) = asking.tokens(&pass, &answer).await.userinfo(&pass).await;
        assert_eq!(status, 200);
        assert_eq!(consent.slip(), members(&claims), "the consent page of {client}");
        let own = browser.open(&format!("/me/facilities/{client}")).await;
        assert_eq!(own.slip(), members(&claims), "the resident's own page of {client}");
        assert!(claims.as_object().unwrap().len() > 5, "{client} gets something");
    }
}

#[actix_web::test]
async fn cap_18_the_page_says_what_was_asked_for_and_is_not_given_and_why() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let page = browser.open(&Asking::library().path()).await;
    let consent = browser.test_sign_in(&page, "hanako").await;
    let told = consent.texts("#pass-consent-withheld").concat();
    for word in ["15歳以上か", "年齢の区分", "この施設には渡せない決まりです"] {
        assert!(told.contains(word), "{word} is missing in {told}");
    }
    assert!(!told.contains("18歳以上か") && !told.contains("氏名"), "{told}");
}

#[actix_web::test]
async fn cap_18_a_page_of_somebody_else_agrees_to_nothing() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let ken = pass.proofed("ken").await;
    let (browser, asking) = (pass.browser(), Asking::kosodate());
    let page = browser.open(&asking.path()).await;
    let hers = browser.test_sign_in(&page, "hanako").await;
    assert!(hers.body.contains("山田"), "her values are on the page");
    let first_tab = browser.at();
    // In a second tab somebody else of the family signs in; then the first tab is answered.
    let again = browser.open(&Asking::library().with("prompt", "login").path()).await;
    browser.test_sign_in(&again, "ken").await;
    let answer = browser.submit_at(&first_tab, &hers, &[("decision", "allow")]).await;
    assert_eq!(answer.status, 409, "the page is drawn anew: {}", answer.body);
    assert!(answer.body.contains("佐藤") && answer.has("#pass-consent-form"), "with his values, for him to decide");
    for person in [hanako.person, ken.person] {
        assert!(!pass.acts(person).await.contains(&Act::ConsentGive), "nobody agreed to anything");
    }
    let answer = browser.submit_at(&first_tab, &answer, &[("decision", "allow")]).await;
    assert_eq!(asking.tokens(&pass, &answer).await.userinfo(&pass).await.0, 200);
}

#[actix_web::test]
async fn cap_22_withdrawal_bites_at_the_next_userinfo_and_kills_refresh() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    // At home and on the phone: two sessions, so two live consents to one client.
    let (home, phone) = (pass.browser(), pass.browser());
    let first = library(&pass, &home, "hanako").await;
    let second = library(&pass, &phone, "hanako").await;
    let kosodate = Asking::kosodate();
    let page = home.open(&kosodate.path()).await;
    let other = home.press(&page, &[("decision", "allow")]).await;
    let other = kosodate.tokens(&pass, &other).await;
    for tokens in [&first, &second, &other] {
        assert_eq!(tokens.userinfo(&pass).await.0, 200);
    }

    let done = withdraw(&home, "library").await;
    assert!(done.has("#pass-withdrawn"), "{}", done.body);

    for tokens in [&first, &second] {
        assert_eq!(tokens.userinfo(&pass).await.0, 401);
        let (status, body) = tokens.refresh(&pass).await;
        assert_eq!((status, body["error"].as_str()), (400, Some("invalid_grant")));
    }
    // The other facility goes on.
    assert_eq!(other.userinfo(&pass).await.0, 200);
    assert_eq!(other.refresh(&pass).await.0, 200);
    // The next login asks again, in both sessions, and does not say that something has changed.
    for browser in [&home, &phone] {
        let page = browser.open(&Asking::library().path()).await;
        assert!(page.has("#pass-consent-form") && !page.body.contains("内容が変わりました"));
    }
    // The history keeps it, once, though the button be pressed again.
    let ended = home.open("/me/facilities/library").await;
    assert!(ended.has("#pass-facility-ended") && ended.slip().is_empty());
    let acts = pass.acts(hanako.person).await;
    assert_eq!(acts.iter().filter(|act| **act == Act::ConsentWithdraw).count(), 1);
}

#[actix_web::test]
async fn cap_22_keeping_on_changes_nothing_and_nobody_withdraws_for_another() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    pass.proofed("ken").await;
    let (hers, his) = (pass.browser(), pass.browser());
    let tokens = library(&pass, &hers, "hanako").await;
    library(&pass, &his, "ken").await;
    let question = hers.open("/me/facilities/library/withdraw").await;
    hers.press(&question, &[("decision", "keep")]).await;
    assert_eq!(hers.at(), "/me/facilities/library");
    assert!(withdraw(&his, "library").await.has("#pass-withdrawn"));
    assert_eq!(tokens.userinfo(&pass).await.0, 200);
    assert_eq!(hers.open("/me/facilities/kosodate").await.status, 404);
}

#[actix_web::test]
async fn cap_18_what_is_withheld_is_said_with_its_reason() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    let browser = pass.browser();
    let asking = Asking::library();
    let page = browser.open(&asking.path()).await;
    // Not proofed: she puts the card off, and agrees to what there is.
    let proof = browser.test_sign_in(&page, "aoi").await;
    let consent = browser.press(&proof, &[("do", "later")]).await;
    let answer = browser.press(&consent, &[("decision", "allow")]).await;
    let (_, claims) = asking.tokens(&pass, &answer).await.userinfo(&pass).await;
    assert_eq!(claims.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
    let own = browser.open("/me/facilities/library").await;
    assert_eq!(own.slip(), members(&claims));
    // Six wait for the card; four ages are asked for by the scope and above the ceiling.
    let reasons = own.texts("dl.rule dd");
    assert_eq!(reasons.iter().filter(|why| why.contains("カードでまだ確かめていません")).count(), 6, "{reasons:?}");
    assert_eq!(reasons.iter().filter(|why| why.contains("この施設には渡せない決まりです")).count(), 4, "{reasons:?}");
}
