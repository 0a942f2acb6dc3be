//! Devices are paired, renamed and stopped by those who may; visits and calls stand in the list at once.

use crate::support::{Browser, Manager};
use actix_web::http::StatusCode;
use pass_core::claims::Claim;
use pass_core::domain::audit::Act;
use pass_core::domain::client::Client;
use pass_core::domain::consent::Consent;
use pass_core::domain::person::{DeclaredRecord, Person};
use pass_core::domain::reception::{CallReason, Direction, FeeClass, ReceptionEvent, StaffCall, Terminal, Way};
use pass_core::domain::staff::Role;
use pass_core::domain::words::Language;
use pass_core::id::{ConsentId, FacilityId, PersonId, ReceptionEventId, SessionId, StaffCallId, TerminalId};
use pass_core::reception::pairing;
use pass_core::secret::{Hash, base64url};
use pass_web::account::{New, create};
use std::time::Duration;

async fn terminal(manager: &Manager) -> TerminalId {
    let now = manager.app.now();
    let terminal = Terminal {
        id: TerminalId([7; 16]),
        facility: manager.library,
        name: "正面玄関".into(),
        public_key: vec![4; 65],
        cookie: Hash::of("cookie"),
        paired_at: now,
        last_seen_at: None,
        revoked_at: None,
    };
    let id = terminal.id;
    manager.app.store.write(move |tx| pass_store::terminals::insert(tx, &terminal)).await.unwrap();
    id
}

#[actix_web::test]
async fn cap_38_a_code_is_shown_once_and_a_device_is_renamed_and_stopped() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser: Browser<'_, _> =
        manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    browser.get("/manager/terminals").await;
    let nameless = browser.post("/manager/terminals", &[("do", "add"), ("name", " ")]).await;
    assert_eq!(nameless, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.body.contains("href=\"#name\""), "the error leads to the field");
    assert_eq!(browser.post("/manager/terminals", &[("do", "add"), ("name", "正面 玄関")]).await, StatusCode::OK);
    let code = browser.between("id=\"mgr-pairing-code\">", "<");
    let hash = pairing::index(&manager.app.keys.index, &code).expect("a code");
    let (library, now) = (manager.library, manager.app.now());
    assert!(browser.body.contains("/kiosk/library"));
    browser.get("/manager/terminals").await;
    assert!(!browser.body.contains(&code), "shown once");
    let taken =
        manager.app.store.write(move |tx| pass_store::pairing_codes::take(tx, &hash, library, now)).await.unwrap();
    assert!(matches!(taken, pass_store::Taken::First(row) if row.name == "正面 玄関" && row.made_by.is_some()));
    // Another name, and out of service after a question.
    let id = base64url(&terminal(&manager).await.0);
    browser.get("/manager/terminals").await;
    let nameless = browser.post("/manager/terminals", &[("do", "rename"), ("terminal", &id), ("name", "")]).await;
    assert_eq!(nameless, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.body.contains(&format!("href=\"#name-{id}\"")), "the error leads to the field");
    browser.post("/manager/terminals", &[("do", "rename"), ("terminal", &id), ("name", "裏口")]).await;
    browser.get("/manager/terminals").await;
    assert!(browser.body.contains("裏口"));
    assert_eq!(browser.get(&format!("/manager/terminals?stop={id}")).await, StatusCode::OK);
    assert!(browser.body.contains("mgr-revoke"));
    assert_eq!(browser.post("/manager/terminals", &[("do", "revoke"), ("terminal", &id)]).await, StatusCode::SEE_OTHER);
    browser.get("/manager/terminals").await;
    // Somebody else was quicker: the list says so, and nothing is done again.
    assert_eq!(browser.post("/manager/terminals", &[("do", "revoke"), ("terminal", &id)]).await, StatusCode::SEE_OTHER);
    let nowhere = base64url(&[9; 16]);
    let unknown = [("do", "revoke"), ("terminal", nowhere.as_str())];
    browser.get("/manager/terminals").await;
    assert_eq!(browser.post("/manager/terminals", &unknown).await, StatusCode::NOT_FOUND);
    for (act, detail) in
        [(Act::TerminalInvite, "正面 玄関"), (Act::TerminalRename, "正面玄関 -> 裏口"), (Act::TerminalRevoke, "裏口")]
    {
        assert_eq!(manager.details(act).await, [detail], "{}", act.as_str());
    }
}

#[actix_web::test]
async fn cap_38_a_device_of_another_facility_is_not_here() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let (id, elsewhere, now) = (terminal(&manager).await, FacilityId([0x55; 16]), manager.app.now());
    let touched = manager
        .app
        .store
        .write(move |tx| {
            Ok((
                pass_store::terminals::rename(tx, elsewhere, id, "x")?,
                pass_store::terminals::revoke(tx, elsewhere, id, now)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(touched, (false, false));
    let mut reception = manager.signed_in(&service, "北川 望", Role::Receptionist(manager.library)).await;
    assert_eq!(reception.get("/manager/terminals").await, StatusCode::FORBIDDEN);
}

fn visit(manager: &Manager, person: PersonId, terminal: TerminalId) -> ReceptionEvent {
    ReceptionEvent {
        id: ReceptionEventId::new(manager.app.now(), &*manager.app.entropy),
        facility: manager.library,
        person,
        terminal,
        direction: Direction::In,
        way: Way::Face,
        fee_class: FeeClass::NonResident,
        took: Duration::from_millis(2_440),
        at: manager.app.now(),
    }
}

#[actix_web::test]
async fn cap_39_a_visit_stands_in_the_list_at_once() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let (device, now) = (terminal(&manager).await, manager.app.now());
    let mut browser = manager.signed_in(&service, "北川 望", Role::Receptionist(manager.library)).await;
    assert_eq!(browser.get("/manager/visits").await, StatusCode::OK);
    assert!(browser.body.contains("この日の受付はまだありません"));
    let person = Person { id: PersonId([3; 16]), created_at: now, erased_at: None };
    let visit = visit(&manager, person.id, device);
    let rows = move |tx: &mut pass_store::Tx| {
        pass_store::persons::insert(tx, &person)?;
        pass_store::reception_events::insert(tx, &visit)
    };
    manager.app.store.write(rows).await.unwrap();
    // What an open page asks each second changes with the visit.
    let before = browser.body.clone();
    assert_eq!(browser.get("/manager/visits/mark").await, StatusCode::OK);
    assert!(!browser.body.is_empty() && !before.contains(&browser.body));
    browser.get("/manager/visits").await;
    // CAP-30: as a colour and a word; CAP-39: what was not consented to says so.
    for part in ["正面玄関", ">市外<", "2.4", "提供なし"] {
        assert!(browser.body.contains(part), "{part} is missing");
    }
    // Another facility's reception is not shown there.
    let mut elsewhere = manager.signed_in(&service, "森 一", Role::Receptionist(FacilityId([2; 16]))).await;
    assert_eq!(elsewhere.get("/manager/visits").await, StatusCode::OK);
    assert!(!elsewhere.body.contains("正面玄関") && elsewhere.body.contains("この日の受付はまだありません"));
    // Yesterday has its own page; looking is written down once for each day, however often the page renews itself.
    browser.get("/manager/visits?day=2026-01-01").await;
    assert!(!browser.body.contains("正面玄関"));
    browser.get("/manager/visits").await;
    let looks = manager.details(Act::ManagerRead).await;
    assert_eq!(looks.iter().filter(|one| one.starts_with("visits ")).count(), 3, "{looks:?}");
}

#[actix_web::test]
async fn cap_39_a_name_stands_there_only_as_long_as_the_facility_may_have_it_and_the_person_agrees() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let device = terminal(&manager).await;
    let app = &manager.app;
    let declared = DeclaredRecord { name: Some("山田 花子".into()), ..DeclaredRecord::default() };
    let new = New { now: app.now(), language: Language::Ja, declared, address: None, extra: Vec::new() };
    let (account, person) = create(app, new).await.unwrap();
    let visit = visit(&manager, person, device);
    app.store.write(move |tx| pass_store::reception_events::insert(tx, &visit)).await.unwrap();
    let consent = |client: &Client, claims: &[Claim]| Consent {
        id: ConsentId::new(app.now(), &*app.entropy),
        person,
        account,
        client: client.id,
        facility: client.facility,
        scopes: vec!["openid".into()],
        claims: claims.to_vec(),
        declined: vec![],
        values: Hash::of("values"),
        ceiling_version: 1,
        session: SessionId::new(app.now(), &*app.entropy),
        remembered_until: None,
        given_at: app.now(),
        withdrawn_at: None,
    };
    let (library, kosodate) = (manager.client("library"), manager.client("kosodate"));
    let mut browser = manager.signed_in(&service, "北川 望", Role::Receptionist(manager.library)).await;
    let mut named = async |when: &str, expected: bool| {
        browser.get("/manager/visits").await;
        assert_eq!(browser.body.contains("山田 花○"), expected, "{when}");
        assert_eq!(browser.body.contains("提供なし"), !expected, "{when}");
        assert!(!browser.body.contains("花子"), "{when}: never the whole name");
    };
    let keep = async |consent: Consent| {
        manager.clock.forward(Duration::from_secs(1));
        let (id, consent) = (consent.id, Consent { given_at: app.now(), ..consent });
        app.store.write(move |tx| pass_store::consents::insert(tx, &consent)).await.unwrap();
        id
    };
    manager.allow(&[Claim::IsResident, Claim::Name]).await;
    named("no consent", false).await;
    keep(consent(&kosodate, &[Claim::Name])).await;
    named("a consent to another facility", false).await;
    keep(consent(&library, &[Claim::IsResident])).await;
    named("a consent without the name", false).await;
    let given = keep(consent(&library, &[Claim::IsResident, Claim::Name])).await;
    named("a consent with the name", true).await;
    manager.allow(&[Claim::IsResident]).await;
    named("a ceiling without the name", false).await;
    manager.allow(&[Claim::Name]).await;
    named("a ceiling with the name again", true).await;
    let without = keep(consent(&library, &[Claim::IsResident])).await;
    named("agreed again, without the name", false).await;
    for (what, id) in [("that one withdrawn: the other still stands", without), ("withdrawn", given)] {
        let now = app.now();
        assert!(app.store.write(move |tx| pass_store::consents::withdraw(tx, id, now)).await.unwrap());
        named(what, id == without).await;
    }
}

#[actix_web::test]
async fn cap_29_a_call_stands_there_until_somebody_goes_and_is_closed_once() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let (device, now, library) = (terminal(&manager).await, manager.app.now(), manager.library);
    let call = StaffCall {
        id: StaffCallId([9; 16]),
        facility: library,
        terminal: device,
        reason: CallReason::Failures,
        raised_at: now,
        closed_at: None,
        closed_by: None,
    };
    let id = base64url(&call.id.0);
    manager.app.store.write(move |tx| pass_store::staff_calls::insert(tx, &call)).await.unwrap();
    let mut browser = manager.signed_in(&service, "北川 望", Role::Receptionist(manager.library)).await;
    browser.get("/manager").await;
    assert!(browser.body.contains("mgr-calls"), "the first page says that somebody waits");
    browser.get("/manager/visits").await;
    assert!(browser.body.contains("mgr-calls"));
    for _ in 0..2 {
        assert_eq!(browser.post("/manager/visits", &[("call", &id)]).await, StatusCode::SEE_OTHER);
        browser.get("/manager/visits").await;
        assert!(!browser.body.contains("mgr-calls"));
    }
    assert_eq!(manager.details(Act::StaffCallClose).await, [id], "once, and which call");
}
