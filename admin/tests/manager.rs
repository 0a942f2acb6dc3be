//! Manager from outside: real store, real passkey ceremonies by a software authenticator, every door.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

mod rooms;
mod support;

use actix_web::http::StatusCode;
use pass_admin::access::{DOORS, Rank, may};
use pass_core::claims::Claim;
use pass_core::domain::audit::Act;
use pass_core::domain::staff::Role;
use pass_core::secret::Hash;
use support::{Browser, Device, Manager};

#[actix_web::test]
async fn an_invitation_works_once_and_its_passkey_signs_in() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let link = manager.invite("佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    let mut device = Device::default();

    let mut browser = Browser::new(&service);
    assert_eq!(browser.get(&link).await, StatusCode::OK);
    assert!(browser.body.contains("佐々木 恵"));
    let options = browser.post_json(&format!("{link}/passkey"), &[]).await;
    let credential = device.make(&options).to_string();
    assert_eq!(browser.post(&link, &[("credential", &credential)]).await, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/manager").await, StatusCode::OK);

    // the link is used: for everybody, and for an answer that was prepared in time
    let mut late = Browser::new(&service);
    assert_eq!(late.get(&link).await, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(&link, &[("credential", &credential)]).await, StatusCode::NOT_FOUND);

    browser.get("/manager").await;
    assert_eq!(browser.post("/manager/sign-out", &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/manager").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.location, "/manager/sign-in");

    browser.get("/manager/sign-in").await;
    let options = browser.post_json("/manager/sign-in/passkey", &[]).await;
    let credential = device.get(&options).to_string();
    let fields = [("do", "passkey"), ("credential", credential.as_str())];
    assert_eq!(browser.post("/manager/sign-in", &fields).await, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/manager").await, StatusCode::OK);
    // the ceremony was taken: the same answer is worth nothing
    let mut thief = Browser::new(&service);
    thief.get("/manager/sign-in").await;
    assert_eq!(thief.post("/manager/sign-in", &fields).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(thief.get("/manager").await, StatusCode::SEE_OTHER);

    let acts = manager.acts().await;
    for act in [Act::StaffInvite, Act::StaffPasskeyAdd, Act::StaffSignIn, Act::StaffSignOut, Act::ManagerRead] {
        assert!(acts.contains(&act), "{} is not in the audit log", act.as_str());
    }
}

#[actix_web::test]
async fn an_old_invitation_is_gone() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let link = manager.invite("佐々木 恵", Role::CityAdmin).await;
    manager.clock.forward(pass_admin::INVITATION_LIFE);
    assert_eq!(Browser::new(&service).get(&link).await, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn every_role_meets_every_door() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    for role in [Role::CityAdmin, Role::FacilityAdmin(manager.library), Role::Receptionist(manager.library)] {
        for door in DOORS {
            let path = door.pattern.replace("{client_id}", "library");
            let mut browser = manager.signed_in(&service, "職員", role).await;
            browser.get("/manager").await;
            let status = match door.method {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, &[("facility", "library")]).await,
            };
            let open = status != StatusCode::FORBIDDEN;
            assert!(!status.is_server_error(), "{status} {role:?} {} {path}", door.method);
            assert_eq!(open, may(Rank::of(role), door.method, door.pattern), "{role:?} {} {path}", door.method);

            let mut stranger = Browser::new(&service);
            let status = if door.method == "GET" { stranger.get(&path).await } else { stranger.post(&path, &[]).await };
            assert_eq!((status, stranger.location.as_str()), (StatusCode::SEE_OTHER, "/manager/sign-in"), "{path}");
        }
    }
    assert!(manager.acts().await.contains(&Act::StaffRefused));
}

#[actix_web::test]
async fn a_new_secret_is_shown_once_and_the_old_one_stops() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    let before = manager.client("library").secret;

    browser.get("/manager/clients/library/secret").await;
    let mark = browser.value("mark");
    assert_eq!(browser.post("/manager/clients/library/secret", &[("mark", &mark)]).await, StatusCode::OK);
    let secret = browser.between("id=\"new-secret\">", "<");
    assert_eq!(secret.len(), 43);

    // what client authentication looks at, at once and without a restart
    let after = manager.client("library").secret;
    assert_eq!(after, Some(Hash::of(&secret)));
    assert_ne!(after, before);

    // a reload of the answer replaces nothing, and no page shows the secret again
    assert_eq!(browser.post("/manager/clients/library/secret", &[("mark", &mark)]).await, StatusCode::CONFLICT);
    assert_eq!(manager.client("library").secret, after);
    for path in ["/manager/clients/library", "/manager/clients/library/secret", "/manager/audit", "/manager"] {
        browser.get(path).await;
        assert!(!browser.body.contains(&secret), "{path}");
    }
    let rotations = manager.acts().await.into_iter().filter(|act| *act == Act::ClientRotateSecret).count();
    assert_eq!(rotations, 1);
}

#[actix_web::test]
async fn cap_19_a_changed_ceiling_is_a_new_version_and_an_audit_row() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    let wider = |does| {
        [
            ("base", "1"),
            ("purpose-ja", "市内にお住まいの方の利用登録"),
            ("ask-is_resident", "required"),
            ("least-is_resident", "aal1"),
            ("ask-email", "optional"),
            ("do", does),
        ]
    };
    browser.get("/manager/facility").await;
    // checking shows the invented person's slip with the new claim, and saves nothing
    assert_eq!(browser.post("/manager/facility", &wider("preview")).await, StatusCode::OK);
    assert!(browser.body.contains("akari@example.jp"));
    assert_eq!(manager.ceiling().version, 1);

    assert_eq!(browser.post("/manager/facility", &wider("save")).await, StatusCode::SEE_OTHER);
    let ceiling = manager.ceiling();
    assert_eq!(ceiling.version, 2);
    assert!(ceiling.entry(Claim::Email).is_some() && ceiling.entry(Claim::Name).is_none());
    let changes: Vec<String> = manager.details(Act::CeilingChange).await;
    assert_eq!(changes, ["version=2 +email"]);

    // the same form again started from a version that is no longer the newest
    browser.get("/manager/facility").await;
    assert_eq!(browser.post("/manager/facility", &wider("save")).await, StatusCode::CONFLICT);
    assert_eq!(manager.ceiling().version, 2);
}

#[actix_web::test]
async fn a_form_that_is_not_ours_changes_nothing() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let before = manager.client("library").secret;
    let path = "/manager/clients/library/secret";
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    browser.get(path).await;
    let mark = browser.value("mark");
    let token = browser.value("csrf");
    let cases: [(&str, Option<(&str, &str)>); 4] = [
        ("", None),
        ("another", None),
        (&token, Some(("origin", "https://evil.example"))),
        (&token, Some(("sec-fetch-site", "cross-site"))),
    ];
    for (csrf, header) in cases {
        let status = browser.post_raw(path, &[("csrf", csrf), ("mark", &mark)], header).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{csrf} {header:?}");
    }
    assert_eq!(manager.client("library").secret, before);
}

#[actix_web::test]
async fn another_facilitys_client_is_not_there() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut own = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    for path in ["/manager/clients/kosodate", "/manager/clients/kosodate/secret", "/manager/clients/nobody"] {
        assert_eq!(own.get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
    let before = manager.client("kosodate").secret;
    own.get("/manager/clients/library/secret").await;
    assert_eq!(own.post("/manager/clients/kosodate/secret", &[("mark", "x")]).await, StatusCode::NOT_FOUND);
    assert_eq!(manager.client("kosodate").secret, before);

    // a city administrator goes there by the switch
    let mut city = manager.signed_in(&service, "北川 修", Role::CityAdmin).await;
    city.get("/manager").await;
    assert_eq!(city.get("/manager/clients/library").await, StatusCode::NOT_FOUND);
    city.get("/manager").await;
    assert_eq!(city.post("/manager/switch", &[("facility", "library")]).await, StatusCode::SEE_OTHER);
    assert_eq!(city.get("/manager/clients/library").await, StatusCode::OK);
    // what happened there is not in the library's log
    own.get("/manager/audit").await;
    assert!(!own.body.contains("kosodate"));
}

#[actix_web::test]
async fn a_planted_session_cookie_is_worth_nothing() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    manager.add("北川 修", Role::CityAdmin).await;
    let mut browser = Browser::new(&service);
    browser.plant("pass-staff", "planted");
    assert_eq!(browser.get("/manager").await, StatusCode::SEE_OTHER);
    browser.get("/manager/sign-in").await;
    assert_eq!(browser.post("/manager/sign-in", &[("do", "demo"), ("staff", "北川 修")]).await, StatusCode::SEE_OTHER);
    let first = browser.cookie("pass-staff");
    assert_ne!(first, "planted");
    assert_eq!(browser.get("/manager").await, StatusCode::OK);

    // signing in again ends the session before
    assert_eq!(browser.post("/manager/sign-in", &[("do", "demo"), ("staff", "北川 修")]).await, StatusCode::SEE_OTHER);
    let mut old = Browser::new(&service);
    old.plant("pass-staff", &first);
    assert_eq!(old.get("/manager").await, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_staff_cookie_stays_at_home_and_lasts_a_working_day() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    manager.add("北川 修", Role::CityAdmin).await;
    let mut browser = Browser::new(&service);
    browser.get("/manager/sign-in").await;
    browser.post("/manager/sign-in", &[("do", "demo"), ("staff", "北川 修")]).await;
    let cookie = browser.set_cookie("pass-staff");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    manager.clock.forward(std::time::Duration::from_secs(8 * 3600));
    assert_eq!(browser.get("/manager").await, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn somebody_who_left_is_out_at_once() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::CityAdmin).await;
    assert_eq!(browser.get("/manager").await, StatusCode::OK);
    manager.close("佐々木 恵").await;
    assert_eq!(browser.get("/manager").await, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn reading_the_log_is_written_into_it() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    assert_eq!(browser.get("/manager/audit?act=client.read&from=2026-11-01").await, StatusCode::OK);
    assert_eq!(manager.details(Act::AuditRead).await, ["act=client.read from=2026-11-01"]);
    browser.get("/manager/clients/library").await;
    browser.get("/manager/audit?act=client.read").await;
    assert!(browser.body.contains("佐々木 恵") && browser.body.contains("library"));
}

#[actix_web::test]
async fn cap_49_keys_are_rotated_once_for_each_press() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "北川 望", Role::CityAdmin).await;
    let app = &manager.app;
    pass_web::signing_keys::fill(&app.store, &app.keys.signing, app.now(), &*app.entropy).await.unwrap();
    browser.get("/manager/keys").await;
    let before = manager.current_key().await;
    assert_eq!(browser.post("/manager/keys", &[("kid", &before)]).await, StatusCode::OK);
    let after = manager.current_key().await;
    assert_ne!(before, after, "another key signs");
    assert_eq!(browser.post("/manager/keys", &[("kid", &before)]).await, StatusCode::CONFLICT);
    assert_eq!(manager.current_key().await, after, "pressed twice, rotated once");
    assert!(manager.acts().await.contains(&Act::KeysRotate));
    for (kid, removed) in [(after, false), (before.clone(), true), (before, false)] {
        let done = app.store.write(move |tx| pass_store::signing_keys::remove_retired(tx, &kid)).await.unwrap();
        assert_eq!(done, removed, "only a retired key can be removed, and once");
    }
}
