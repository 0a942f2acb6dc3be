//! What a program was refused is kept for its integrators, without a value of anybody; and its tokens explain themselves.

use crate::test_pass::{Asking, TestPass};
use pass_core::domain::client_error::{ClientError, Endpoint};
use pass_core::id::ClientId;
use pass_core::secret::Hash;
use pass_web::explain::explain;
use pass_web::people::{behind, open_records};

async fn kept(pass: &TestPass, client: ClientId) -> Vec<ClientError> {
    pass.flush().await;
    pass.app.store.read(move |tx| pass_store::client_errors::newest(tx, client, 200)).await.unwrap()
}

#[actix_web::test]
async fn what_a_program_was_refused_is_kept_without_a_value_of_anybody() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let client = pass.app.directory().party("library").unwrap().client.id;
    let browser = pass.browser();
    let asking = Asking::library();
    let tokens = asking.tokens(&pass, &browser.log_in(&asking, "hanako").await).await;

    let personal = Asking::library().with("login_hint", "hanako@example.jp").with("max_age", "hanako").path();
    browser.get(&personal).await;
    browser.get(&Asking::library().path().replace("redirect_uri=", "redirect_uri=x")).await;
    browser.get(&format!("{}&hanako=1&hanako=2", Asking::library().path())).await;
    assert_eq!(tokens.refresh(&pass).await.0, 200);
    assert_eq!(tokens.refresh(&pass).await.0, 400, "a used refresh token");
    assert_eq!(tokens.userinfo(&pass).await.0, 401, "its family is revoked");

    let errors = kept(&pass, client).await;
    let mut found: Vec<(Endpoint, &str)> = errors.iter().map(|error| (error.endpoint, error.code.as_str())).collect();
    found.sort_by_key(|(endpoint, code)| (endpoint.as_str(), *code));
    let expected = [
        (Endpoint::Authorize, "invalid_request"),
        (Endpoint::Authorize, "invalid_request"),
        (Endpoint::Authorize, "redirect_uri_mismatch"),
        (Endpoint::Token, "invalid_grant"),
        (Endpoint::Userinfo, "invalid_token"),
    ];
    assert_eq!(found, expected);
    let all = format!("{errors:?}");
    for never in ["hanako", "example.jp", "a-state", "a-nonce", &tokens.access, &tokens.refresh] {
        assert!(!all.contains(never), "{never} in {all}");
    }
    assert!(errors.iter().all(|error| error.reference.len() == 9));
}

#[actix_web::test]
async fn a_token_says_why_each_claim_is_given_or_not() {
    let pass = TestPass::new().await;
    pass.proofed("hanako").await;
    let browser = pass.browser();
    let asking = Asking::library().with("claims", r#"{"userinfo":{"name":null}}"#);
    let tokens = asking.tokens(&pass, &browser.log_in(&asking, "hanako").await).await;
    let hash = Hash::of(&tokens.access);
    let (rows, sealed) = pass.app.store.read(move |tx| behind(tx, &hash)).await.unwrap().unwrap();
    let records = open_records(&pass.app, rows.grant.person, sealed).unwrap();
    let party = pass.app.directory().party("library").unwrap().clone();
    let explained = explain(&rows, &records, &party.facility, &party.ceiling, pass.app.now());
    assert!(explained.alive);
    let of = |name: &str| explained.claims.iter().find(|one| one.claim.as_str() == name).unwrap();
    assert!(of("is_resident").given && of("is_resident").source == Some("proven"));
    assert!(!of("name").given && of("name").reasons.iter().any(|why| why == "above_ceiling"), "{:?}", of("name"));
    assert!(explained.claims.iter().all(|one| one.claim.as_str() != "email"), "neither asked for nor in the ceiling");
    // the answer of userinfo is the same
    let (_, told) = tokens.userinfo(&pass).await;
    for one in &explained.claims {
        assert_eq!(told.get(one.claim.as_str()).is_some(), one.given, "{}", one.claim.as_str());
    }
}
