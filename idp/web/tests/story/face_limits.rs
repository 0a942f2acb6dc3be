//! What limits a face: tries, views of the page, and its term.

use crate::faces::{enrol, enrolled, picture, send, template};
use crate::test_pass::{Asking, TestPass};
use pass_core::domain::audit::Act;
use pass_core::domain::face::FaceAttempts;
use pass_core::id::PersonId;
use pass_core::secret::base64url;
use pass_store::face_attempts::{self, Limit};
use std::time::Duration;

const MAIL: &str = "hanako@example.jp";

async fn attempts(pass: &TestPass, person: PersonId) -> FaceAttempts {
    pass.app.store.read(move |tx| face_attempts::find(tx, person)).await.unwrap()
}

fn aal2_face() -> Asking {
    Asking::library().with("acr_values", "aal2-face")
}

#[actix_web::test]
async fn cap_53_five_tries_are_free_then_each_waits_and_fifty_switch_the_face_off() {
    let Some((pass, hanako, browser)) = enrolled("cap_53 attempts").await else { return };
    let (mine, other) = (picture("a2.jpg").unwrap(), picture("b1.jpg").unwrap());
    let mut page = browser.open(&aal2_face().path()).await;
    for failures in 1..=5 {
        page = send(&browser, &page, &[&other]).await;
        assert!(page.body.contains("登録した顔と合いませんでした"), "{failures}: {}", page.body);
    }
    // The sixth waits, also with the right face, and the other ways are on the page.
    page = send(&browser, &page, &[&mine]).await;
    assert_eq!(page.status.as_u16(), 429);
    assert!(page.body.contains("30秒") && page.body.contains("/step-up"), "{}", page.body);
    pass.wait(Duration::from_secs(31));
    page = send(&browser, &page, &[&other]).await;
    assert!(page.body.contains("登録した顔と合いませんでした"), "{}", page.body);
    assert_eq!(attempts(&pass, hanako.person).await.failures, 6);
    // A picture that cannot be compared costs no try.
    pass.wait(Duration::from_secs(31));
    page = send(&browser, &page, &[b"no picture"]).await;
    assert_eq!((page.status.as_u16(), attempts(&pass, hanako.person).await.failures), (422, 6));
    // Seven to forty-nine, half a minute apart.
    let limit = Limit { free: 5, delay: Duration::from_secs(30), last: 50 };
    for _ in 7..=49 {
        pass.wait(Duration::from_secs(31));
        let (person, now) = (hanako.person, pass.app.now());
        let counted = pass.app.store.write(move |tx| face_attempts::begin(tx, person, limit, now)).await.unwrap();
        assert!(counted.is_some());
    }
    pass.wait(Duration::from_secs(31));
    page = browser.open(&browser.at()).await;
    let off = send(&browser, &page, &[&other]).await;
    assert!(off.body.contains("顔を止めました") && !off.has("#pass-face-camera"), "{}", off.body);
    let mails = pass.mails(MAIL).await;
    let letters = mails.iter().filter(|mail| mail.subject.contains("顔での確認を止めました"));
    assert_eq!(letters.count(), 1);
    let acts = pass.acts(hanako.person).await;
    assert_eq!(acts.iter().filter(|act| **act == Act::FaceDisable).count(), 1);
    // The right face opens nothing now; everything else works.
    send(&browser, &page, &[&mine]).await;
    let consent = browser.open(&aal2_face().path()).await;
    assert!(consent.has("#pass-consent-form"), "{}", consent.body);
    assert!(browser.open("/me/face").await.has("#pass-face-off"));
    // Enrolled anew it serves again.
    let page = browser.open("/me/face/consent").await;
    browser.test_sign_in(&page, "hanako").await;
    enrol(&browser, &picture("a1.jpg").unwrap()).await;
    let page = browser.open(&aal2_face().path()).await;
    assert!(send(&browser, &page, &[&mine]).await.has("#pass-consent-form"));
}

#[actix_web::test]
async fn cap_53_tries_side_by_side_are_no_more_than_tries_in_a_row() {
    let Some((pass, hanako, browser)) = enrolled("cap_53 side by side").await else { return };
    let other = picture("b1.jpg").unwrap();
    let path = aal2_face().path();
    let mut pages = Vec::new();
    for _ in 0..12 {
        pages.push((browser.open(&path).await, browser.at()));
    }
    let frame = base64url(&other);
    let fields = [("do", "frames"), ("frame1", frame.as_str())];
    let posts = pages.iter().map(|(page, at)| browser.submit_at(at, page, &fields));
    let answers = futures_util::future::join_all(posts).await;
    let compared = answers.iter().filter(|answer| answer.body.contains("登録した顔と合いませんでした")).count();
    assert_eq!((compared, attempts(&pass, hanako.person).await.failures), (5, 5));
}

#[actix_web::test]
async fn cap_53_a_picture_serves_the_view_it_was_taken_for_and_once() {
    let Some((pass, hanako, browser)) = enrolled("cap_53 views").await else { return };
    let (mine, other) = (picture("a2.jpg").unwrap(), picture("b1.jpg").unwrap());
    let page = browser.open(&aal2_face().path()).await;
    let at = browser.at();
    let frame = base64url(&mine);
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    // Without a view, with one of the enrolment's page, and with one that was changed.
    let consent = browser.open("/me/face/consent").await;
    let enrolling = browser.press(&consent, &[("decision", "allow")]).await;
    let elsewhere = enrolling.attribute("input[name=capture]", "value").unwrap();
    let own = page.attribute("input[name=capture]", "value").unwrap();
    for capture in ["", "x.1.y", elsewhere.as_str(), &own[1..]] {
        let fields = [("csrf", csrf.as_str()), ("capture", capture), ("do", "frames"), ("frame1", frame.as_str())];
        let answer = browser.post(&at, &fields).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.body.contains("この画面は古くなりました"), "{capture}: {}", answer.body);
    }
    assert_eq!(attempts(&pass, hanako.person).await.failures, 0, "nothing was compared");
    // Once: what was sent already is not compared again.
    let fields = [("do", "frames"), ("frame1", &base64url(&other))].map(|(name, value)| (name, value.to_string()));
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let first = browser.submit_at(&at, &page, &fields).await;
    assert!(first.body.contains("登録した顔と合いませんでした"), "{}", first.body);
    let replayed = browser.submit_at(&at, &page, &fields).await;
    assert!(replayed.body.contains("この画面は古くなりました"), "{}", replayed.body);
    assert_eq!(attempts(&pass, hanako.person).await.failures, 1);
    // Not for long.
    pass.wait(Duration::from_secs(601));
    let late = browser.submit_at(&at, &first, &[("do", "frames"), ("frame1", &frame)]).await;
    assert!(late.body.contains("この画面は古くなりました"), "{}", late.body);
    // The page it came back with serves.
    let answer = browser.submit_at(&at, &late, &[("do", "frames"), ("frame1", &frame)]).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    // An enrolment is held to the same: the first picture is taken, its repetition is not.
    let again = browser.open("/me/face/enrol").await;
    if again.has("#pass-face-camera") {
        let fields = [("csrf", csrf.as_str()), ("capture", own.as_str()), ("do", "frames"), ("frame1", frame.as_str())];
        let refused = browser.post("/me/face/enrol", &fields).await;
        assert!(refused.body.contains("この画面は古くなりました"), "{}", refused.body);
    }
}

#[actix_web::test]
async fn cap_53_an_api_learns_of_the_stronger_sign_in_of_the_same_session() {
    let Some((pass, _, browser)) = enrolled("cap_53 api").await else { return };
    // RFC 9470 6.2: what a resource server asks about. Its first answer would be 401 with acr_values and max_age.
    let first = Asking::library().with("max_age", "3600");
    let page = browser.open(&first.path()).await;
    let answer = browser.press(&page, &[("decision", "allow")]).await;
    let weak = first.tokens(&pass, &answer).await.introspected(&pass).await;
    assert_eq!((&weak["active"], &weak["acr"]), (&true.into(), &"aal2".into()));
    pass.wait(Duration::from_secs(60));
    // The browser goes with exactly these, and comes back with a token of the same session.
    let again = aal2_face().with("max_age", "300");
    let page = browser.open(&again.path()).await;
    assert!(page.has("#pass-face-camera"), "{} {}", browser.at(), page.body);
    let answer = send(&browser, &page, &[&picture("a2.jpg").unwrap()]).await;
    let strong = again.tokens(&pass, &answer).await.introspected(&pass).await;
    assert_eq!((&strong["acr"], &strong["sub"]), (&"aal2-face".into(), &weak["sub"]));
    let time = |told: &serde_json::Value| told["auth_time"].as_i64().unwrap_or_else(|| panic!("{told}"));
    assert!(time(&strong) >= time(&weak) + 60);
}

#[actix_web::test]
async fn cap_11_a_face_ends_and_its_owner_is_told_a_month_before_once() {
    let Some((pass, hanako, browser)) = enrolled("cap_11 ending").await else { return };
    let told = async || pass_web::face::ending::remind(&pass.app).await.unwrap();
    assert_eq!(told().await, 0);
    let ends = template(&pass, hanako.person).await.unwrap().expires_at;
    let days = |days: u64| Duration::from_secs(days * 24 * 3600);
    pass.wait(Duration::from_millis(u64::try_from(ends.0 - pass.app.now().0).unwrap()) - days(29));
    assert_eq!((told().await, told().await), (1, 0));
    let mails = pass.mails(MAIL).await;
    let letter = mails.iter().find(|mail| mail.subject.contains("まもなく終わります")).unwrap();
    assert!(letter.body.contains("2029年10月5日"), "{}", letter.body);
    let home = browser.sign_in_at_home("hanako").await;
    assert!(home.has("#pass-face-ending"), "{}", home.body);
    assert!(browser.open("/me/face").await.has("#pass-face-ending"));
    // From the day on it is asked for no more and matches nothing.
    let mine = picture("a2.jpg").unwrap();
    let before = browser.open(&aal2_face().path()).await;
    pass.wait(days(30));
    browser.open("/me").await;
    let page = browser.open(&aal2_face().path()).await;
    let page = if page.has("#pass-login-title") { browser.test_sign_in(&page, "hanako").await } else { page };
    assert!(!page.has("#pass-face-camera"), "{}", page.body);
    send(&browser, &before, &[&mine]).await;
    assert!(!pass.acts(hanako.person).await.contains(&Act::FaceCompare));
    // The template goes; that there was a face until that day remains.
    let now = pass.app.now() + days(1);
    let periods = pass_store::retention::Periods::default();
    pass.app.store.write(move |tx| pass_store::retention::purge(tx, now, &periods, 100)).await.unwrap();
    assert!(template(&pass, hanako.person).await.is_none());
    let state = browser.open("/me/face").await;
    let state = if state.has("#pass-login-title") { browser.test_sign_in(&state, "hanako").await } else { state };
    assert!(state.body.contains("2029年10月5日"), "{}", state.body);
}
