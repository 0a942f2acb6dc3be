//! Signing in with the card, and coming back with nothing but the card.

use crate::test_pass::{AGENT, Agent, Asking, Browser, Reply, TestPass};
use pass_core::domain::audit::Act;
use pass_core::domain::session::Method;
use serde_json::json;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// Leaves for the agent from the sign-in page that the browser stands at.
async fn leave(browser: &Browser, with: &str) -> Agent {
    let card = browser.at().replace("/login", "/card").replace("/step-up", "/card");
    let page = browser.open(&card).await;
    assert!(page.has("#pass-card-signature-go"), "{}", page.body);
    Agent::of(&browser.submit(&page, &[("do", with)]).await)
}

/// Signs in with a card at `/me`; the page that comes.
async fn come_in(pass: &TestPass, browser: &Browser, card: &str, with: &str) -> Reply {
    browser.open("/me").await;
    let agent = leave(browser, with).await;
    let wire = pass.browser();
    let statement = agent.statement(&wire).await;
    let outcome = match with {
        "pin" => agent.sign_and_post(&wire, pass.card(card)).await,
        _ => {
            let typed = jpki::agent::Typed {
                password: Some(jpki::Pin::signature(&pass.card(card).signature_password).unwrap()),
                pin: None,
                text: None,
            };
            let signed = jpki::agent::sign(&mut pass.card(card).insert(), &statement, &typed).unwrap();
            agent.post(&wire, &signed.proof.unwrap()).await
        }
    };
    assert!(
        ["verified", "card_unknown", "card_unknown_signature", "revoked", "expired"].contains(&outcome.as_str()),
        "{outcome}"
    );
    browser.open(&agent.home()).await
}

/// Proofed with both secrets typed, so that the card signs in from then on.
async fn proofed_and_bound(pass: &TestPass, login: &str) -> crate::test_pass::Somebody {
    let somebody = pass.declared(login).await;
    let browser = pass.browser();
    browser.sign_in_at_home(login).await;
    let agent = browser.leave_for_agent().await;
    assert_eq!(agent.sign_and_post(&pass.browser(), pass.card(login)).await, "verified");
    let confirm = browser.open(&agent.home()).await;
    browser.press(&confirm, &[("decision", "keep")]).await;
    let told = pass.mails(&format!("{login}@example.jp")).await;
    assert!(told[0].subject.contains("マイナンバーカードでログインできるようになりました"), "{}", told[0].subject);
    somebody
}

/// What the newest event of a person says.
async fn last_detail(pass: &TestPass, person: pass_core::id::PersonId) -> String {
    pass.events(person).await.last().unwrap().detail.clone()
}

#[actix_web::test]
async fn cap_62_four_digits_and_the_card_sign_in() {
    let pass = TestPass::new().await;
    let hanako = proofed_and_bound(&pass, "hanako").await;
    assert!(pass.acts(hanako.person).await.contains(&Act::CardBind));
    let browser = pass.browser();
    let home = come_in(&pass, &browser, "hanako", "pin").await;
    assert!(home.body.contains("山田　花子"), "{} {}", browser.at(), home.body);
    assert!(home.texts("#pass-ways")[0].contains("マイナンバーカード"), "the tile names the card");
    assert!(!home.has("#pass-recovered"));
    let ways = browser.open("/me/passkeys").await;
    assert!(ways.has("#pass-card-remove") && !ways.has("#pass-card-none"));
    // What was checked of the login certificate stands with the event.
    let detail = last_detail(&pass, hanako.person).await;
    assert_eq!(
        detail,
        format!("{}, revocation not_checked", Method::CardPin.as_str()),
        "the tests have no list of logins"
    );

    // A facility reads what the sign-in was worth, and nothing of the card.
    let library = Asking::library();
    browser.open(&library.path()).await;
    let page = browser.open(&browser.at()).await;
    let answer = browser.press(&page, &[("decision", "allow")]).await;
    let tokens = library.tokens(&pass, &answer).await;
    assert_eq!(tokens.claim("acr").as_deref(), Some("aal2"));
    let told = tokens.userinfo(&pass).await.1;
    let mut told: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    told.sort_unstable();
    let residence = ["is_resident", "residence_city", "residence_city_code", "residence_prefecture"];
    let expected = [&["age_over_18"][..], &residence, &["residence_verified_on", "sub"]].concat();
    assert_eq!(told, expected, "nothing of the card");

    // Removed, it signs nobody in.
    let ways = browser.open("/me/passkeys").await;
    let gone = browser.submit(&ways, &[("do", "remove-card"), ("id", &card_handle(&ways))]).await;
    assert!(gone.has("#pass-card-none"), "{}", gone.body);
    assert!(pass.mails("hanako@example.jp").await[0].subject.contains("ログイン方法から外れました"));
    let refused = come_in(&pass, &pass.browser(), "hanako", "pin").await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["card_unknown"]);
}

fn card_handle(page: &Reply) -> String {
    let (_, rest) = page.body.split_once("value=\"remove-card\"").unwrap();
    let (_, rest) = rest.split_once("name=\"id\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_string()
}

#[actix_web::test]
async fn cap_62_a_lost_phone_is_no_lost_account() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    pass.forget_test_credential(&hanako).await;
    // The four digits were never bound, the signature password is enough.
    let browser = pass.browser();
    let refused = come_in(&pass, &browser, "hanako", "pin").await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["card_unknown"]);
    let ways = come_in(&pass, &browser, "hanako", "signature").await;
    assert_eq!(browser.at(), "/me/passkeys", "{}", ways.body);
    assert!(ways.has("#pass-recovered") && browser.open("/me").await.has("#pass-recovered"), "greeted");
    assert!(pass.mails("hanako@example.jp").await[0].subject.contains("署名用パスワードでログイン"));
    let detail = last_detail(&pass, hanako.person).await;
    assert!(detail.starts_with(&format!("{}, revocation crl of ", Method::CardSignature.as_str())), "{detail}");
    assert_eq!(pass.acts(hanako.person).await.iter().filter(|act| **act == Act::ProofingSucceed).count(), 1);

    // With the four digits beside the password the card is bound on the way.
    let browser = pass.browser();
    browser.open("/me").await;
    let agent = leave(&browser, "signature").await;
    assert_eq!(agent.sign_and_post(&pass.browser(), pass.card("hanako")).await, "verified");
    browser.open(&agent.home()).await;
    assert_eq!(pass.mails("hanako@example.jp").await.len(), 3, "recovered, bound, recovered");
    let home = come_in(&pass, &pass.browser(), "hanako", "pin").await;
    assert!(home.body.contains("山田　花子"));
}

#[actix_web::test]
async fn cap_62_only_a_card_that_counts_now_brings_somebody_back() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "hanako").await;
    for (card, with, code) in [
        ("ken", "pin", "card_unknown"),
        ("ken", "signature", "card_unknown_signature"),
        ("revoked", "signature", "revoked"),
        ("expired", "signature", "expired"),
    ] {
        let refused = come_in(&pass, &pass.browser(), card, with).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.texts("#pass-card-refused-code"), [code], "{card} {with}");
        assert_eq!(refused.has("#pass-card-signature-go"), code == "card_unknown", "{card} {with}");
    }
}

#[actix_web::test]
async fn cap_62_a_refusal_stays_true_and_leads_straight_to_the_signature() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let refused = come_in(&pass, &browser, "hanako", "pin").await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["card_unknown"]);
    // Read in another language, or opened once more: the same reason, not that time has run out.
    let here = browser.at();
    for again in [here.clone(), format!("{here}&lang=en"), here] {
        let page = browser.open(&again).await;
        assert_eq!(
            (page.status.as_u16(), page.texts("#pass-card-refused-code")),
            (422, vec!["card_unknown".to_string()])
        );
    }
    let agent = Agent::of(&browser.submit(&refused, &[("do", "signature")]).await);
    assert_eq!(agent.sign_and_post(&pass.browser(), pass.card("hanako")).await, "verified");
    browser.open(&agent.home()).await;
    assert_eq!(browser.at(), "/me/passkeys");
    pass.mails("hanako@example.jp").await;
}

#[actix_web::test]
async fn cap_62_a_login_key_of_another_account_brings_nobody_back() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "ken").await;
    let hanako = proofed_and_bound(&pass, "hanako").await;
    let browser = pass.browser();
    browser.open("/me").await;
    let agent = leave(&browser, "signature").await;
    let wire = pass.browser();
    let statement = agent.statement(&wire).await;
    let sign = |name: &str| {
        let card = pass.card(name);
        let typed = jpki::agent::Typed {
            password: Some(jpki::Pin::signature(&card.signature_password).unwrap()),
            pin: Some(jpki::Pin::auth(&card.pin).unwrap()),
            text: None,
        };
        jpki::agent::sign(&mut card.insert(), &statement, &typed).unwrap()
    };
    // An agent that is not honest mixes her signature with his login key: these are two cards.
    let posted = json!({ "ticket": agent.ticket, "proof": sign("hanako").proof, "login": sign("ken").login });
    assert_eq!(agent.post_json(&wire, posted).await, "verified");
    let refused = browser.open(&agent.home()).await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["already_other_account"]);
    assert!(browser.open("/me").await.has("#pass-login-title"), "nobody was let in");
    assert!(!pass.acts(hanako.person).await.ends_with(&[Act::SignIn]));
}

#[actix_web::test]
async fn cap_62_the_key_of_a_renewed_card_is_nobodys_until_its_signature_says_whose() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "hanako").await;
    for (with, code) in [("pin", "card_unknown"), ("signature", "card_unknown_signature")] {
        let refused = come_in(&pass, &pass.browser(), "renewed", with).await;
        assert_eq!(refused.texts("#pass-card-refused-code"), [code], "{with}");
    }
    // Signed in otherwise, proofed anew with both keys: the new one signs in, and the old one no more.
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let agent = browser.leave_for_agent().await;
    assert_eq!(agent.sign_and_post(&pass.browser(), pass.card("renewed")).await, "verified");
    let confirm = browser.open(&agent.home()).await;
    browser.press(&confirm, &[("decision", "keep")]).await;
    assert!(come_in(&pass, &pass.browser(), "renewed", "pin").await.body.contains("山田　花子"));
    let old = come_in(&pass, &pass.browser(), "hanako", "pin").await;
    assert_eq!(old.texts("#pass-card-refused-code"), ["card_unknown"]);
    pass.mails("hanako@example.jp").await;
}

#[actix_web::test]
async fn cap_05_without_a_passkey_the_way_to_the_card_says_why_one_comes_first() {
    let pass = TestPass::new().await;
    let hanako = pass.declared("hanako").await;
    pass.forget_test_credential(&hanako).await;
    let browser = pass.browser();
    browser.mail_sign_in(&pass, "/me", "hanako@example.jp").await;
    let wall = browser.open("/me/card").await;
    assert!(browser.at().ends_with("/passkey"), "{}", browser.at());
    assert!(wall.has("#pass-passkey-for-card") && wall.has("#passkey-later"), "{}", wall.body);
}

#[actix_web::test]
async fn cap_62_a_ticket_signs_in_once_and_only_where_it_left() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "hanako").await;
    let (attacker, victim, wire) = (pass.browser(), pass.browser(), pass.browser());
    attacker.open("/me").await;
    let agent = leave(&attacker, "pin").await;
    // Her card signs what somebody else began: the way back leads her browser to a page, and theirs nowhere.
    assert_eq!(agent.sign_and_post(&wire, pass.card("hanako")).await, "verified");
    let told = victim.open(&agent.home()).await;
    assert_eq!(told.texts("#pass-card-refused-code"), ["other_browser"]);
    let nothing = attacker.open(&agent.home()).await;
    assert_eq!(nothing.texts("#pass-card-refused-code"), ["other_browser"], "over for good, and why");
    assert!(attacker.open("/me").await.has("#pass-login-title"));

    // Without the secret that the agent was told, the ticket alone is worth nothing.
    let agent = leave(&attacker, "pin").await;
    assert_eq!(agent.sign_and_post(&wire, pass.card("hanako")).await, "verified");
    let nothing = attacker.open(&agent.home_without_secret()).await;
    assert_eq!(nothing.texts("#pass-card-refused-code"), ["other_browser"]);
    assert!(attacker.open("/me").await.has("#pass-login-title"));

    // A result is posted once, a way back is walked once.
    let browser = pass.browser();
    browser.open("/me").await;
    let agent = leave(&browser, "pin").await;
    assert_eq!(agent.sign_and_post(&wire, pass.card("hanako")).await, "verified");
    let ticket = json!({ "ticket": agent.ticket });
    assert_eq!(agent.post_json(&wire, ticket).await, "ticket_used");
    let home = agent.home();
    browser.open(&home).await;
    assert_eq!(browser.at(), "/me");
    let again = browser.get(&home).await;
    assert_eq!(again.status, 400, "the interaction is over");

    // Too late.
    let browser = pass.browser();
    browser.open("/me").await;
    let agent = leave(&browser, "pin").await;
    assert_eq!(agent.sign_and_post(&wire, pass.card("hanako")).await, "verified");
    pass.wait(MINUTE * 16);
    let late = browser.open(&agent.home()).await;
    assert_eq!(late.texts("#pass-card-refused-code"), ["ticket_expired"]);
}

#[actix_web::test]
async fn cap_62_a_ticket_takes_the_proof_of_its_kind_alone() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "hanako").await;
    let wire = pass.browser();
    let signed = |statement: &jpki::AnyStatement| {
        let card = pass.card("hanako");
        let typed = jpki::agent::Typed {
            password: Some(jpki::Pin::signature(&card.signature_password).unwrap()),
            pin: Some(jpki::Pin::auth(&card.pin).unwrap()),
            text: None,
        };
        jpki::agent::sign(&mut card.insert(), statement, &typed).unwrap()
    };
    let browser = pass.browser();
    browser.open("/me").await;
    // A signature for a login, and a login for a recovery.
    let login = leave(&browser, "pin").await;
    let recovery = leave(&browser, "signature").await;
    let of_recovery = signed(&recovery.statement(&wire).await);
    let of_login = signed(&login.statement(&wire).await);
    let posted = json!({ "ticket": login.ticket, "proof": of_recovery.proof });
    assert_eq!(login.post_json(&wire, posted).await, "foreign_statement");
    let posted = json!({ "ticket": recovery.ticket, "login": of_login.login });
    assert_eq!(recovery.post_json(&wire, posted).await, "foreign_statement");
    let again = leave(&browser, "pin").await;
    let posted = json!({ "ticket": again.ticket, "login": of_recovery.login });
    assert_eq!(again.post_json(&wire, posted).await, "replayed_nonce");
    let nothing = leave(&browser, "pin").await;
    assert_eq!(nothing.post_json(&wire, json!({ "ticket": nothing.ticket })).await, "foreign_statement");
}

#[actix_web::test]
async fn cap_62_one_login_key_signs_in_to_one_account() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "hanako").await;
    let ken = pass.declared("ken").await;
    let browser = pass.browser();
    browser.sign_in_at_home("ken").await;
    let agent = browser.leave_for_agent().await;
    let wire = pass.browser();
    let statement = agent.statement(&wire).await;
    let sign = |name: &str| {
        let card = pass.card(name);
        let typed = jpki::agent::Typed {
            password: Some(jpki::Pin::signature(&card.signature_password).unwrap()),
            pin: Some(jpki::Pin::auth(&card.pin).unwrap()),
            text: None,
        };
        jpki::agent::sign(&mut card.insert(), &statement, &typed).unwrap()
    };
    // An agent that is not honest mixes his signature with her login key.
    let posted = json!({ "ticket": agent.ticket, "proof": sign("ken").proof, "login": sign("hanako").login });
    assert_eq!(agent.post_json(&wire, posted).await, "verified");
    let confirm = browser.open(&agent.home()).await;
    let refused = browser.press(&confirm, &[("decision", "keep")]).await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["already_other_account"]);
    let again = browser.open(&browser.at()).await;
    assert_eq!(again.texts("#pass-card-refused-code"), ["already_other_account"], "the reason stays");
    assert!(!pass.acts(ken.person).await.contains(&Act::ProofingSucceed));
}

#[actix_web::test]
async fn cap_62_a_facility_that_asks_for_aal3_gets_a_signature() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "hanako").await;
    let library = Asking::library().with("acr_values", "aal3");
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let page = browser.open(&library.path()).await;
    assert!(browser.at().ends_with("/step-up"), "{} {}", browser.at(), page.body);
    let card = browser.open(&browser.at().replace("/step-up", "/card")).await;
    assert!(card.has("#pass-card-signature-go") && !card.has("#pass-card-pin-go"));
    let left = browser.submit(&card, &[("do", "signature")]).await;
    assert!(left.location.starts_with(AGENT));
    let agent = Agent::of(&left);
    assert_eq!(agent.sign_and_post(&pass.browser(), pass.card("hanako")).await, "verified");
    let page = browser.open(&agent.home()).await;
    let answer = browser.press(&page, &[("decision", "allow")]).await;
    assert_eq!(library.tokens(&pass, &answer).await.claim("acr").as_deref(), Some("aal3"));
}

#[actix_web::test]
async fn cap_62_a_card_that_was_removed_on_the_way_signs_nobody_in() {
    let pass = TestPass::new().await;
    proofed_and_bound(&pass, "hanako").await;
    let thief = pass.browser();
    thief.open("/me").await;
    let agent = leave(&thief, "pin").await;
    assert_eq!(agent.sign_and_post(&pass.browser(), pass.card("hanako")).await, "verified");
    let owner = pass.browser();
    owner.sign_in_at_home("hanako").await;
    let ways = owner.open("/me/passkeys").await;
    owner.submit(&ways, &[("do", "remove-card"), ("id", &card_handle(&ways))]).await;
    let refused = thief.open(&agent.home()).await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["card_unknown"]);
    assert!(thief.open("/me").await.has("#pass-login-title"));
    assert!(pass.mails("hanako@example.jp").await[0].subject.contains("外れました"));
}
