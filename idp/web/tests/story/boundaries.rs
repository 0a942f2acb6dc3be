//! Other browsers, other forms, other cards.

use crate::test_pass::{Agent, Asking, Reply, TestPass, Wish};
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
async fn pictures_of_a_stranger_are_not_read() {
    let pass = TestPass::new().await;
    let (hers, thief) = (pass.browser(), pass.browser());
    hers.open(&Asking::library().path()).await;
    let stolen = hers.at().replace("/login", "/face");
    thief.open("/me").await;
    // A body that nobody could read: the answer is about the interaction, so the body was not looked at.
    let line = ("content-type", "multipart/form-data; boundary=line");
    let request = || TestRequest::post().uri(&stolen).insert_header(line).set_payload("no part at all");
    assert_eq!(thief.send(request()).await.status.as_u16(), 400);
    // Nor after too many: an address sends thirty a minute.
    let statuses: Vec<u16> = {
        let mut all = Vec::new();
        for _ in 0..31 {
            all.push(hers.send(request()).await.status.as_u16());
        }
        all
    };
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
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
    assert_eq!(thief.open(&his.home()).await.texts("#pass-card-refused-code"), ["other_browser"]);
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
    assert_eq!(thief.open(&his.home()).await.texts("#pass-card-refused-code"), ["other_browser"]);
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

#[actix_web::test]
async fn strangers_of_one_network_fill_no_table() {
    let pass = TestPass::with(Wish { interactions_per_network: Some(3), ..Wish::default() }).await;
    pass.declared("aoi").await;
    let from = |path: &str, peer: &str| TestRequest::get().uri(path).peer_addr(format!("{peer}:1").parse().unwrap());
    let path = Asking::library().path();
    let known = pass.browser();
    known.sign_in_at_home("aoi").await;
    let commits = pass.commits();
    for (number, (path, peer, expected)) in [
        (path.as_str(), "203.0.113.1", 303),
        ("/me", "203.0.113.2", 303),
        ("/me/card", "203.0.113.3", 303),
        (path.as_str(), "203.0.113.4", 429),
        ("/me", "203.0.113.1", 429),
        (path.as_str(), "203.0.114.1", 303),
    ]
    .into_iter()
    .enumerate()
    {
        let reply = pass.browser().send(from(path, peer)).await;
        assert_eq!(reply.status.as_u16(), expected, "{number}");
        assert!(expected != 429 || reply.body.contains("少し時間をおいてください"), "{}", reply.body);
    }
    assert_eq!(pass.commits() - commits, 4, "a refusal writes nothing");
    // Who is signed in is known, and neither held up nor counted.
    assert_eq!(known.send(from(&path, "203.0.113.9")).await.status.as_u16(), 303);
    pass.wait(Duration::from_secs(600));
    assert_eq!(pass.browser().send(from(&path, "203.0.113.1")).await.status.as_u16(), 303);
}

#[actix_web::test]
async fn line_breaks_in_a_posted_request_break_no_answer() {
    let pass = TestPass::new().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let post = |body: &str| TestRequest::post().uri("/authorize").insert_header(form).set_payload(body.to_string());
    let good = Asking::library().path().replace("/authorize?", "");
    let mode = format!("{good}&response_mode=form_post");
    for (what, body, end) in [
        ("state", good.replace("a-state", "a\r\nSet-Cookie: x=1"), 303),
        ("encoded state", good.replace("a-state", "a%0D%0Ab"), 303),
        ("state in a form", mode.replace("a-state", "a\r\nb"), 200),
        ("nonce", good.replace("a-nonce", "a\u{0}b"), 303),
        ("unknown parameter", format!("{good}&x\r\ny=1"), 200),
        ("client_id", good.replace("client_id=library", "client_id=lib\r\nrary"), 400),
        ("redirect_uri", good.replace("callback", "callback%0D%0Ax"), 400),
        ("ui_locales", format!("{good}&ui_locales=ja\r\nen"), 200),
        ("not UTF-8", format!("{good}&x=%ff"), 400),
    ] {
        let browser = pass.browser();
        let first = browser.send(post(&body)).await;
        let last = browser.follow(first).await;
        assert_eq!(last.status.as_u16(), end, "{what}: {} {}", last.location, last.body);
        assert!(!last.location.contains(char::is_control), "{what}");
        if end == 303 {
            assert_eq!(last.parameter("error").as_deref(), Some("invalid_request"), "{what}: {}", last.location);
        }
        // With a cookie the body is read where it came.
        let again = browser.send(post(&body)).await;
        assert!(matches!(again.status.as_u16(), 200 | 303 | 400), "{what}: {}", again.status);
    }
}

#[actix_web::test]
async fn cap_52_a_serial_that_was_kept_under_raw_is_given_under_no_other_setting() {
    use pass_web::people::{PROVEN, load, sealed};
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let resident = load(&pass.app, hanako.account, None).await.unwrap();
    let mut record = resident.proven().unwrap().0.clone();
    record.certificate_serial = Some("0a1b2c".into());
    let (person, now) = (hanako.person, pass.app.now());
    let kept = sealed(&pass.app, &resident.key, person, PROVEN, &record);
    pass.app.store.write(move |tx| pass_store::sealed_records::put(tx, person, &kept, now)).await.unwrap();
    let again = load(&pass.app, hanako.account, None).await.unwrap();
    assert_eq!(again.proven().unwrap().0.certificate_serial, None, "the setting here is pairwise");
}
