//! The reception at a device: paired once, recognised by a face that was turned on here, refused in every other way.

use crate::face_copies::{facility, press, share};
use crate::faces::{enrolled, picture};
use crate::test_pass::{Browser, Reply, START, TestPass};
use actix_web::test::TestRequest;
use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::nid::Nid;
use openssl::pkey::Private;
use pass_core::domain::audit::Act;
use pass_core::domain::reception::{CallReason, Direction, FeeClass, PairingCode, ReceptionEvent, StaffCall};
use pass_core::domain::staff::{Role, Staff};
use pass_core::id::{FacilityId, StaffId};
use pass_core::reception::{capture, pairing};
use pass_core::secret::base64url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// A device with a key of its own.
struct Kiosk {
    key: EcKey<Private>,
    browser: Browser,
    slug: &'static str,
}

impl Kiosk {
    fn new(pass: &TestPass, slug: &'static str) -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        Self { key: EcKey::generate(&group).unwrap(), browser: pass.browser(), slug }
    }

    fn public(&self) -> Vec<u8> {
        let mut context = BigNumContext::new().unwrap();
        let form = PointConversionForm::UNCOMPRESSED;
        self.key.public_key().to_bytes(self.key.group(), form, &mut context).unwrap()
    }

    fn path(&self, more: &str) -> String {
        format!("/kiosk/{}{more}", self.slug)
    }

    async fn pair(&self, code: &str) -> Reply {
        let body = json!({ "code": code, "key": base64url(&self.public()) });
        self.browser.send(TestRequest::post().uri(&self.path("/pair")).set_json(body)).await
    }

    async fn nonce(&self) -> String {
        let reply = self.browser.get(&self.path("/capture")).await;
        reply.json()["nonce"].as_str().unwrap_or_else(|| panic!("{}", reply.body)).to_string()
    }

    fn sign(&self, nonce: &str, frames: &[&[u8]]) -> String {
        let made = EcdsaSig::sign(&Sha256::digest(capture::message(nonce, frames)), &self.key).unwrap();
        base64url(&[made.r().to_vec_padded(32).unwrap(), made.s().to_vec_padded(32).unwrap()].concat())
    }

    async fn send(&self, nonce: &str, signature: &str, frame: &[u8], more: &[(&str, &str)]) -> Reply {
        let frame = base64url(frame);
        let fields = [("capture", nonce), ("signature", signature), ("frame1", &frame), ("took", "2400")];
        self.browser.post(&self.path("/capture"), &[&fields[..], more].concat()).await
    }

    /// Holds a picture before the camera.
    async fn look(&self, frame: &[u8], more: &[(&str, &str)]) -> Value {
        let nonce = self.nonce().await;
        let reply = self.send(&nonce, &self.sign(&nonce, &[frame]), frame, more).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
        reply.json()
    }
}

fn row(pass: &TestPass, code: &str, facility: FacilityId, made_by: Option<StaffId>) -> PairingCode {
    let now = pass.app.now();
    PairingCode {
        hash: pairing::index(&pass.app.keys.index, code).unwrap(),
        facility,
        name: "正面玄関".into(),
        made_by,
        created_at: now,
        expires_at: now + pairing::LIFE,
        used_at: None,
    }
}

/// A code as Manager makes it.
async fn code(pass: &TestPass, facility: FacilityId) -> String {
    let code = pairing::code(&*pass.app.entropy);
    let row = row(pass, &code, facility, None);
    pass.app.store.write(move |tx| pass_store::pairing_codes::insert(tx, &row)).await.unwrap();
    code
}

async fn paired(pass: &TestPass, slug: &'static str) -> Kiosk {
    let kiosk = Kiosk::new(pass, slug);
    let code = code(pass, facility(pass, slug).await).await;
    let reply = kiosk.pair(&code).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
    kiosk
}

async fn visits(pass: &TestPass, facility: FacilityId) -> Vec<ReceptionEvent> {
    let until = START + Duration::from_hours(24 * 400);
    pass.app.store.read(move |tx| pass_store::reception_events::between(tx, facility, START, until)).await.unwrap()
}

async fn calls(pass: &TestPass, facility: FacilityId) -> Vec<StaffCall> {
    pass.app.store.read(move |tx| pass_store::staff_calls::find_open(tx, facility)).await.unwrap()
}

#[actix_web::test]
async fn cap_38_a_code_pairs_one_device_of_its_facility_once_and_a_stopped_one_is_out_of_service() {
    let pass = TestPass::new().await;
    let here = facility(&pass, "library").await;
    let code = code(&pass, here).await;
    let (elsewhere, kiosk, late) =
        (Kiosk::new(&pass, "kosodate"), Kiosk::new(&pass, "library"), Kiosk::new(&pass, "library"));
    assert!(kiosk.browser.open("/kiosk/library").await.has("#pass-kiosk-pair"));
    assert_eq!(kiosk.browser.open("/kiosk/nowhere").await.status.as_u16(), 404);
    // A code of another facility stays good; a key that is none uses no code up.
    assert_eq!(elsewhere.pair(&code).await.status.as_u16(), 422);
    let bad = json!({ "code": code, "key": base64url(&[4; 65]) });
    let reply = kiosk.browser.send(TestRequest::post().uri("/kiosk/library/pair").set_json(bad)).await;
    assert_eq!(reply.status.as_u16(), 422);
    assert_eq!(kiosk.pair(&code.to_lowercase()).await.status.as_u16(), 200);
    assert_eq!(late.pair(&code).await.status.as_u16(), 422, "once");
    assert!(kiosk.browser.open("/kiosk/library").await.has("#pass-kiosk-call"));
    assert!(kiosk.browser.open("/kiosk/kosodate").await.has("#pass-kiosk-pair"), "one facility is not another");
    // Whoever left the staff since pairs nothing by a code noted before.
    let left = Staff {
        id: StaffId([1; 16]),
        name: "森 一".into(),
        role: Role::FacilityAdmin(here),
        user_handle: [1; 16],
        created_at: pass.app.now(),
        closed_at: Some(pass.app.now()),
    };
    let noted = pairing::code(&*pass.app.entropy);
    let row = row(&pass, &noted, here, Some(left.id));
    let rows = move |tx: &mut pass_store::Tx| {
        pass_store::staff::insert(tx, &left)?;
        pass_store::pairing_codes::insert(tx, &row)
    };
    pass.app.store.write(rows).await.unwrap();
    assert_eq!(Kiosk::new(&pass, "library").pair(&noted).await.status.as_u16(), 422);
    // Late: a code ends after ten minutes.
    let old = self::code(&pass, here).await;
    pass.wait(Duration::from_secs(600));
    assert_eq!(Kiosk::new(&pass, "library").pair(&old).await.status.as_u16(), 422);
    // A form of another site cannot pair, and guesses are few.
    let form = late.browser.post("/kiosk/library/pair", &[("code", &code), ("key", "x")]).await;
    assert_eq!(form.status.as_u16(), 400);
    let mut last = 0;
    for _ in 0..8 {
        last = late.pair("2345-6789").await.status.as_u16();
    }
    assert_eq!(last, 429);
    // Out of service: the page says so, and nothing is answered.
    let now = pass.app.now();
    pass.app
        .store
        .write(move |tx| {
            let id = pass_store::terminals::find_all(tx, here)?[0].id;
            pass_store::terminals::revoke(tx, here, id, now)
        })
        .await
        .unwrap();
    let stopped = kiosk.browser.get("/kiosk/library").await;
    assert_eq!(stopped.status.as_u16(), 401);
    assert!(stopped.has("#pass-kiosk-stopped"));
    assert_eq!(kiosk.browser.get("/kiosk/library/capture").await.status.as_u16(), 401);
    assert_eq!(kiosk.browser.post("/kiosk/library/call", &[]).await.status.as_u16(), 401);
}

#[actix_web::test]
async fn cap_24_a_face_that_was_turned_on_here_is_received_and_nobody_elses() {
    let Some((pass, hanako, browser)) = enrolled("kiosk: received").await else { return };
    let (here, photo, other) =
        (facility(&pass, "library").await, picture("a2.jpg").unwrap(), picture("b1.jpg").unwrap());
    let kiosk = paired(&pass, "library").await;
    share(&pass, &browser).await;
    let told = kiosk.look(&photo, &[]).await;
    assert_eq!((&told["state"], &told["failures"]), (&json!("trying"), &json!(1)), "off until turned on");
    press(&browser, "reception-on").await;
    let told = kiosk.look(&photo, &[]).await;
    assert_eq!(
        told,
        json!({ "state": "received", "direction": "in", "fee_class": "resident", "name": "山田 花○", "seconds": "2.4" })
    );
    assert!(browser.open("/me/activity").await.body.contains("の受付を通りました"));
    // Who stands there a moment longer is not sent home; an hour later she leaves.
    assert_eq!(kiosk.look(&photo, &[]).await["direction"], "in");
    assert_eq!(visits(&pass, here).await.len(), 1);
    pass.wait(Duration::from_secs(3600));
    assert_eq!(kiosk.look(&photo, &[]).await["direction"], "out");
    let events = visits(&pass, here).await;
    let seen: Vec<_> = events.iter().map(|one| (one.person, one.direction, one.fee_class)).collect();
    let resident = |direction| (hanako.person, direction, FeeClass::Resident);
    assert_eq!(seen, [resident(Direction::Out), resident(Direction::In)]);
    // Her own history says so; nobody else is in it, and no score.
    let acts = pass.acts(hanako.person).await;
    assert_eq!(acts.iter().filter(|act| **act == Act::Reception).count(), 2);
    // Somebody else three times: staff come, once. A picture that is not good enough is no failure.
    let told = kiosk.look(b"no picture", &[("failures", "2")]).await;
    assert_eq!(
        (&told["state"], &told["failures"], &told["hint"]),
        (&json!("trying"), &json!(2), &json!("face.unreadable"))
    );
    assert!(calls(&pass, here).await.is_empty());
    let told = kiosk.look(&other, &[("failures", "2")]).await;
    assert_eq!(told["state"], "waiting");
    kiosk.look(&other, &[("failures", "2")]).await;
    let open: Vec<_> = calls(&pass, here).await.into_iter().map(|call| call.reason).collect();
    assert_eq!(open, [CallReason::Failures]);
    assert_eq!(visits(&pass, here).await.len(), 2);
    // Whoever came by mistake, or a moment ago, leaves by the button at once (CAP-33).
    pass.wait(Duration::from_secs(24 * 3600));
    assert_eq!(kiosk.look(&photo, &[]).await["direction"], "in");
    assert_eq!(kiosk.look(&photo, &[("do", "out")]).await["direction"], "out");
    assert_eq!(kiosk.look(&photo, &[("do", "out")]).await["direction"], "out");
    assert_eq!(visits(&pass, here).await.len(), 4);
    // The way out, whatever the last visit was (CAP-33).
    pass.wait(Duration::from_secs(3600));
    assert_eq!(kiosk.look(&photo, &[("do", "out")]).await["direction"], "out");
    // A face that was switched off by failed step-ups opens no reception either (CAP-53).
    let (person, now) = (hanako.person, pass.app.now());
    let off = move |tx: &mut pass_store::Tx| {
        let limit = pass_store::face_attempts::Limit { free: i32::MAX, delay: Duration::ZERO, last: i32::MAX };
        for _ in 0..pass_core::domain::face::LAST_FAILURE {
            pass_store::face_attempts::begin(tx, person, limit, now)?;
            pass_store::face_attempts::keep(tx, person, now)?;
        }
        pass_store::face_attempts::find(tx, person)
    };
    assert!(pass.app.store.write(off).await.unwrap().off());
    pass.wait(Duration::from_secs(3600));
    assert_eq!(kiosk.look(&photo, &[]).await["state"], "trying");
}

#[actix_web::test]
async fn cap_38_an_injected_replayed_or_altered_picture_is_refused_and_nothing_is_written() {
    let Some((pass, _, browser)) = enrolled("kiosk: injected").await else { return };
    let (here, photo, other) =
        (facility(&pass, "library").await, picture("a2.jpg").unwrap(), picture("b1.jpg").unwrap());
    let (kiosk, stranger) = (paired(&pass, "library").await, Kiosk::new(&pass, "library"));
    share(&pass, &browser).await;
    press(&browser, "reception-on").await;
    let nonce = kiosk.nonce().await;
    let good = kiosk.sign(&nonce, &[&photo]);
    let foreign = stranger.sign(&nonce, &[&photo]);
    for (what, nonce, signature, frame) in [
        ("no nonce", "", good.as_str(), &photo),
        ("no signature", &nonce, "", &photo),
        ("another device's key", &nonce, &foreign, &photo),
        ("another picture", &nonce, &good, &other),
        ("a nonce of one's own", "abc.1.def", &good, &photo),
    ] {
        assert_eq!(kiosk.send(nonce, signature, frame, &[]).await.status.as_u16(), 403, "{what}");
    }
    // Without the device's cookie nothing is read at all.
    assert_eq!(stranger.send(&nonce, &good, &photo, &[]).await.status.as_u16(), 401);
    assert!(visits(&pass, here).await.is_empty());
    assert_eq!(kiosk.send(&nonce, &good, &photo, &[]).await.json()["state"], "received");
    pass.wait(Duration::from_secs(1));
    assert_eq!(kiosk.send(&nonce, &good, &photo, &[]).await.status.as_u16(), 403, "a replay");
    let late = kiosk.nonce().await;
    pass.wait(Duration::from_secs(60));
    assert_eq!(kiosk.send(&late, &kiosk.sign(&late, &[&photo]), &photo, &[]).await.status.as_u16(), 403, "late");
    // A device of another facility knows nobody of this one.
    let there = paired(&pass, "kosodate").await;
    assert_eq!(there.look(&photo, &[]).await["state"], "trying");
    assert_eq!(visits(&pass, here).await.len(), 1);
}

#[actix_web::test]
async fn cap_29_staff_are_called_by_a_button_once_and_a_kiosk_without_faces_says_so() {
    let pass = TestPass::new().await;
    let here = facility(&pass, "library").await;
    let kiosk = paired(&pass, "library").await;
    let page = kiosk.browser.open("/kiosk/library").await;
    assert!(page.has("#pass-kiosk-call") && !page.has("#pass-kiosk-face"), "no model, no face button");
    assert!(!page.body.contains("/manager") && !page.body.contains("/me"), "the device leads nowhere else");
    for _ in 0..2 {
        assert_eq!(kiosk.browser.post("/kiosk/library/call", &[]).await.json()["state"], "waiting");
    }
    let open = calls(&pass, here).await;
    assert_eq!(open.iter().map(|call| call.reason).collect::<Vec<_>>(), [CallReason::Button]);
    // The device says that they wait until somebody goes; who presses again much later is not overheard.
    assert_eq!(kiosk.browser.get("/kiosk/library/call").await.json(), json!({ "open": true }));
    pass.wait(Duration::from_secs(600));
    kiosk.browser.post("/kiosk/library/call", &[]).await;
    let open = calls(&pass, here).await;
    assert_eq!(open.len(), 2);
    let (now, by) = (pass.app.now(), StaffId([1; 16]));
    let taken_on = move |tx: &mut pass_store::Tx| {
        open.iter().try_for_each(|call| pass_store::staff_calls::close(tx, here, call.id, now, by).map(drop))
    };
    pass.app.store.write(taken_on).await.unwrap();
    assert_eq!(kiosk.browser.get("/kiosk/library/call").await.json(), json!({ "open": false }));
    let stranger = pass.browser();
    assert_eq!(stranger.get("/kiosk/library/call").await.status.as_u16(), 401);
}
