//! A guardian enrols the faces of her own dependants, and of nobody else (CAP-65); it ends with the relation.

use crate::face_copies::share;
use crate::faces::{picture, send, template};
use crate::family::{add, guardian};
use crate::sharing::withdraw;
use crate::test_pass::{TestPass, Wish};
use pass_core::domain::audit::Act;
use pass_web::face::{Identified, identify};
use std::time::Duration;

#[actix_web::test]
async fn cap_65_a_guardian_enrols_only_own_dependants() {
    let pass = TestPass::with(Wish { faces: true, ..Wish::default() }).await;
    let (Some(photo), None) = (picture("b1.jpg"), pass.app.faces.unavailable()) else {
        return pass_store::testing::skipped("cap_65 dependants: no face models or samples");
    };
    let (hanako, browser) = guardian(&pass, "hanako").await;
    let family = add(&pass, &browser, "child").await;
    let link = family.attribute("a[href$='/face'][href^='/me/family/']", "href").unwrap();
    let account = hanako.account;
    let found = pass.app.store.read(move |tx| pass_store::relations::find_all_of(tx, account)).await.unwrap();
    let (child, until) = (found[0].person, found[0].until);

    // Another guardian finds nothing at that address.
    let (_, stranger) = guardian(&pass, "ken").await;
    for tail in ["", "/consent", "/enrol"] {
        assert_eq!(stranger.open(&format!("{link}{tail}")).await.status.as_u16(), 404, "{tail}");
    }
    // A session that is no longer fresh signs in again first.
    pass.wait(Duration::from_secs(16 * 60));
    let page = browser.open(&format!("{link}/consent")).await;
    assert!(page.has("#pass-reauth-notice"), "{}", page.body);
    let consent = browser.test_sign_in(&page, "hanako").await;
    // No camera before the decision, which is in the child's name.
    let skipped = browser.open(&format!("{link}/enrol")).await;
    assert!(browser.at().ends_with("/consent") && !skipped.has("#pass-face-camera"));
    assert!(consent.has("#pass-face-allow"), "{} {}", browser.at(), consent.body);
    let camera = browser.press(&skipped, &[("decision", "allow")]).await;
    assert!(camera.has("#pass-face-camera"), "{} {}", browser.at(), camera.body);
    let done = send(&browser, &camera, &[&photo]).await;
    assert!(done.has("#pass-face-registered"), "{}", done.body);

    let stored = template(&pass, child).await.unwrap();
    let proofing = pass.app.store.read(move |tx| pass_store::proofings::find_current(tx, child)).await.unwrap();
    assert_eq!(stored.proofing, proofing.map(|proofing| proofing.id), "the child's own proofing");
    assert!(stored.expires_at <= until && stored.expires_at < pass.app.now() + Duration::from_secs(367 * 24 * 3600));
    assert!(template(&pass, hanako.person).await.is_none(), "not hers");
    let acts = pass.acts(child).await;
    assert!(acts.contains(&Act::FaceConsent) && acts.contains(&Act::FaceEnrol));

    // The reception of a facility that the guardian uses knows the child where she turned that on.
    share(&pass, &browser).await;
    let state = browser.open(&link).await;
    let id = state.attribute("input[name=facility]", "value").unwrap();
    let on = browser.press(&state, &[("do", "reception-on"), ("facility", &id)]).await;
    assert!(on.has("#pass-reception-done"), "{} {}", browser.at(), on.body);
    let here = pass.app.store.read(|tx| pass_store::facilities::find_by_slug(tx, "library")).await.unwrap().unwrap().id;
    let look = async || identify(&pass.app, here, pass.app.faces.probe(&[&photo]).unwrap()).await.unwrap();
    assert_eq!(look().await, Identified::Person(child));

    // It stands on the guardian's sharing with that facility, and ends with it.
    withdraw(&browser, "library").await;
    assert_eq!(look().await, Identified::Nobody);
    assert!(pass.acts(child).await.contains(&Act::FaceReceptionOff), "the child's history tells of it");
    assert!(browser.open(&link).await.has("#pass-reception-none"));
    share(&pass, &browser).await;
    assert_eq!(look().await, Identified::Nobody, "sharing again turns nothing on");
    let state = browser.open(&link).await;
    browser.press(&state, &[("do", "reception-on"), ("facility", &id)]).await;
    assert_eq!(look().await, Identified::Person(child));

    // With the relation the face ends, here and at the reception.
    let list = browser.open("/me/family").await;
    let id = list.attribute("input[name=id]", "value").unwrap();
    browser.press(&list, &[("do", "remove"), ("id", &id)]).await;
    assert!(template(&pass, child).await.is_none());
    assert_eq!(look().await, Identified::Nobody);
    assert_eq!(browser.open(&link).await.status.as_u16(), 404);
    let late = browser.submit_at(&format!("{link}/enrol"), &camera, &[("do", "frames"), ("frame1", "AAAA")]).await;
    assert_eq!(late.status.as_u16(), 404);
}
