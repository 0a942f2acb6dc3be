//! A guardian adds a child by its card and four digits; nobody else is added that way.

use crate::test_pass::{Agent, Browser, Somebody, TestPass};
use jpki::agent::Typed;
use pass_core::domain::audit::Act;
use pass_core::domain::proofing::ProofingMethod;
use pass_core::domain::relation::RelationKind;
use pass_core::id::PersonId;
use serde_json::json;
use std::time::Duration;

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Leaves for the agent with a child's card in hand.
async fn leave(browser: &Browser) -> Agent {
    let page = browser.open("/me/family").await;
    assert!(page.has("#pass-family-add"), "{}", page.body);
    Agent::of(&browser.submit(&page, &[("do", "add")]).await)
}

/// Reads a card at the agent and hands it over.
async fn read(pass: &TestPass, agent: &Agent, card: &str) -> String {
    let wire = pass.browser();
    let statement = agent.statement(&wire).await;
    let card = pass.card(card);
    let typed = Typed { text: Some(jpki::Pin::text(&card.text_pin).unwrap()), ..Typed::default() };
    let signed = jpki::agent::sign(&mut card.insert(), &statement, &typed).unwrap();
    agent.post_json(&wire, json!({ "ticket": agent.ticket, "text": signed.text })).await
}

/// The whole way; the page that comes after the guardian's word.
pub(crate) async fn add(pass: &TestPass, browser: &Browser, card: &str) -> crate::test_pass::Reply {
    let agent = leave(browser).await;
    assert_eq!(read(pass, &agent, card).await, "verified");
    let confirm = browser.open(&agent.home()).await;
    assert!(confirm.has("#pass-family-keep"), "{}", confirm.body);
    let fields = [("decision", "keep"), ("kind", "parent"), ("declare", "yes"), ("ticket", agent.ticket.as_str())];
    let kept = browser.submit_at("/me/family/keep", &confirm, &fields).await;
    let list = browser.follow(kept).await;
    // Going back finds the list, and no page that says that nothing is stored.
    let back = browser.get(&agent.home()).await;
    assert!(list.has("#pass-card-refused-code") || back.location.ends_with("/me/family"), "{}", back.body);
    list
}

/// Presses the button that ends acting for the only child.
async fn remove(browser: &Browser) {
    let page = browser.open("/me/family").await;
    let id = page.body.split_once("value=\"remove\"").unwrap().1.split_once("name=\"id\" value=\"").unwrap().1;
    let id = id.split_once('"').unwrap().0.to_string();
    browser.submit(&page, &[("do", "remove"), ("id", &id)]).await;
}

pub(crate) async fn guardian(pass: &TestPass, login: &str) -> (Somebody, Browser) {
    let somebody = pass.proofed(login).await;
    let browser = pass.browser();
    browser.sign_in_at_home(login).await;
    (somebody, browser)
}

async fn children(pass: &TestPass, guardian: &Somebody) -> Vec<(PersonId, RelationKind)> {
    let account = guardian.account;
    let found = pass.app.store.read(move |tx| pass_store::relations::find_all_of(tx, account)).await.unwrap();
    found.into_iter().map(|one| (one.person, one.kind)).collect()
}

#[actix_web::test]
async fn cap_06_a_childs_card_is_read_with_four_digits() {
    let pass = TestPass::new().await;
    let (hanako, browser) = guardian(&pass, "hanako").await;
    let list = add(&pass, &browser, "child").await;
    assert!(list.has("#pass-family-added"), "{}", list.body);
    let [(child, kind)] = children(&pass, &hanako).await[..] else { panic!("one child") };
    assert_eq!(kind, RelationKind::Parent);
    assert_eq!(pass.acts(child).await, [Act::FamilyAdd]);
    assert_eq!(pass.acts(hanako.person).await.last(), Some(&Act::FamilyAdd), "her own history tells of it");
    assert!(browser.open("/me/activity").await.body.contains("お子さんを家族に加えました"));
    let proofing =
        pass.app.store.read(move |tx| pass_store::proofings::find_current(tx, child)).await.unwrap().unwrap();
    assert_eq!(proofing.method, ProofingMethod::TextApplication);
    let result = |what: &str| proofing.checks.iter().find(|check| check.what == what).map(|check| check.result.clone());
    assert_eq!(result("guardian").as_deref(), Some("ok"));
    assert!(result("revocation").unwrap().starts_with("not_checked"));
    assert!(result("integrity").unwrap().contains("agent"), "what the issuer cannot see for itself is said");
}

#[actix_web::test]
async fn cap_08_only_children_are_added_by_four_digits() {
    let pass = TestPass::new().await;
    let (hanako, browser) = guardian(&pass, "hanako").await;
    for (card, code) in [("ken", "needs_signature"), ("elder", "needs_signature"), ("hanako", "needs_signature")] {
        let agent = leave(&browser).await;
        assert_eq!(read(&pass, &agent, card).await, code, "{card}");
        let refused = browser.open(&agent.home()).await;
        assert_eq!(refused.texts("#pass-card-refused-code"), [code], "{card}");
    }
    assert!(children(&pass, &hanako).await.is_empty());
    // Whoever was not proofed by a signature vouches for nobody.
    pass.declared("ken").await;
    let ken = pass.browser();
    ken.sign_in_at_home("ken").await;
    let page = ken.open("/me/family").await;
    assert!(!page.has("#pass-family-add"));
    let csrf = browser.token_of("/me/family").await;
    let csrf = [("csrf", csrf.as_str()), ("do", "add")];
    assert!(browser.post("/me/family", &csrf).await.location.contains("/sign?"), "hers leads to the agent");
    let csrf = ken.token_of("/me/close").await;
    let nothing = ken.post("/me/family", &[("csrf", &csrf), ("do", "add")]).await;
    assert!(!nothing.location.contains("/sign?"), "{}", nothing.location);
}

#[actix_web::test]
async fn cap_13_a_child_is_one_person_however_often_its_card_is_read() {
    let pass = TestPass::new().await;
    let (hanako, browser) = guardian(&pass, "hanako").await;
    add(&pass, &browser, "child").await;
    // The other parent brings the card as well: the same child, known under the same numbers, and the first one is told.
    let (ken, other) = guardian(&pass, "ken").await;
    let list = add(&pass, &other, "child").await;
    assert!(list.has("#pass-family-added"), "{}", list.body);
    let child = children(&pass, &hanako).await[0].0;
    assert_eq!(children(&pass, &ken).await, [(child, RelationKind::Parent)]);
    assert_eq!(pass.acts(child).await, [Act::FamilyAdd, Act::FamilyAdd]);
    assert_eq!(pass.acts(hanako.person).await.last(), Some(&Act::FamilyJoin));
    assert!(browser.open("/me/activity").await.body.contains("代理の方が、もう1人加わりました"));
    let told = pass.mails("hanako@example.jp").await;
    assert!(told[0].subject.contains("お子さんの代理の方が加わりました"));
    assert!(!told[0].body.contains("山田"), "no name in a letter");
    assert!(pass.mails("ken@example.jp").await.is_empty());

    // Removed and added again while somebody else acts: still the same person.
    remove(&browser).await;
    assert!(children(&pass, &hanako).await.is_empty() && known(&pass, child).await);
    add(&pass, &browser, "child").await;
    assert_eq!(children(&pass, &hanako).await, [(child, RelationKind::Parent)]);
    assert_eq!(pass.mails("ken@example.jp").await.len(), 1);
    remove(&other).await;
    assert!(known(&pass, child).await);
    remove(&browser).await;
    assert!(!known(&pass, child).await, "nobody is left");
}

/// Reads a card of the family again; the page that says whose it is.
async fn again(pass: &TestPass, browser: &Browser, card: &str) -> (Agent, crate::test_pass::Reply) {
    let agent = leave(browser).await;
    assert_eq!(read(pass, &agent, card).await, "verified");
    let confirm = browser.open(&agent.home()).await;
    assert!(confirm.has("#pass-family-keep"), "{}", confirm.body);
    (agent, confirm)
}

async fn address(pass: &TestPass, person: PersonId) -> String {
    let sealed = pass.app.store.read(move |tx| pass_web::people::sealed_records(tx, person)).await.unwrap();
    let records = pass_web::people::open_records(&pass.app, person, sealed).unwrap();
    records.proven().unwrap().0.address.clone()
}

#[actix_web::test]
async fn cap_13_a_childs_card_is_read_again_and_its_next_card_is_the_same_childs() {
    let pass = TestPass::new().await;
    let (hanako, browser) = guardian(&pass, "hanako").await;
    add(&pass, &browser, "child").await;
    let [(child, _)] = children(&pass, &hanako).await[..] else { panic!("one child") };
    let before = address(&pass, child).await;
    let standing = async || {
        let found = pass.app.store.read(move |tx| pass_store::proofings::find_current(tx, child)).await.unwrap();
        found.unwrap()
    };

    // After a year it counts no more, and the list says so; the same chip is known, and nothing is asked but whether.
    pass.wait(YEAR + Duration::from_secs(2));
    browser.sign_in_at_home("hanako").await;
    assert!(standing().await.lapsed(pass.app.now()));
    assert!(browser.open("/me/family").await.body.contains("カードを読んでから1年がたちました"));
    let (agent, confirm) = again(&pass, &browser, "child").await;
    assert!(confirm.body.contains("山田　みおさんの、いまの内容に代わります") && !confirm.has("#pass-family-declare"));
    let handle = confirm.attribute("[name=child]", "value").unwrap();
    let fields = [("decision", "keep"), ("child", handle.as_str()), ("ticket", agent.ticket.as_str())];
    let kept = browser.submit_at("/me/family/keep", &confirm, &fields).await;
    assert!(browser.follow(kept).await.has("#pass-family-reread"));
    assert!(!standing().await.lapsed(pass.app.now()) && children(&pass, &hanako).await.len() == 1);
    assert_eq!(pass.acts(child).await, [Act::FamilyAdd, Act::FamilyReread]);
    assert_eq!(pass.acts(hanako.person).await.last(), Some(&Act::FamilyReread));

    // The next card has another chip. Without an answer whose it is nothing is kept; somebody else's handle is no answer.
    let (agent, confirm) = again(&pass, &browser, "child-renewed").await;
    assert!(confirm.has("#pass-family-which") && confirm.body.contains("山田　みおさんの新しいカード"));
    for fields in [&[][..], &[("child", "other")], &[("child", "other"), ("kind", "parent")], &[("child", "x")]] {
        let fields = [&[("decision", "keep"), ("ticket", agent.ticket.as_str())], fields].concat();
        let asked = browser.submit_at("/me/family/keep", &confirm, &fields).await;
        assert_eq!(asked.status, 422);
        assert!(asked.has("#pass-family-which"));
    }
    let handle = confirm.attribute("[name=child]", "value").unwrap();
    let fields = [("decision", "keep"), ("child", handle.as_str()), ("ticket", agent.ticket.as_str())];
    let kept = browser.submit_at("/me/family/keep", &confirm, &fields).await;
    assert!(browser.follow(kept).await.has("#pass-family-reread"));
    assert_eq!(children(&pass, &hanako).await, [(child, RelationKind::Parent)], "still one child, under one number");
    assert_ne!(address(&pass, child).await, before, "what the new card says counts");
    // From now on both chips are this child's.
    for card in ["child", "child-renewed"] {
        assert!(!again(&pass, &browser, card).await.1.has("#pass-family-which"), "{card}");
    }
}

#[actix_web::test]
async fn cap_13_a_twin_is_another_child() {
    let pass = TestPass::new().await;
    let (hanako, browser) = guardian(&pass, "hanako").await;
    add(&pass, &browser, "child").await;
    let (agent, confirm) = again(&pass, &browser, "child-renewed").await;
    let fields = [
        ("decision", "keep"),
        ("child", "other"),
        ("kind", "guardian"),
        ("declare", "yes"),
        ("ticket", agent.ticket.as_str()),
    ];
    let kept = browser.submit_at("/me/family/keep", &confirm, &fields).await;
    assert!(browser.follow(kept).await.has("#pass-family-added"));
    let found = children(&pass, &hanako).await;
    assert_eq!(found.iter().map(|one| one.1).collect::<Vec<_>>(), [RelationKind::Parent, RelationKind::Guardian]);
    assert_ne!(found[0].0, found[1].0);
    // The chip of one is not kept as the other's.
    let (agent, confirm) = again(&pass, &browser, "child-renewed").await;
    let list = browser.open("/me/family").await;
    let first = list.body.split_once("name=\"id\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let fields = [("decision", "keep"), ("child", first.as_str()), ("ticket", agent.ticket.as_str())];
    let refused = browser.submit_at("/me/family/keep", &confirm, &fields).await;
    assert_eq!(refused.texts("#pass-card-refused-code"), ["other_person"]);
}

#[actix_web::test]
async fn cap_13_a_reading_counts_in_the_browser_that_left_and_once() {
    let pass = TestPass::new().await;
    let (hanako, browser) = guardian(&pass, "hanako").await;
    let (_, thief) = guardian(&pass, "ken").await;
    let agent = leave(&browser).await;
    assert_eq!(read(&pass, &agent, "child").await, "verified");
    let told = thief.open(&agent.home()).await;
    assert_eq!(told.texts("#pass-card-refused-code"), ["other_browser"]);
    let late = browser.open(&agent.home()).await;
    assert_eq!(
        late.texts("#pass-card-refused-code"),
        ["other_browser"],
        "the ticket is over for good, and why is said"
    );

    // Without the secret it is nothing; with it, the word is asked for, and without the word nothing is kept.
    let agent = leave(&browser).await;
    assert_eq!(read(&pass, &agent, "child").await, "verified");
    let stolen = browser.open(&agent.home_without_secret()).await;
    assert_eq!(stolen.texts("#pass-card-refused-code"), ["other_browser"]);
    let agent = leave(&browser).await;
    assert_eq!(read(&pass, &agent, "child").await, "verified");
    let confirm = browser.open(&agent.home()).await;
    for fields in [&[("kind", "parent")][..], &[("kind", "owner"), ("declare", "yes")], &[("declare", "yes")]] {
        let fields = [&[("decision", "keep"), ("ticket", agent.ticket.as_str())], fields].concat();
        let asked = browser.submit_at("/me/family/keep", &confirm, &fields).await;
        assert_eq!(asked.status, 422);
        assert!(asked.has("#pass-family-keep"));
    }
    let fields = [("decision", "drop"), ("ticket", agent.ticket.as_str())];
    browser.submit_at("/me/family/keep", &confirm, &fields).await;
    let fields = [("decision", "keep"), ("kind", "parent"), ("declare", "yes"), ("ticket", agent.ticket.as_str())];
    let gone = browser.submit_at("/me/family/keep", &confirm, &fields).await;
    assert_eq!(gone.texts("#pass-card-refused-code"), ["ticket_expired"]);
    assert!(children(&pass, &hanako).await.is_empty());
    assert!(pass.acts(hanako.person).await.contains(&Act::ProofingDrop));
}

/// Whether the person's sealed values can still be opened.
async fn known(pass: &TestPass, person: PersonId) -> bool {
    let key = pass.app.store.read(move |tx| pass_store::person_keys::find(tx, person)).await.unwrap();
    key.is_some()
}

#[actix_web::test]
async fn cap_14_acting_for_a_child_ends_by_hand_at_majority_and_with_the_account() {
    let pass = TestPass::new().await;
    let (hanako, browser) = guardian(&pass, "hanako").await;
    add(&pass, &browser, "child").await;
    let (child, _) = children(&pass, &hanako).await[0];
    assert!(known(&pass, child).await);
    remove(&browser).await;
    assert!(children(&pass, &hanako).await.is_empty());
    assert!(!known(&pass, child).await, "nobody acts for the child: it is erased");

    // Added anew, and the guardian gives PASS up.
    add(&pass, &browser, "child").await;
    let (child, _) = children(&pass, &hanako).await[0];
    let account = hanako.account;
    let relation = pass.app.store.read(move |tx| pass_store::relations::find_all_of(tx, account)).await.unwrap();
    assert!(relation[0].holds(pass.app.now()));
    assert!(!relation[0].holds(pass.app.now() + YEAR * 19), "of age");
    let page = browser.open("/me/close").await;
    let page = if page.has("[name=confirm]") {
        page
    } else {
        browser.sign_in_at_home("hanako").await;
        browser.open("/me/close").await
    };
    browser.submit(&page, &[("confirm", "やめる")]).await;
    let gone = known(&pass, child).await;
    assert!(!gone, "{}", page.body);
}
