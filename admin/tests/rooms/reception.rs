//! Devices are paired, renamed and stopped by those who may; visits and calls stand in the list at once.

use crate::support::{Browser, Manager};
use actix_web::http::StatusCode;
use pass_core::domain::audit::Act;
use pass_core::domain::person::Person;
use pass_core::domain::reception::{CallReason, Direction, FeeClass, ReceptionEvent, StaffCall, Terminal, Way};
use pass_core::domain::staff::Role;
use pass_core::id::{FacilityId, PersonId, ReceptionEventId, StaffCallId, TerminalId};
use pass_core::reception::pairing;
use pass_core::secret::{Hash, base64url};
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
    assert_eq!(browser.post("/manager/terminals", &[("do", "add"), ("name", "正面 玄関")]).await, StatusCode::OK);
    let code = browser.between("id=\"mgr-pairing-code\">", "<");
    let (hash, library, now) = (pairing::hash(&code).expect("a code"), manager.library, manager.app.now());
    assert!(browser.body.contains("/kiosk/library"));
    browser.get("/manager/terminals").await;
    assert!(!browser.body.contains(&code), "shown once");
    let taken =
        manager.app.store.write(move |tx| pass_store::pairing_codes::take(tx, &hash, library, now)).await.unwrap();
    assert!(matches!(taken, pass_store::Taken::First(row) if row.name == "正面 玄関" && row.made_by.is_some()));
    // Another name, and out of service after a question.
    let id = base64url(&terminal(&manager).await.0);
    browser.get("/manager/terminals").await;
    browser.post("/manager/terminals", &[("do", "rename"), ("terminal", &id), ("name", "裏口")]).await;
    browser.get("/manager/terminals").await;
    assert!(browser.body.contains("裏口"));
    assert_eq!(browser.post("/manager/terminals", &[("do", "ask"), ("terminal", &id)]).await, StatusCode::OK);
    assert!(browser.body.contains("mgr-revoke"));
    assert_eq!(browser.post("/manager/terminals", &[("do", "revoke"), ("terminal", &id)]).await, StatusCode::SEE_OTHER);
    browser.get("/manager/terminals").await;
    assert_eq!(browser.post("/manager/terminals", &[("do", "revoke"), ("terminal", &id)]).await, StatusCode::NOT_FOUND);
    let acts = manager.acts().await;
    for act in [Act::TerminalInvite, Act::TerminalRename, Act::TerminalRevoke] {
        assert_eq!(acts.iter().filter(|one| **one == act).count(), 1, "{}", act.as_str());
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

#[actix_web::test]
async fn cap_39_a_visit_stands_in_the_list_at_once_and_a_name_only_with_a_consent() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let (device, now, library) = (terminal(&manager).await, manager.app.now(), manager.library);
    let mut browser = manager.signed_in(&service, "北川 望", Role::Receptionist(manager.library)).await;
    assert_eq!(browser.get("/manager/visits").await, StatusCode::OK);
    assert!(browser.body.contains("この日の受付はまだありません"));
    let person = Person { id: PersonId([3; 16]), created_at: now, erased_at: None };
    let visit = ReceptionEvent {
        id: ReceptionEventId([8; 16]),
        facility: library,
        person: person.id,
        terminal: device,
        direction: Direction::In,
        way: Way::Face,
        fee_class: FeeClass::NonResident,
        took: Duration::from_millis(2_440),
        at: now,
    };
    manager
        .app
        .store
        .write(move |tx| {
            pass_store::persons::insert(tx, &person)?;
            pass_store::reception_events::insert(tx, &visit)
        })
        .await
        .unwrap();
    browser.get("/manager/visits").await;
    // CAP-30: as a colour and a word; CAP-39: what was not consented to says so.
    for part in ["正面玄関", ">市外<", "2.4", "提供なし"] {
        assert!(browser.body.contains(part), "{part} is missing");
    }
    // Yesterday has its own page; looking is written down once for each day, however often the page renews itself.
    browser.get("/manager/visits?day=2026-01-01").await;
    assert!(!browser.body.contains("正面玄関"));
    browser.get("/manager/visits").await;
    let looks = manager.details(Act::ManagerRead).await;
    assert_eq!(looks.iter().filter(|one| one.starts_with("visits ")).count(), 2, "{looks:?}");
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
    let acts = manager.acts().await;
    assert_eq!(acts.iter().filter(|one| **one == Act::StaffCallClose).count(), 1);
}
