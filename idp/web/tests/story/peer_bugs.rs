//! Bugs that other issuers had (docs/peer-bugs.md), as a browser meets them.

use crate::test_pass::{Asking, START, TestPass};
use pass_core::domain::audit::Act;
use pass_core::domain::client::SigningAlg;
use pass_core::domain::key::KeyState;
use pass_core::oidc::keys::{NewKey, generate};
use pass_web::directory::Directory;
use serde_json::json;
use std::time::Duration;

/// The Go rewrite of eSignet had a mock matcher by default, which took fabricated and empty samples.
#[actix_web::test]
async fn peer_bug_02_without_models_no_picture_is_ever_a_face() {
    let pass = TestPass::new().await;
    let faces = &pass.app.faces;
    assert!(faces.unavailable().is_some(), "what is not installed says so");
    let pixel: &[u8] = &[0xff, 0xd8, 0xff, 0xd9];
    for frames in [&[][..], &[b"".as_slice()], &[b"fabricated".as_slice()], &[pixel; 5]] {
        assert!(faces.enrol(frames).is_err());
    }
}

/// eSignet told facilities `server_error` when a resident said no.
#[actix_web::test]
async fn peer_bug_09_saying_no_is_access_denied_and_no_error_of_ours() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    let page = browser.open(&Asking::library().path()).await;
    let consent = browser.test_sign_in(&page, "hanako").await;
    let answer = browser.press(&consent, &[("decision", "deny")]).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("access_denied"), "{}", answer.location);
    assert_eq!((answer.parameter("state").as_deref(), answer.parameter("code")), (Some("a-state"), None));
    let acts = pass.acts(hanako.person).await;
    assert!(acts.contains(&Act::ConsentRefuse) && !acts.contains(&Act::ConsentGive));
}

/// eSignet's auth_time moved with each prompt=none, so that max_age was never reached.
#[actix_web::test]
async fn peer_bug_10_auth_time_stands_still_across_silent_requests_and_refreshes() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let asking = Asking::library().with("max_age", "3600");
    let first = asking.tokens(&pass, &browser.log_in(&asking, "hanako").await).await;
    let signed_in = first.claims["auth_time"].as_i64().expect("max_age asks for auth_time");
    let silent = Asking::library().with("max_age", "3600").with("prompt", "none");
    for _ in 0..3 {
        pass.wait(Duration::from_secs(600));
        let again = silent.tokens(&pass, &browser.open(&silent.path()).await).await;
        assert_eq!(again.claims["auth_time"], signed_in);
        assert!(again.claims["iat"].as_i64() > Some(signed_in + 500));
        let (status, refreshed) = again.refresh(&pass).await;
        assert_eq!(status, 200);
        let claims = pass.app.directory().keys.verify(refreshed["id_token"].as_str().unwrap()).unwrap().claims;
        assert_eq!(claims["auth_time"], signed_in);
    }
    pass.wait(Duration::from_secs(2_000));
    let old = browser.open(&silent.path()).await;
    assert_eq!(old.parameter("error").as_deref(), Some("login_required"), "and so max_age is reached");
}

/// login.gov said IAL2 where nobody had compared a face.
#[actix_web::test]
async fn peer_bug_12_acr_never_says_more_than_what_happened() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    for wish in ["aal2-face", "aal3", "aal3 aal2-face", "urn:acr:everything"] {
        let asking = Asking::library().with("acr_values", wish);
        let browser = pass.browser();
        let mut answer = browser.log_in(&asking, "hanako").await;
        // Her card could give a signature, and nothing else that is wished for here: she goes on without.
        let could = wish.starts_with("aal3");
        assert_eq!(answer.has("#pass-step-up-skip"), could, "{wish}");
        if could {
            answer = browser.press(&answer, &[("do", "skip")]).await;
            answer = browser.press(&answer, &[("decision", "allow")]).await;
        }
        let tokens = asking.tokens(&pass, &answer).await;
        assert_eq!(tokens.claims["acr"], "aal2", "{wish}");
        assert!(!tokens.claims["amr"].as_array().unwrap().contains(&json!("face")), "{wish}");
    }
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["aal2-face"]}}}"#;
    let browser = pass.browser();
    browser.sign_in_at_home("hanako").await;
    let asking = Asking::library().with("claims", essential).with("prompt", "none");
    assert!(
        browser.open(&asking.path()).await.parameter("code").is_none(),
        "what is essential and missing gives no code"
    );
}

/// At the VA, login.gov's error page named no reason and no other way.
#[actix_web::test]
async fn peer_bug_14_an_error_page_has_a_reason_a_number_and_a_way_on() {
    let pass = TestPass::new().await;
    let browser = pass.browser();
    let evil = Asking::library().path().replace("callback", "elsewhere");
    for (path, code) in [
        ("/authorize?client_id=nobody&redirect_uri=x", "client_unknown"),
        ("/authorize", "client_missing"),
        (evil.as_str(), "redirect_uri_mismatch"),
        ("/interaction/unheard/login", "interaction_expired"),
        ("/nowhere", "not_found"),
        ("/session/end?id_token_hint=a.b.c", ""),
    ] {
        let page = browser.get(path).await;
        assert!(page.status.is_client_error(), "{path}");
        assert!(
            code.is_empty() || page.texts("#pass-error-code") == [code],
            "{path}: {:?}",
            page.texts("#pass-error-code")
        );
        let reason = page.texts("#pass-error-message");
        assert!(reason.len() == 1 && reason[0].trim().chars().count() > 10, "{path}: {reason:?}");
        assert!(page.has("#pass-error-page section a[href], #pass-error-page section button"), "{path}: no way on");
        assert!(page.has("dl.facts dd.num"), "{path}: no number to read out");
    }
}

/// Rauthy's amr followed from what the account owned.
#[actix_web::test]
async fn peer_bug_15_amr_tells_the_sign_in_and_not_what_the_account_owns() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    // Her account has a card; this sign-in did not use it.
    let asking = Asking::library();
    let tokens = asking.tokens(&pass, &pass.browser().log_in(&asking, "hanako").await).await;
    assert_eq!(tokens.claims["amr"], json!(["swk", "user"]));
}

/// Rauthy sent `state` back without encoding it again, so that it could add parameters.
#[actix_web::test]
async fn peer_bug_16_a_state_comes_back_exactly_and_adds_no_parameter() {
    let pass = TestPass::new().await;
    let browser = pass.browser();
    for state in
        ["a&code=stolen&iss=x", "a#fragment", "a b+c%20d", "日本&error=", "\"><script>", "%26code%3Dx", "a;b=c"]
    {
        let path = Asking::library().path().replace("state=a-state&", "");
        let pair = url::form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
        for wrong in ["&prompt=none", "&max_age=soon", "&request=a.b.c"] {
            let told = browser.get(&format!("{path}&{pair}{wrong}")).await;
            assert_eq!(told.parameter("state").as_deref(), Some(state), "{}", told.location);
            let address = url::Url::parse(&told.location).unwrap();
            let mut names: Vec<_> = address.query_pairs().map(|(name, _)| name.into_owned()).collect();
            names.sort();
            assert_eq!(names, ["error", "error_description", "iss", "state"], "{state}");
            assert_eq!(address.fragment(), None);
        }
    }
}

/// A replica of Kanidm had no signing keys and could authenticate nobody.
#[actix_web::test]
async fn peer_bug_17_a_second_node_signs_and_verifies_with_the_same_keys() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let asking = Asking::library();
    let first = asking.tokens(&pass, &pass.browser().log_in(&asking, "hanako").await).await;
    let node = || Directory::load(&pass.app.store, &pass.app.settings, &pass.app.keys.signing);
    let other = node().await.unwrap();
    assert!(other.keys.verify(&first.id).is_some());
    let signed = other.keys.sign(SigningAlg::ES256, "JWT", json!({ "a": 1 }).as_object().unwrap()).unwrap();
    assert!(pass.app.directory().keys.verify(&signed).is_some());
    assert_eq!(other.keys.jwks().bytes, pass.app.directory().keys.jwks().bytes);
    // A key made on one node is on the other as soon as it has read again.
    let new = NewKey { alg: SigningAlg::RS256, state: KeyState::Current, now: START };
    let key = generate(new, &pass.app.keys.signing, &*pass.app.entropy).unwrap();
    pass.app.store.write(move |tx| pass_store::signing_keys::insert(tx, &key)).await.unwrap();
    pass.app.reload().await.unwrap();
    let signed =
        pass.app.directory().keys.sign(SigningAlg::RS256, "JWT", json!({ "a": 1 }).as_object().unwrap()).unwrap();
    assert!(other.keys.verify(&signed).is_none() && node().await.unwrap().keys.verify(&signed).is_some());
}

/// eSignet sent a literal in the place of the transaction id.
#[actix_web::test]
async fn peer_bug_18_what_stands_for_a_transaction_is_another_one_each_time() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..4 {
        let page = browser.open(&Asking::library().path()).await;
        let handle = browser.at().split('/').nth(2).unwrap().to_string();
        assert!(handle.len() == 43 && seen.insert(handle.clone()), "{handle}");
        assert_ne!(page.attribute("input[name=csrf]", "value").unwrap(), handle);
        for literal in ["{$", "{{", "undefined", "transactionId", "TODO", "$handle", "[object"] {
            assert!(!page.body.contains(literal), "{literal} on {}", browser.at());
        }
    }
    // The same for what a sign-in gives: code, tokens, the number of the session.
    for _ in 0..2 {
        let asking = Asking::library();
        let answer = pass.browser().log_in(&asking, "hanako").await;
        assert!(seen.insert(answer.parameter("code").unwrap()));
        let tokens = asking.tokens(&pass, &answer).await;
        for value in [tokens.access, tokens.refresh, tokens.id] {
            assert!(seen.insert(value));
        }
    }
}

/// Keycloak asked for consent after the data had been entered and taken over.
#[actix_web::test]
async fn peer_bug_19_nothing_is_given_or_written_before_the_consent() {
    let pass = TestPass::new().await;
    let hanako = pass.proofed("hanako").await;
    let browser = pass.browser();
    let page = browser.open(&Asking::library().path()).await;
    let consent = browser.test_sign_in(&page, "hanako").await;
    assert!(consent.has("[id^='pass-consent-item-']"), "she sees the values, the facility does not yet");
    let before = pass.commits();
    assert!(!pass.acts(hanako.person).await.contains(&Act::ConsentGive));
    let silent = browser.get(&Asking::library().with("prompt", "none").path()).await;
    assert_eq!(silent.parameter("error").as_deref(), Some("consent_required"));
    assert_eq!(pass.commits(), before, "asking writes nothing");
    let facilities = browser.get("/me").await;
    assert!(!facilities.body.contains("/me/facilities/library"), "the library has nothing of hers");
}
