//! Other browsers, other forms, other cards.

use crate::test_pass::{Agent, Asking, Reply, TestPass};
use actix_web::test::TestRequest;
use pass_core::domain::audit::Act;
use std::time::Duration;

#[actix_web::test]
async fn an_interaction_of_another_browser_is_refused() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let (hers, thief) = (pass.browser(), pass.browser());
    let page = hers.open(&Asking::library().path()).await;
    hers.test_sign_in(&page, "hanako").await;
    let stolen = hers.at();
    assert_eq!(thief.open(&stolen).await.status.as_u16(), 400);
    thief.open(&Asking::library().path()).await;
    let csrf = thief.token_of(&thief.at()).await;
    let answer = thief.post(&stolen, &[("csrf", &csrf), ("decision", "allow")]).await;
    assert_eq!(answer.status.as_u16(), 400);
    assert!(answer.location.is_empty());
    // An hour later it is over for her too.
    pass.wait(Duration::from_secs(3600));
    assert_eq!(hers.open(&stolen).await.status.as_u16(), 400);
}

#[actix_web::test]
async fn a_form_that_is_not_ours_is_refused() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let asking = Asking::library();
    browser.log_in(&asking, "hanako").await;
    let other = pass.browser().token_of("/me").await;
    let own = browser.token_of("/me/facilities/library/withdraw").await;
    let path = "/me/facilities/library/withdraw";
    for (what, csrf) in [("no token", ""), ("another browser's token", other.as_str())] {
        let answer = browser.post(path, &[("csrf", csrf), ("decision", "stop")]).await;
        assert_eq!(answer.status.as_u16(), 403, "{what}");
    }
    // The right token in a form of another site, as the browser says it.
    for (name, value) in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        let body = format!("csrf={own}&decision=stop");
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let request = TestRequest::post().uri(path).insert_header(kind).insert_header((name, value)).set_payload(body);
        assert_eq!(browser.send(request).await.status.as_u16(), 403, "{name}");
    }
    assert!(!browser.open("/me/facilities/library").await.has("#pass-facility-ended"));
}

/// What is shown to a browser that the proof does not belong to.
fn is_turned_away(answer: &Reply) -> bool {
    answer.status.as_u16() == 422 && answer.texts("#pass-card-refused-code") == ["other_browser"]
}

#[actix_web::test]
async fn cap_05_a_ticket_handed_to_somebody_else_proves_nobody() {
    let pass = TestPass::new().await;
    let aoi = pass.declared("aoi").await;
    let mallory = pass.declared("mallory").await;
    let (victim, thief) = (pass.browser(), pass.browser());
    thief.sign_in_at_home("mallory").await;
    victim.sign_in_at_home("aoi").await;
    let wire = pass.browser();
    // Mallory leaves for the agent and gets Aoi to sign there. The secret goes to her browser alone: his own, which left, has
    // account and interaction, and polls for what came of it.
    let his = thief.leave_for_agent().await;
    let proof = his.sign(&wire, pass.card("aoi")).await;
    assert_eq!(his.post(&wire, &proof).await, "verified");
    assert!(is_turned_away(&thief.open(&his.home_without_secret()).await));
    // Asking without it has ended the ticket, for the right secret as well.
    assert_eq!(thief.open(&his.home()).await.texts("#pass-card-refused-code"), ["ticket_expired"]);
    let guessed = thief.leave_for_agent().await;
    let proof = guessed.sign(&wire, pass.card("aoi")).await;
    assert_eq!(guessed.post(&wire, &proof).await, "verified");
    assert!(is_turned_away(&thief.open(&format!("{}&completion=guess", guessed.home_without_secret())).await));
    // Her browser comes first: the page tells her, names nobody, and the ticket is over for him.
    let his = thief.leave_for_agent().await;
    let proof = his.sign(&wire, pass.card("aoi")).await;
    assert_eq!(his.post(&wire, &proof).await, "verified");
    let hers = victim.open(&his.home()).await;
    assert!(is_turned_away(&hers) && !hers.body.contains("mallory"), "{}", hers.body);
    assert_eq!(thief.open(&his.home()).await.texts("#pass-card-refused-code"), ["ticket_expired"]);
    // She signs nothing, and goes back: over as well.
    let his = thief.leave_for_agent().await;
    assert!(is_turned_away(&victim.open(&his.home_without_secret()).await));
    let statement = TestRequest::post().uri("/card/statement").set_json(serde_json::json!({ "ticket": his.ticket }));
    assert_eq!(wire.send(statement).await.json()["outcome"], "ticket_expired");
    // Her own way with his ticket in it.
    let (his, hers) = (thief.leave_for_agent().await, victim.leave_for_agent().await);
    let proof = his.sign(&wire, pass.card("aoi")).await;
    assert_eq!(his.post(&wire, &proof).await, "verified");
    let mixed = Agent { ticket: his.ticket.clone(), back: hers.back.clone(), completion: his.completion.clone() };
    assert!(is_turned_away(&victim.open(&mixed.home()).await));
    for somebody in [&aoi, &mallory] {
        assert!(!pass.acts(somebody.person).await.contains(&Act::ProofingSucceed));
    }
    assert!(pass.acts(mallory.person).await.contains(&Act::ProofingRefuse));
}

#[actix_web::test]
async fn cap_05_the_statement_names_account_and_facility() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    let browser = pass.browser();
    let page = browser.open(&Asking::library().path()).await;
    let page = browser.test_sign_in(&page, "aoi").await;
    let agent = Agent::of(&browser.submit(&page, &[("do", "card")]).await);
    let asked = TestRequest::post().uri("/card/statement").set_json(serde_json::json!({ "ticket": agent.ticket }));
    let statement = pass.browser().send(asked).await.json();
    assert_eq!(statement["account"], "a•••@example.jp");
    assert!(statement["purpose"].as_str().unwrap().contains("加賀市立図書館"), "{statement}");
}

#[actix_web::test]
async fn cap_05_a_replayed_proof_is_refused() {
    let pass = TestPass::new().await;
    let aoi = pass.declared("aoi").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    let first = browser.leave_for_agent().await;
    let wire = pass.browser();
    let proof = first.sign(&wire, pass.card("aoi")).await;
    assert_eq!(first.post(&wire, &proof).await, "verified");
    // The same answer to the same ticket, and the same signature for another one.
    assert_eq!(first.post(&wire, &proof).await, "ticket_used");
    let second = browser.leave_for_agent().await;
    let outcome = second.post(&wire, &proof).await;
    assert_ne!(outcome, "verified");
    assert_eq!(browser.open(&second.home()).await.status.as_u16(), 422);
    // A return pressed twice proofs once.
    let ticket = browser.leave_for_agent().await;
    let proof = ticket.sign(&wire, pass.card("aoi")).await;
    assert_eq!(ticket.post(&wire, &proof).await, "verified");
    browser.open(&ticket.home()).await;
    let page = browser.open(&ticket.home()).await;
    let done = browser.at();
    browser.press(&page, &[("decision", "keep")]).await;
    browser.submit_at(&done, &page, &[("decision", "keep")]).await;
    let acts = pass.acts(aoi.person).await;
    assert_eq!(acts.iter().filter(|act| **act == Act::ProofingSucceed).count(), 1);
}

#[actix_web::test]
async fn cap_05_bad_cards_are_refused_each_with_its_code_and_one_card_proofs_one_person() {
    let pass = TestPass::new().await;
    pass.declared("aoi").await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    let wire = pass.browser();
    for (card, code) in [("expired", "expired"), ("revoked", "revoked"), ("foreign-ca", "foreign_ca")] {
        let agent = browser.leave_for_agent().await;
        let proof = agent.sign(&wire, pass.card(card)).await;
        let outcome = agent.post(&wire, &proof).await;
        assert_eq!(outcome, code, "{card}");
        assert_eq!(browser.open(&agent.home()).await.status.as_u16(), 422, "{card}");
    }
    let agent = browser.leave_for_agent().await;
    let proof = agent.sign(&wire, pass.card("hanako")).await;
    assert_eq!(agent.post(&wire, &proof).await, "verified");
    let page = browser.open(&agent.home()).await;
    let refused = browser.press(&page, &[("decision", "keep")]).await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["already_other_account"]);
    assert!(!browser.open("/me").await.body.contains("山田"));
}
