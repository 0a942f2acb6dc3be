//! A person is looked up for a stated reason, which the person reads; nothing that a card proved is shown.

use crate::support::{Browser, Manager};
use actix_web::http::StatusCode;
use pass_core::authn::mail_code::Address;
use pass_core::domain::account::{Account, Credential, CredentialKind};
use pass_core::domain::audit::Act;
use pass_core::domain::person::Person;
use pass_core::domain::staff::Role;
use pass_core::domain::words::Language;
use pass_core::id::{AccountId, CredentialId, PersonId};

async fn somebody(manager: &Manager) -> PersonId {
    let now = manager.app.now();
    let person = Person { id: PersonId([3; 16]), created_at: now, erased_at: None };
    let account = Account {
        id: AccountId([4; 16]),
        person: person.id,
        user_handle: [5; 16],
        language: Language::Ja,
        created_at: now,
        closed_at: None,
    };
    let mail = Credential {
        id: CredentialId([6; 16]),
        account: account.id,
        kind: CredentialKind::Mail,
        lookup: Address::parse("hanako@example.jp").unwrap().index(&manager.app.keys.index),
        public: vec![1],
        label: String::new(),
        created_at: now,
        last_used_at_lazy: None,
    };
    let id = person.id;
    let rows = move |tx: &mut pass_store::Tx| {
        pass_store::persons::insert(tx, &person)?;
        pass_store::accounts::insert(tx, &account)?;
        pass_store::credentials::insert(tx, &mail)
    };
    manager.app.store.write(rows).await.unwrap();
    id
}

async fn read_of(manager: &Manager, person: PersonId) -> Vec<String> {
    let filter = pass_store::audit::Filter { person: Some(person), ..Default::default() };
    let rows = manager.app.store.read(move |tx| pass_store::audit::page(tx, &filter, 100)).await.unwrap();
    let reads = rows.into_iter().filter(|row| row.event.act == Act::PersonRead);
    reads.map(|row| row.event.detail).collect()
}

#[actix_web::test]
async fn a_person_is_looked_up_only_with_a_reason_that_they_read_too() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let person = somebody(&manager).await;
    let mut browser: Browser<'_, _> = manager.signed_in(&service, "佐々木 恵", Role::CityAdmin).await;
    assert_eq!(browser.get("/manager/people").await, StatusCode::OK);
    let words = "窓口でご本人から問い合わせがあったため";
    for (why, memo) in [("", words), ("asked", "短い"), ("curious", words)] {
        let fields = [("mail", "hanako@example.jp"), ("why", why), ("memo", memo)];
        assert_eq!(browser.post("/manager/people", &fields).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!browser.body.contains("mgr-person"));
    }
    assert!(read_of(&manager, person).await.is_empty());
    let fields = [("mail", "ken@example.jp"), ("why", "asked"), ("memo", words)];
    assert_eq!(browser.post("/manager/people", &fields).await, StatusCode::OK);
    assert!(browser.body.contains("mgr-people-nobody"));
    let fields = [("mail", "Hanako@example.jp"), ("why", "asked"), ("memo", words)];
    assert_eq!(browser.post("/manager/people", &fields).await, StatusCode::OK);
    assert!(browser.body.contains("mgr-person"), "{}", browser.body);
    assert_eq!(read_of(&manager, person).await, [format!("asked: {words}")]);
    assert_eq!(manager.acts().await.iter().filter(|act| **act == Act::PersonRead).count(), 2, "the vain one, too");
    // The reason is the city's and the person's; no facility reads it.
    let all = move |tx: &mut pass_store::Tx| pass_store::audit::page(tx, &Default::default(), 100);
    let rows = manager.app.store.read(all).await.unwrap();
    let mut reads = rows.iter().filter(|row| row.event.act == Act::PersonRead);
    assert!(reads.all(|row| row.event.facility.is_none()));
}
