//! Clients that register themselves, and verified claims at a facility that asks for them.

use crate::test_pass::{Asking, Browser, Reply, TestPass};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use pass_core::domain::client::{ClientFlags, InitialAccessToken};
use pass_core::secret::Hash;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const INITIAL: &str = "an initial access token";

pub(crate) async fn invite(pass: &TestPass) {
    let directory = pass.app.directory();
    let facility = directory.party("kosodate").unwrap().facility.id;
    let now = pass.app.now();
    let token = InitialAccessToken {
        hash: Hash::of(INITIAL),
        facility,
        flags: ClientFlags { require_pkce: false, ..ClientFlags::default() },
        created_at: now,
        expires_at: now + Duration::from_secs(3600),
    };
    pass.app.store.write(move |tx| pass_store::initial_access_tokens::insert(tx, &token)).await.unwrap();
}

pub(crate) async fn call(wire: &Browser, method: Method, path: &str, token: &str, body: Value) -> Reply {
    let request = TestRequest::default().method(method).uri(path);
    wire.send(request.insert_header(("authorization", format!("Bearer {token}"))).set_json(body)).await
}

fn text<'a>(document: &'a Value, name: &str) -> &'a str {
    document[name].as_str().unwrap_or_else(|| panic!("no {name} in {document}"))
}

#[actix_web::test]
async fn cap_49_a_client_registers_reads_changes_and_removes_itself() {
    let pass = TestPass::new().await;
    invite(&pass).await;
    let wire = pass.browser();
    let asked = json!({ "redirect_uris": ["https://rp.example/cb"], "client_name": "Reader" });
    for token in ["", "another token"] {
        let refused = call(&wire, Method::POST, "/register", token, asked.clone()).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["error"]), (401, &json!("invalid_token")));
    }
    let bad =
        call(&wire, Method::POST, "/register", INITIAL, json!({ "redirect_uris": ["https://rp.example/#x"] })).await;
    assert_eq!((bad.status.as_u16(), &bad.json()["error"]), (400, &json!("invalid_redirect_uri")));

    let made = call(&wire, Method::POST, "/register", INITIAL, asked).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    let made = made.json();
    let (id, own) = (text(&made, "client_id"), text(&made, "registration_access_token"));
    assert_eq!((&made["client_secret_expires_at"], &made["subject_type"]), (&json!(0), &json!("pairwise")));
    let path = text(&made, "registration_client_uri").strip_prefix("http://localhost:8080").unwrap().to_string();
    assert_eq!(path, format!("/register/{id}"));

    let told = call(&wire, Method::GET, &path, own, Value::Null).await.json();
    assert_eq!(told["client_name"], "Reader");
    assert!(told.get("client_secret").is_none() && told.get("registration_access_token").is_none());
    assert_eq!(call(&wire, Method::GET, &path, INITIAL, Value::Null).await.status.as_u16(), 401);
    assert_eq!(call(&wire, Method::GET, "/register/library", own, Value::Null).await.status.as_u16(), 401);

    let uris = json!(["https://rp.example/cb", "https://rp.example/other"]);
    let other = json!({ "client_id": "library", "redirect_uris": uris });
    assert_eq!(call(&wire, Method::PUT, &path, own, other).await.status.as_u16(), 400);
    let guessed = json!({ "client_id": id, "redirect_uris": uris, "client_secret": "mine" });
    assert_eq!(call(&wire, Method::PUT, &path, own, guessed).await.status.as_u16(), 400);
    let changed = call(&wire, Method::PUT, &path, own, json!({ "client_id": id, "redirect_uris": uris })).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["redirect_uris"]), (200, &uris), "{}", changed.body);
    assert!(changed.json().get("client_name").is_none(), "what is not sent is gone");

    let begun = format!(
        "/authorize?client_id={id}&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Frp.example%2Fother"
    );
    assert_eq!(wire.get(&begun).await.status.as_u16(), 303, "it can be used at once");
    assert_eq!(call(&wire, Method::DELETE, &path, own, Value::Null).await.status.as_u16(), 204);
    assert_eq!(call(&wire, Method::GET, &path, own, Value::Null).await.status.as_u16(), 401);
    assert_eq!(wire.get(&begun).await.status.as_u16(), 400);

    pass.wait(Duration::from_secs(3601));
    let late =
        call(&wire, Method::POST, "/register", INITIAL, json!({ "redirect_uris": ["https://rp.example/cb"] })).await;
    assert_eq!(late.status.as_u16(), 401);
}

#[actix_web::test]
async fn cap_52_a_facility_learns_how_the_card_proved_a_name() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let element = json!({
        "verification": { "trust_framework": null, "time": null, "assurance_process": null, "evidence": [{ "type": null }] },
        "claims": { "name": null, "birthdate": null, "email": null } });
    let asking = Asking::kosodate().with(
        "claims",
        &json!({ "userinfo": { "verified_claims": element }, "id_token": { "verified_claims": element } }).to_string(),
    );
    let answer = pass.browser().log_in(&asking, "hanako").await;
    let tokens = asking.tokens(&pass, &answer).await;
    let (status, told) = tokens.userinfo(&pass).await;
    assert_eq!(status, 200);
    let verified = &told["verified_claims"];
    assert_eq!(verified["verification"]["trust_framework"], "jp_pass_jpki");
    assert_eq!(verified["claims"]["birthdate"], "1988-02-29");
    // Who said that the certificate was not revoked, and on which day it was verified; the hour is nobody's business.
    let process = &verified["verification"]["assurance_process"];
    assert_eq!(process["procedure"], "jpki_sign_cert_crl");
    assert_eq!(process["assurance_details"][0]["assurance_classification"], "revocation_checked");
    assert!(verified["verification"]["time"].as_str().unwrap().ends_with("T00:00+09:00"));
    assert!(verified["claims"].get("email").is_none(), "nobody verified it");
    assert_eq!(tokens.claims["verified_claims"], *verified, "the same in the ID token");

    let plain = Asking::library().with("claims", &json!({ "userinfo": { "verified_claims": element } }).to_string());
    let answer = pass.browser().log_in(&plain, "hanako").await;
    let (_, told) = plain.tokens(&pass, &answer).await.userinfo(&pass).await;
    assert!(told.get("verified_claims").is_none(), "above the library's ceiling: {told}");
}
