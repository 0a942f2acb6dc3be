//! A person who was proofed before is proofed once more: by whom, and what it changes.

use crate::test_pass::{Agent, Asking, Browser, Reply, Somebody, TestPass};
use pass_core::domain::audit::Act;
use pass_core::id::PersonId;
use pass_web::people;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many proofings the audit log tells of.
async fn proofings(pass: &TestPass, person: PersonId) -> usize {
    pass.acts(person).await.iter().filter(|act| **act == Act::ProofingSucceed).count()
}

/// Lets a card sign and comes back.
async fn come_back(pass: &TestPass, browser: &Browser, agent: &Agent, card: &str) -> Reply {
    let wire = pass.browser();
    let proof = agent.sign(&wire, pass.card(card)).await;
    assert_eq!(agent.post(&wire, &proof).await, "verified");
    browser.open(&agent.home()).await
}

#[actix_web::test]
async fn cap_05_a_card_of_somebody_else_does_not_take_over_a_proofed_account() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let agent = browser.leave_for_agent().await;
    let refused = come_back(&pass, &browser, &agent, "ken").await;
    assert_eq!((refused.status.as_u16(), refused.texts("#pass-card-refused-code")), (422, vec!["other_person".into()]));
    assert_eq!(proofings(&pass, hanako.person).await, 1);
    assert!(browser.open("/me").await.body.contains("山田　花子"));
    // The proof is gone; why stays true, in another language as well.
    let again = browser.open(&format!("{}&lang=en", agent.home())).await;
    assert_eq!(again.texts("#pass-card-refused-code"), ["other_person"]);
    let hash = pass_core::secret::Hash::of(&agent.ticket);
    let ticket = pass.app.store.read(move |tx| pass_store::card_tickets::find(tx, &hash)).await.unwrap().unwrap();
    assert!(ticket.sealed_proof.is_none());
    let refused = pass.acts(hanako.person).await.into_iter().filter(|act| *act == Act::ProofingRefuse).count();
    assert_eq!(refused, 1, "written once, however often the page is opened");
}

#[actix_web::test]
async fn cap_05_being_proofed_again_needs_aal2() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.mail_sign_in(&pass, "/me", "hanako@example.jp").await;
    let page = browser.open("/me/card").await;
    assert!(browser.at().ends_with("/step-up"), "{}", browser.at());
    let proof = browser.at().replace("/step-up", "/proof");
    let csrf = page.attribute("[name=csrf]", "value").unwrap();
    let left = browser.post(&proof, &[("csrf", &csrf), ("do", "card")]).await;
    assert!(left.location.ends_with("/step-up"), "{}", left.location);
    // She signs in well and leaves; the session is replaced by one of a mail code before she is back.
    browser.test_sign_in(&page, "hanako").await;
    let page = browser.open(&browser.at()).await;
    let agent = Agent::of(&browser.submit(&page, &[("do", "card")]).await);
    let other = pass.browser();
    pass.wait(Duration::from_secs(120));
    other.mail_sign_in(&pass, "/me", "hanako@example.jp").await;
    browser.take_cookie(&other, "pass-session");
    let read = come_back(&pass, &browser, &agent, "hanako").await;
    browser.press(&read, &[("decision", "keep")]).await;
    assert!(browser.at().ends_with("/step-up"), "{}", browser.at());
    assert_eq!(proofings(&pass, hanako.person).await, 1);
}

#[actix_web::test]
async fn cap_18_new_values_are_agreed_to_anew() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    let (library, kosodate) = (Asking::library(), Asking::kosodate());
    // 23:40: what the library gets names the day of the proofing, what the child-care centre gets does not.
    pass.wait(DAY / 24 * 14 + MINUTE * 40);
    let answer = browser.log_in(&library, "hanako").await;
    let dated = library.tokens(&pass, &answer).await;
    let answer = browser.open(&kosodate.path()).await;
    let answer = browser.press(&answer, &[("decision", "allow")]).await;
    let undated = kosodate.tokens(&pass, &answer).await;
    for (passed, statuses) in [(MINUTE * 5, (200, 200)), (MINUTE * 20, (401, 200))] {
        pass.wait(passed);
        prove_again(&pass, &browser).await;
        assert_eq!((dated.userinfo(&pass).await.0, undated.userinfo(&pass).await.0), statuses);
    }
    let asked = browser.open(&library.path()).await;
    assert!(asked.has("#pass-consent-form") && asked.body.contains("2026年10月6日"), "{}", asked.body);

    // She has moved: the record has the address of before.
    move_away(&pass, &hanako).await;
    let browser = pass.browser();
    let answer = browser.log_in(&kosodate, "hanako").await;
    let tokens = kosodate.tokens(&pass, &answer).await;
    assert_eq!(tokens.userinfo(&pass).await.0, 200);
    prove_again(&pass, &browser).await;
    assert_eq!(tokens.userinfo(&pass).await.0, 401, "nobody agreed to hand the new address over");
    let asked = browser.open(&kosodate.path()).await;
    assert!(asked.has("#pass-consent-form") && asked.body.contains("内容が変わりました"), "{}", asked.body);
}

async fn prove_again(pass: &TestPass, browser: &Browser) {
    let agent = browser.leave_for_agent().await;
    let read = come_back(pass, browser, &agent, "hanako").await;
    assert!(read.has("#pass-card-keep"), "{}", read.body);
    browser.press(&read, &[("decision", "keep")]).await;
}

/// Puts another address into what was proven.
pub(crate) async fn move_away(pass: &TestPass, somebody: &Somebody) {
    let resident = people::load(&pass.app, somebody.account, None).await.unwrap();
    let (mut record, _) = resident.proven.clone().unwrap();
    record.address = "石川県小松市見本町３４番地".into();
    let sealed = people::sealed(&pass.app, &resident.key, somebody.person, people::PROVEN, &record);
    let (person, now) = (somebody.person, pass.app.now());
    pass.app.store.write(move |tx| pass_store::sealed_records::put(tx, person, &sealed, now)).await.unwrap();
}
