//! What becomes of a proofing: the certificate lapses at midnight, is revoked, or gives way to the next card's.

use crate::sharing::library;
use crate::test_pass::{Agent, Browser, Reply, Somebody, TestPass};
use pass_core::Time;
use pass_core::domain::audit::Act;
use pass_core::domain::proofing::{Proofing, ProofingStatus};
use pass_web::card::ended;

async fn proofing(pass: &TestPass, somebody: &Somebody) -> Proofing {
    let person = somebody.person;
    pass.app.store.read(move |tx| pass_store::proofings::find_current(tx, person)).await.unwrap().unwrap()
}

/// Waits until some seconds before or after the last second of a certificate.
fn wait_until(pass: &TestPass, end: Time) {
    pass.wait(end.since(pass.app.now()));
}

#[actix_web::test]
async fn cap_20_residence_goes_stale_at_midnight_and_everybody_hears_of_it() {
    let pass = TestPass::new().await;
    let told = pass.tell("library", false).await;
    let riku = pass.proofed("expiring").await;
    let end = proofing(&pass, &riku).await.valid_until;
    assert_eq!(end.iso(), "2027-09-03T14:59:59Z", "the last second of the birthday in Japan");
    wait_until(&pass, Time(end.0 - 600_000));
    let browser = pass.browser();
    let tokens = library(&pass, &browser, "expiring").await;
    let given = async || tokens.userinfo(&pass).await.1;
    assert!(given().await["is_resident"].as_bool().unwrap());

    wait_until(&pass, Time(end.0 + 500));
    assert_eq!(ended::lapse(&pass.app).await.unwrap(), 0, "the last second still counts");
    assert!(given().await["is_resident"].as_bool().unwrap());
    wait_until(&pass, Time(end.0 + 1_000));
    // Withheld at once, before any job has run; ages are as they were.
    let now = given().await;
    assert!(
        now["is_resident"].is_null() && now["residence_city"].is_null() && now["age_over_18"].is_boolean(),
        "{now}"
    );

    assert_eq!(ended::lapse(&pass.app).await.unwrap(), 1);
    assert_eq!(ended::lapse(&pass.app).await.unwrap(), 0, "once");
    assert_eq!(proofing(&pass, &riku).await.status, ProofingStatus::Stale);
    let notices = pass.notices();
    assert_eq!(notices.iter().map(|notice| notice.client).collect::<Vec<_>>(), [told]);
    assert_eq!(Some(&notices[0].sub), tokens.claim("sub").as_ref());
    let letters = pass.mails("expiring@example.jp").await;
    assert!(letters[0].subject.contains("期限") && letters[0].body.contains("/me/card"), "{}", letters[0].body);
    assert!(!letters[0].body.contains("橋本"), "no personal value travels by mail");
    assert_eq!(pass.acts(riku.person).await.last(), Some(&Act::ProofingLapse));
    assert!(browser.open("/me").await.body.contains("お住まいの情報は渡せません"));
}

#[actix_web::test]
async fn cap_20_a_revoked_certificate_takes_everything_back_that_it_proved() {
    let pass = TestPass::new().await;
    pass.tell("library", false).await;
    let (hanako, ken) = (pass.proofed("hanako").await, pass.proofed("ken").await);
    let browser = pass.browser();
    let tokens = library(&pass, &browser, "hanako").await;
    let serial = proofing(&pass, &hanako).await.keyed_serial.0;
    assert_eq!(ended::revoke(&pass.app, &[[9; 32], serial]).await.unwrap(), 1);
    assert_eq!(ended::revoke(&pass.app, &[serial]).await.unwrap(), 0, "once");
    let left = tokens.userinfo(&pass).await.1;
    assert!(left["is_resident"].is_null() && left["age_over_18"].is_null() && left["sub"].is_string(), "{left}");
    assert_eq!(pass.notices().len(), 1);
    assert!(pass.mails("hanako@example.jp").await[0].subject.contains("失効"));
    assert_eq!(pass.acts(hanako.person).await.last(), Some(&Act::ProofingRevoke));
    assert_eq!(proofing(&pass, &ken).await.status, ProofingStatus::Valid);

    // The same card again: PASS knows that it was revoked, whatever the list of today says.
    assert_eq!(come_with(&pass, &browser, "hanako").await.texts("#pass-card-refused-code"), ["revoked"]);
    // And the next card mends it.
    let read = come_with(&pass, &browser, "renewed").await;
    assert!(read.has("#pass-card-keep"), "{}", read.body);
    browser.press(&read, &[("decision", "keep")]).await;
    assert_eq!(proofing(&pass, &hanako).await.status, ProofingStatus::Valid);
    let fresh = library(&pass, &pass.browser(), "hanako").await;
    assert!(fresh.userinfo(&pass).await.1["is_resident"].as_bool().unwrap());
}

#[actix_web::test]
async fn cap_05_the_log_says_what_came_of_each_card_and_what_was_checked() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    for card in ["hanako", "renewed"] {
        let read = come_with(&pass, &browser, card).await;
        browser.press(&read, &[("decision", "keep")]).await;
    }
    let said: Vec<String> = pass
        .events(hanako.person)
        .await
        .into_iter()
        .filter(|event| event.act == Act::ProofingSucceed)
        .map(|event| event.detail)
        .collect();
    let day = "revocation crl of 2026-10-05";
    assert_eq!(said, ["first", "again", "renewed"].map(|what| format!("sign_certificate, {what}, {day}")));
    assert!(browser.open("/me").await.body.contains("証明書が失効していないことも"));
}

#[actix_web::test]
async fn cap_05_one_card_is_not_taken_for_two_accounts() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    pass.declared("double").await;
    let browser = pass.browser();
    browser.sign_in_at_home("double").await;
    let read = come_with(&pass, &browser, "hanako").await;
    let answer = browser.press(&read, &[("decision", "keep")]).await;
    assert_eq!(answer.texts("#pass-card-refused-code"), ["already_other_account"]);
    assert!(answer.body.contains("別の登録で使われています"));
}

/// Leaves for the agent, lets a card sign, and comes back.
async fn come_with(pass: &TestPass, browser: &Browser, card: &str) -> Reply {
    let agent: Agent = browser.leave_for_agent().await;
    let wire = pass.browser();
    let proof = agent.sign(&wire, pass.card(card)).await;
    agent.post(&wire, &proof).await;
    browser.open(&agent.home()).await
}
