//! Enrolling a face, and comparing it as a step-up.

use crate::test_pass::{Asking, Browser, Reply, Somebody, TestPass, Wish, place};
use actix_web::test::TestRequest;
use pass_core::domain::audit::Act;
use pass_core::domain::face::StoredTemplate;
use pass_core::id::PersonId;
use pass_core::secret::base64url;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) async fn template(pass: &TestPass, person: PersonId) -> Option<StoredTemplate> {
    pass.app.store.read(move |tx| pass_store::face_templates::find(tx, person)).await.unwrap()
}

pub(crate) async fn send(browser: &Browser, page: &Reply, pictures: &[&[u8]]) -> Reply {
    let frames: Vec<String> = pictures.iter().map(|picture| base64url(picture)).collect();
    let names = ["frame1", "frame2", "frame3"];
    let mut fields = vec![("do", "frames")];
    fields.extend(names.into_iter().zip(frames.iter().map(String::as_str)));
    browser.press(page, &fields).await
}

pub(crate) fn picture(name: &str) -> Option<Vec<u8>> {
    let path: PathBuf = place("PASS_FACE_SAMPLES", "../shared/face-samples").join(name);
    std::fs::read(path).ok()
}

/// An issuer with faces, and hanako signed in with hers enrolled (`a1.jpg`); none where this machine has no models or samples.
pub(crate) async fn enrolled(test: &str) -> Option<(TestPass, Somebody, Browser)> {
    let pass = TestPass::with(Wish { faces: true, ..Wish::default() }).await;
    let (Some(photo), None) = (picture("a1.jpg"), pass.app.faces.unavailable()) else {
        pass_store::testing::skipped(&format!("{test}: no face models or samples"));
        return None;
    };
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    enrol(&browser, &photo).await;
    Some((pass, hanako, browser))
}

/// Goes through consent and camera with one photo.
pub(crate) async fn enrol(browser: &Browser, photo: &[u8]) {
    let consent = browser.open("/me/face/consent").await;
    let camera = browser.press(&consent, &[("decision", "allow")]).await;
    let done = send(browser, &camera, &[photo]).await;
    assert!(done.has("#pass-face-registered"), "{}", done.body);
}

#[actix_web::test]
async fn cap_10_without_a_model_nothing_is_enrolled_and_everything_else_works() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let state = browser.open("/me/face").await;
    assert!(!state.has("#pass-face-begin"), "{}", state.body);
    for path in ["/me/face/consent", "/me/face/enrol"] {
        let page = browser.open(path).await;
        assert!(page.body.contains("いまは顔を使えません") && !page.has("form"), "{path}: {}", page.body);
    }
    let csrf = browser.token_of("/me/passkeys/add").await;
    let answer = browser.post("/me/face/enrol", &[("csrf", &csrf), ("do", "frames"), ("frame1", "AAAA")]).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(template(&pass, hanako.person).await.is_none());
    assert!(!pass.acts(hanako.person).await.contains(&Act::FaceEnrol));
    // A request for the face goes on without it, at the strength that was reached.
    let asking = Asking::library().with("acr_values", "aal2-face");
    let page = browser.open(&asking.path()).await;
    let answer = browser.press(&page, &[("decision", "allow")]).await;
    asking.tokens(&pass, &answer).await;
}

#[actix_web::test]
async fn cap_65_only_a_proofed_person_with_a_fresh_passkey_or_card_enrols() {
    let pass = TestPass::with(Wish { faces: true, ..Wish::default() }).await;
    if pass.app.faces.unavailable().is_some() {
        return pass_store::testing::skipped("cap_65: no face models");
    }
    let hanako = pass.proofed("hanako").await;
    let aoi = pass.declared("aoi").await;
    // Not proofed: the card comes first.
    let unproofed = pass.browser();
    unproofed.sign_in_at_home("aoi").await;
    assert!(!unproofed.open("/me/face/consent").await.has("#pass-face-allow"));
    assert_eq!(unproofed.at(), "/me/face");
    // By mail alone, a while after the proofing: a stronger sign-in comes first.
    pass.wait(Duration::from_secs(3600));
    let by_mail = pass.browser();
    by_mail.mail_sign_in(&pass, "/me", "hanako@example.jp").await;
    for path in ["/me/face/consent", "/me/face/enrol", "/me/stronger?for=face"] {
        by_mail.open(path).await;
        assert!(by_mail.at().ends_with("/step-up"), "{path} ends at {}", by_mail.at());
    }
    let csrf = by_mail.token_of("/me/stronger").await;
    let sent = by_mail.post("/me/face/enrol", &[("csrf", &csrf), ("frame1", "AAAA")]).await;
    assert!(sent.location.ends_with("/step-up"));
    // A strong session that is no longer fresh signs in again, and comes back.
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    pass.wait(Duration::from_secs(16 * 60));
    let page = browser.open("/me/face/consent").await;
    assert!(page.has("#pass-reauth-notice"), "{}", page.body);
    assert!(browser.test_sign_in(&page, "hanako").await.has("#pass-face-allow"));
    for person in [hanako.person, aoi.person] {
        assert!(template(&pass, person).await.is_none());
    }
}

#[actix_web::test]
async fn cap_10_consent_first_then_a_sealed_template_then_the_step_up() {
    let pass = TestPass::with(Wish { faces: true, ..Wish::default() }).await;
    let samples: Option<Vec<Vec<u8>>> = ["a1.jpg", "a2.jpg", "b1.jpg", "two.jpg"].into_iter().map(picture).collect();
    let (Some(samples), None) = (samples, pass.app.faces.unavailable()) else {
        return pass_store::testing::skipped("cap_10: no face models or samples");
    };
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    // No camera before the decision, and none after a no.
    let consent = browser.open("/me/face/enrol").await;
    assert_eq!(browser.at(), "/me/face/consent");
    browser.press(&consent, &[("decision", "deny")]).await;
    assert!(!browser.open("/me/face/enrol").await.has("#pass-face-camera"));
    browser.open("/me/face/consent").await;
    let camera = browser.press(&consent, &[("decision", "allow")]).await;
    assert!(camera.has("#pass-face-camera"), "{}", camera.body);
    // Bad pictures are refused with a hint and leave nothing.
    let mut camera = camera;
    for (name, frames, hint) in [
        ("nothing", Vec::new(), "写真が届きませんでした"),
        ("four people", vec![&samples[3][..]], "ほかの人が写っています"),
        ("two persons", vec![&samples[0][..], &samples[2][..]], "3枚が同じ人に見えません"),
    ] {
        let page = send(&browser, &camera, &frames).await;
        assert!(page.body.contains(hint), "{name}: {:?}", page.texts("#pass-face-hint"));
        assert!(template(&pass, hanako.person).await.is_none(), "{name}");
        camera = page;
    }
    let done = send(&browser, &camera, &[&samples[0]]).await;
    assert!(done.has("#pass-face-registered"), "{}", done.body);
    let stored = template(&pass, hanako.person).await.unwrap();
    assert_eq!(stored.expires_at.jst_day().iso(), "2029-10-05");
    assert!(stored.consented_at < stored.created_at);
    // CAP-65: the row points at the proofing that says whose face it is.
    let person = hanako.person;
    let proofing = pass.app.store.read(move |tx| pass_store::proofings::find_current(tx, person)).await.unwrap();
    assert_eq!(stored.proofing, proofing.map(|proofing| proofing.id));
    // The decision is used up.
    browser.open("/me/face/enrol").await;
    assert_eq!(browser.at(), "/me/face/consent");

    let asking = Asking::library().with("acr_values", "aal2-face");
    let page = browser.open(&asking.path()).await;
    assert!(page.has("#pass-face-camera"), "{}", page.body);
    let other = send(&browser, &page, &[&samples[2]]).await;
    assert!(other.body.contains("登録した顔と合いませんでした"));
    let consent = send(&browser, &other, &[&samples[1]]).await;
    assert!(consent.has("#pass-consent-form"), "{}", consent.body);

    let acts = pass.acts(hanako.person).await;
    let of_faces: Vec<Act> = acts.into_iter().filter(|act| act.as_str().starts_with("face.")).collect();
    let wanted = [Act::FaceConsent, Act::FaceEnrol, Act::FaceCompare, Act::FaceCompare];
    assert_eq!(of_faces, wanted);
    for event in pass.events(hanako.person).await {
        assert!(!event.detail.contains("0."), "no score in {}", event.detail);
    }
}

#[actix_web::test]
async fn cap_12_a_face_is_deleted_at_once_and_no_longer_asked_for() {
    let pass = TestPass::with(Wish { faces: true, ..Wish::default() }).await;
    let (Some(photo), None) = (picture("b1.jpg"), pass.app.faces.unavailable()) else {
        return pass_store::testing::skipped("cap_12: no face models or samples");
    };
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let consent = browser.open("/me/face/consent").await;
    let camera = browser.press(&consent, &[("decision", "allow")]).await;
    assert!(send(&browser, &camera, &[&photo]).await.has("#pass-face-registered"));
    let state = browser.open("/me/face").await;
    let deleted = browser.press(&state, &[("do", "delete")]).await;
    assert!(deleted.has("#pass-face-deleted"), "{}", deleted.body);
    assert!(template(&pass, hanako.person).await.is_none());
    assert_eq!(pass.acts(hanako.person).await.last(), Some(&Act::FaceDelete));
    // The library's wish for the face goes unanswered, as of everybody without one.
    let page = browser.open(&Asking::library().with("acr_values", "aal2-face").path()).await;
    assert!(page.has("#pass-consent-form"), "{}", page.body);
}

#[actix_web::test]
async fn cap_10_an_upload_serves_where_there_is_no_camera() {
    let pass = TestPass::with(Wish { faces: true, ..Wish::default() }).await;
    let (Some(photo), None) = (picture("b1.jpg"), pass.app.faces.unavailable()) else {
        return pass_store::testing::skipped("cap_10 upload: no face models or samples");
    };
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let consent = browser.open("/me/face/consent").await;
    let camera = browser.press(&consent, &[("decision", "allow")]).await;
    let csrf = camera.attribute("input[name=csrf]", "value").unwrap();
    let capture = camera.attribute("input[name=capture]", "value").unwrap();
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_str()), ("capture", capture.as_str()), ("do", "photo")] {
        let head = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    body.extend_from_slice(b"--line\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n");
    body.extend_from_slice(&photo);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let kind = ("content-type", "multipart/form-data; boundary=line");
    let request = TestRequest::post().uri("/me/face/enrol").insert_header(kind).set_payload(body);
    let reply = browser.send(request).await;
    let done = browser.follow(reply).await;
    assert!(done.has("#pass-face-registered"), "{}", done.body);
    assert!(template(&pass, hanako.person).await.is_some());
}
