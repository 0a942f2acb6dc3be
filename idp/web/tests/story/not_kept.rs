//! What the card said is kept when the person says so, and else nothing of it.

use crate::test_pass::{Somebody, TestPass};
use pass_core::domain::audit::Act;
use pass_core::secret::Hash;
use pass_web::people;
use std::time::Duration;

/// Whether nothing is known of somebody by a card.
async fn nothing_is_kept(pass: &TestPass, somebody: &Somebody, ticket: &str) -> bool {
    let (person, hash) = (somebody.person, Hash::of(ticket));
    let (proofings, record, ticket) = pass
        .app
        .store
        .read(move |tx| {
            Ok((
                pass_store::proofings::find_all_of(tx, person)?,
                pass_store::sealed_records::find(tx, person)?,
                pass_store::card_tickets::find(tx, &hash)?,
            ))
        })
        .await
        .unwrap();
    let resident = people::load(&pass.app, somebody.account, None).await.unwrap();
    proofings.is_empty() && record.is_none() && resident.proven.is_none() && ticket.unwrap().sealed_proof.is_none()
}

#[actix_web::test]
async fn cap_05_do_not_keep_keeps_nothing() {
    let pass = TestPass::new().await;
    let aoi = pass.declared("aoi").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    for decision in ["drop", ""] {
        let agent = browser.leave_for_agent().await;
        let wire = pass.browser();
        let proof = agent.sign(&wire, pass.card("aoi")).await;
        assert_eq!(agent.post(&wire, &proof).await, "verified");
        let page = browser.open(&agent.home()).await;
        let done = browser.at();
        assert!(page.body.contains("鈴木　あおい") && page.body.contains("まだ何も登録していません"), "{}", page.body);
        assert!(!pass.acts(aoi.person).await.contains(&Act::ProofingSucceed), "nothing before her word");
        browser.press(&page, &[("decision", decision)]).await;
        assert!(browser.at().ends_with("/proof"), "{}", browser.at());
        assert!(nothing_is_kept(&pass, &aoi, &agent.ticket).await);
        // Another tab still shows the question: the answer comes too late.
        browser.submit_at(&done, &page, &[("decision", "keep")]).await;
        assert!(nothing_is_kept(&pass, &aoi, &agent.ticket).await);
        assert!(!browser.open(&done).await.body.contains("鈴木　あおい"));
    }
    let acts = pass.acts(aoi.person).await;
    assert_eq!(acts.iter().filter(|act| **act == Act::ProofingDrop).count(), 2);
    assert!(!acts.contains(&Act::ProofingSucceed));
    assert!(browser.open("/me/activity").await.body.contains("保管せずに消しました"));
}

#[actix_web::test]
async fn cap_05_what_waits_too_long_is_not_kept() {
    let pass = TestPass::new().await;
    let aoi = pass.declared("aoi").await;
    let browser = pass.browser();
    browser.sign_in_at_home("aoi").await;
    let page = browser.proof(pass.card("aoi")).await;
    pass.wait(Duration::from_secs(16 * 60));
    let late = browser.press(&page, &[("decision", "keep")]).await;
    assert_eq!(late.texts("#pass-card-refused-code"), ["ticket_expired"]);
    assert!(!pass.acts(aoi.person).await.contains(&Act::ProofingSucceed));
}
