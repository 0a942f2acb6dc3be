//! A token explains itself on its own client's page, and on no other.

use crate::support::Manager;
use actix_web::http::StatusCode;
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::domain::consent::Consent;
use pass_core::domain::grant::{AccessToken, Grant};
use pass_core::domain::person::DeclaredRecord;
use pass_core::domain::staff::Role;
use pass_core::domain::words::Language;
use pass_core::id::{ConsentId, FacilityId, GrantId, SessionId};
use pass_core::secret::Hash;
use pass_web::account::{New, create};
use std::time::Duration;

/// An access token of the library about somebody who typed a mail address and is not proofed.
async fn token(manager: &Manager) -> String {
    let app = &manager.app;
    let now = app.now();
    let declared = DeclaredRecord { email: Some("hanako@example.jp".into()), ..DeclaredRecord::default() };
    let new = New { now, language: Language::Ja, declared, address: None, extra: Vec::new() };
    let (account, person) = create(app, new).await.unwrap();
    let client = manager.client("library");
    let session = SessionId::new(now, &*app.entropy);
    let scopes: Vec<String> = vec!["email".into(), "openid".into(), "residence".into()];
    let consent = Consent {
        id: ConsentId::new(now, &*app.entropy),
        person,
        account,
        client: client.id,
        facility: client.facility,
        scopes: scopes.clone(),
        claims: vec![Claim::IsResident],
        declined: vec![],
        values: Hash::of("values"),
        ceiling_version: 1,
        session,
        remembered_until: None,
        given_at: now,
        withdrawn_at: None,
    };
    let grant = Grant {
        id: GrantId::new(now, &*app.entropy),
        person,
        account,
        client: client.id,
        consent: consent.id,
        session,
        scopes: scopes.clone(),
        claims: Default::default(),
        acr: Acr::Aal2,
        amr: vec!["mfa".into()],
        auth_time: now,
        auth_time_asked: false,
        created_at: now,
        revoked_at: None,
    };
    let secret = app.token();
    let token = AccessToken {
        hash: Hash::of(&secret),
        grant: Some(grant.id),
        client: client.id,
        scopes,
        front_channel: false,
        issued_at: now,
        expires_at: now + Duration::from_secs(3_600),
        revoked_at: None,
    };
    let rows = move |tx: &mut pass_store::Tx| {
        pass_store::consents::insert(tx, &consent)?;
        pass_store::grants::insert(tx, &grant)?;
        pass_store::access_tokens::insert(tx, &token)
    };
    app.store.write(rows).await.unwrap();
    secret
}

#[actix_web::test]
async fn a_token_explains_itself_on_its_own_clients_page_alone() {
    let manager = Manager::open().await;
    let service = manager.service().await;
    let token = token(&manager).await;
    let form = [("token", token.as_str()), ("do", "why")];

    let mut own = manager.signed_in(&service, "佐々木 恵", Role::FacilityAdmin(manager.library)).await;
    let page = "/manager/clients/library/try?lang=en";
    own.get(page).await;
    assert_eq!(own.post(page, &form).await, StatusCode::OK);
    for part in ["is_resident", "has not been proofed", "The facility may not ask for it"] {
        assert!(own.body.contains(part), "no {part} in {}", own.body);
    }
    for never in ["hanako", token.as_str()] {
        assert!(!own.body.contains(never), "{never}");
    }

    // on the page of another client it is nobody's
    let mut other = manager.signed_in(&service, "森 一", Role::FacilityAdmin(FacilityId([2; 16]))).await;
    let page = "/manager/clients/kosodate/try?lang=en";
    other.get(page).await;
    assert_eq!(other.post(page, &form).await, StatusCode::OK);
    assert!(other.body.contains("This is not a token of this system") && !other.body.contains("has not been proofed"));
}
