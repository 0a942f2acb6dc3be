//! What integrators find on a client's pages: switches, errors, checks and explanations.

use crate::support::Manager;
use actix_web::http::StatusCode;
use pass_core::domain::audit::Act;
use pass_core::domain::client_error::Endpoint;
use pass_core::domain::staff::Role;
use std::time::Duration;

const PAGE: &str = "/manager/clients/library";
const TRY: &str = "/manager/clients/library/try";

#[actix_web::test]
async fn an_administrator_changes_switches_and_it_is_on_record() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    browser.get(PAGE).await;
    let mark = browser.value("mark");
    let form = [("mark", mark.as_str()), ("on", "require_pkce"), ("on", "request_object"), ("minimum_acr", "aal2")];
    assert_eq!(browser.post(PAGE, &form).await, StatusCode::SEE_OTHER);
    let flags = manager.client("library").flags;
    assert!(flags.require_pkce && flags.request_object && !flags.introspection);
    assert_eq!(flags.minimum_acr, Some(pass_core::authn::acr::Acr::Aal2));
    assert_eq!(manager.details(Act::ClientChange).await, ["+request_object minimum_acr=aal2"]);

    // the same form again started from a state that is gone
    assert_eq!(browser.post(PAGE, &[("mark", &mark), ("minimum_acr", "")]).await, StatusCode::CONFLICT);
    assert!(manager.client("library").flags.request_object);
    // what a form cannot set stays
    browser.get(PAGE).await;
    let mark = browser.value("mark");
    let form = [("mark", mark.as_str()), ("on", "backchannel_session"), ("minimum_acr", "aal9")];
    assert_eq!(browser.post(PAGE, &form).await, StatusCode::SEE_OTHER);
    let client = manager.client("library");
    assert!(!client.metadata.backchannel_logout_session_required && client.flags.minimum_acr.is_none());
    assert!(!client.flags.require_pkce, "a confidential client may go without");
}

#[actix_web::test]
async fn a_public_client_cannot_lose_pkce() {
    let manager = Manager::open().await;
    let mut client = manager.client("library");
    client.metadata.token_endpoint_auth_method = pass_core::domain::client::ClientAuthMethod::None;
    let next = pass_admin::switches::changed(&client, false, &[], "");
    assert!(next.flags.require_pkce);
    client.flags.plain_login = false;
    assert!(!pass_admin::switches::changed(&client, false, &["plain_login".into()], "").flags.plain_login);
}

#[actix_web::test]
async fn who_may_not_change_a_client_sees_none_of_its_pages() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let before = manager.client("library").flags;
    let mut desk = manager.signed_in(&service, "高橋 亮", Role::Receptionist(manager.library)).await;
    let mut other = manager.signed_in(&service, "森 一", Role::FacilityAdmin(pass_core::id::FacilityId([2; 16]))).await;
    for path in [PAGE, TRY, "/manager/clients/library/errors"] {
        desk.get("/manager").await;
        assert_eq!(desk.get(path).await, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(other.get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [PAGE, TRY] {
        desk.get("/manager").await;
        assert_eq!(desk.post(path, &[("on", "introspection")]).await, StatusCode::FORBIDDEN, "{path}");
        other.get("/manager").await;
        assert_eq!(other.post(path, &[("on", "introspection")]).await, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(manager.client("library").flags, before);
}

#[actix_web::test]
async fn an_error_appears_and_a_flood_of_them_is_bounded() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    let page = "/manager/clients/library/errors";
    browser.get(page).await;
    assert!(!browser.body.contains("invalid_grant"));
    // without JavaScript a link shows the newest
    assert!(browser.body.contains(&format!("class=\"btn slim\" href=\"{page}\"")));
    let client = manager.client("library");
    for n in 0..100 {
        let said = if n == 0 { "The parameter 09012345678 is repeated." } else { "The code is not valid." };
        pass_web::note(&manager.app, &client, Endpoint::Token, "invalid_grant", said);
    }
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    browser.get(page).await;
    // sixty a minute
    assert_eq!(browser.body.matches("<span class=\"code\">invalid_grant</span>").count(), 60);
    assert!(browser.body.contains("60"), "the usual cause stands beside it");
    assert!(!browser.body.contains("09012345678"));
    // not on the page of another client of the city
    let mut other = manager.signed_in(&service, "森 一", Role::FacilityAdmin(pass_core::id::FacilityId([2; 16]))).await;
    other.get("/manager/clients/kosodate/errors").await;
    assert!(!other.body.contains("invalid_grant"));
}

#[actix_web::test]
async fn a_pasted_request_goes_through_the_very_checks() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    browser.get(TRY).await;
    let example = browser.between("id=\"example-url\" lang=\"en\">", "<").replace("&#38;", "&").replace("&amp;", "&");
    let cases = [
        (example.clone(), "tag ok", "mgr-try-accepted"),
        (example.replace("code_challenge=", "x="), "invalid_request", "code_challenge"),
        (example.replace("library.example", "library.evil.example"), "redirect_uri_mismatch", "tag bad"),
        (example.replace("client_id=library", "client_id=kosodate"), "client_unknown", "tag bad"),
        (example.replace("scope=openid+", "scope="), "invalid_scope", "tag bad"),
        ("nonsense".into(), "client_missing", "tag bad"),
    ];
    for (asked, has, and) in &cases {
        browser.get(TRY).await;
        assert_eq!(browser.post(TRY, &[("request", asked), ("do", "walk")]).await, StatusCode::OK);
        assert!(browser.body.contains(has), "{asked}: no {has}");
        let accepted = !browser.body.contains("tag bad");
        assert_eq!(accepted, *and == "mgr-try-accepted", "{asked}");
    }
    // nothing was begun, and nothing is on the client's account
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    browser.get("/manager/clients/library/errors").await;
    assert!(!browser.body.contains("invalid_request"));
}

#[actix_web::test]
async fn a_token_that_is_not_this_clients_explains_nothing() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    for token in ["", "Zk1n8w0c3QvT1a5R7mB0tq4yZk1n8w0c3QvT1a5R7mB", "a.b.c"] {
        browser.get(TRY).await;
        assert_eq!(browser.post(TRY, &[("token", token), ("do", "why")]).await, StatusCode::OK);
        assert!(browser.body.contains("role=\"alert\""), "{token}");
        assert!(token.is_empty() || !browser.body.contains(token), "a pasted token is not shown again");
    }
    assert!(manager.details(Act::ClientRead).await.iter().all(|detail| detail == "explain"));
}

#[actix_web::test]
async fn what_a_registration_names_is_shown_and_the_rest_is_empty() {
    use pass_core::domain::client::{ContentEncryption, Encryption, KeyManagementAlg};
    let manager = Manager::open().await;
    let mut client = manager.client("library");
    client.metadata.id_token_encryption =
        Some(Encryption { alg: KeyManagementAlg::EcdhEs, enc: ContentEncryption::A128GCM });
    client.metadata.default_max_age = Some(600);
    let lines = pass_admin::registered::registered(&client);
    let of = |name: &str| lines.iter().find(|line| line.name == name).unwrap().value.as_deref();
    assert_eq!(of("id_token_encrypted_response_alg"), Some("ECDH-ES A128GCM"));
    assert_eq!(of("default_max_age"), Some("600"));
    assert_eq!(of("userinfo_encrypted_response_alg"), None);
    assert_eq!(of("default_acr_values"), None);

    let service = manager.service().await;
    let mut browser = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    browser.get(PAGE).await;
    for line in &lines {
        assert!(browser.body.contains(line.name), "{}", line.name);
    }
}
