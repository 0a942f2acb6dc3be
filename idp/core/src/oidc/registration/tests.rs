use super::*;
use crate::domain::client::ClientFlags;
use crate::domain::client::{ContentEncryption, KeyManagementAlg, SigningAlg};
use crate::domain::response_type::ResponseType;
use crate::oidc::fixture;
use serde_json::{Value, json};

const CB: &str = "https://rp.example/cb";

fn registered(members: Value) -> Result<ClientMetadata, OAuthError> {
    let mut all = json!({ "redirect_uris": [CB] });
    for (name, value) in members.as_object().unwrap() {
        all[name] = value.clone();
    }
    check(&read(all.to_string().as_bytes())?)
}

fn key() -> Value {
    json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "1" }] })
}

#[test]
fn cap_49_a_registration_that_names_nothing_means_what_the_standards_say() {
    let metadata = registered(json!({})).unwrap();
    assert_eq!(metadata.id_token_signed_response_alg, SigningAlg::RS256);
    assert_eq!(metadata.token_endpoint_auth_method, ClientAuthMethod::ClientSecretBasic);
    assert_eq!(metadata.grant_types, [GrantType::AuthorizationCode]);
    assert!(metadata.scope.contains(&"residence".to_owned()) && !metadata.scope.contains(&"api".to_owned()));
}

#[test]
fn cap_49_everything_registered_comes_back() {
    let sent = json!({
        "client_name": "Reader", "client_name#ja": "読む人", "application_type": "web", "contacts": ["a@rp.example"],
        "logo_uri": "https://rp.example/l.png", "policy_uri": "https://rp.example/p", "tos_uri": "https://rp.example/t",
        "jwks": key(), "subject_type": "pairwise", "sector_identifier_uri": "https://rp.example/sector.json",
        "id_token_signed_response_alg": "PS256", "id_token_encrypted_response_alg": "ECDH-ES",
        "userinfo_signed_response_alg": "ES256", "userinfo_encrypted_response_alg": "RSA-OAEP-256",
        "userinfo_encrypted_response_enc": "A256GCM", "request_object_signing_alg": "RS256",
        "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256",
        "default_max_age": 60, "require_auth_time": true, "default_acr_values": ["aal2"],
        "initiate_login_uri": "https://rp.example/start", "request_uris": ["https://rp.example/r#abc"],
        "post_logout_redirect_uris": ["https://rp.example/bye"], "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"], "scope": "openid email", "backchannel_logout_uri": "https://rp.example/out",
        "backchannel_logout_session_required": true, "unknown_member": "x"
    });
    let metadata = registered(sent.clone()).unwrap();
    assert_eq!(metadata.client_name.ja, "読む人");
    let encryption = metadata.userinfo_encryption.unwrap();
    assert_eq!((encryption.alg, encryption.enc), (KeyManagementAlg::RsaOaep256, ContentEncryption::A256GCM));
    let client = crate::domain::client::Client { metadata, secret: None, ..fixture::client() };
    let told = document(&client, "https://pass.example/register/library", Secrets::default());
    for (name, value) in sent.as_object().unwrap() {
        match name.as_str() {
            "client_name" => assert_eq!(told[name], "読む人"),
            "client_name#ja" | "unknown_member" => assert!(!told.contains_key(name), "{name}"),
            _ => assert_eq!(&told[name], value, "{name}"),
        }
    }
    assert_eq!(told["id_token_encrypted_response_enc"], "A128CBC-HS256");
    assert!(!told.contains_key("client_secret_expires_at"), "there is no secret");
}

#[test]
fn cap_49_hostile_addresses_are_refused() {
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://rp.example/cb",
        "https://rp.example/cb#x",
        "/cb",
        "",
        "https://rp.example/cb#",
        "https://user@rp.example/cb",
        "https://user:pw@rp.example/",
        "https://*.rp.example/",
        "https://rp.example/a\r\nb",
        "https://rp.example\\@evil.example/",
        "https://rp.example/ b",
        "file:///etc/passwd",
        "vbscript:x",
        "https://rp.example/日本",
        "com.example.app:/cb",
        "blob:https://rp.example/x",
        "about:blank",
        "https:rp.example/cb",
        "https:/rp.example/cb",
        "https:///rp.example/cb",
        "HTTPS:/rp.example/cb",
    ] {
        let refused = registered(json!({ "redirect_uris": [bad] })).expect_err(bad);
        assert_eq!(refused.code(), ErrorCode::InvalidRedirectUri, "{bad}");
    }
    for name in [
        "logo_uri",
        "policy_uri",
        "tos_uri",
        "client_uri",
        "jwks_uri",
        "initiate_login_uri",
        "sector_identifier_uri",
        "backchannel_logout_uri",
    ] {
        for bad in [
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "http://rp.example/",
            "x",
            "https://rp.example/\n",
            "https:/rp.example/",
            "https://pass.example@evil.example/",
        ] {
            let refused = registered(json!({ name: bad })).expect_err(bad);
            assert_eq!(refused.code(), ErrorCode::InvalidClientMetadata, "{name} {bad}");
        }
    }
    for bad in ["https:/rp.example/r#x", "https://user@rp.example/r", "http://rp.example/r", "javascript:x"] {
        assert!(registered(json!({ "request_uris": [bad] })).is_err(), "{bad}");
    }
    assert!(registered(json!({ "redirect_uris": ["com.example.app:/cb"], "application_type": "native" })).is_ok());
    assert!(registered(json!({ "redirect_uris": ["javascript:x"], "application_type": "native" })).is_err());
    assert!(registered(json!({ "redirect_uris": ["http://127.0.0.1:9/cb"], "application_type": "native" })).is_ok());
    assert!(registered(json!({ "redirect_uris": [] })).is_err());
}

#[test]
fn cap_49_what_pass_does_not_do_is_refused_and_not_ignored() {
    let many: Vec<Value> = (0..10_000).map(|n| json!({ "kty": "EC", "kid": n.to_string() })).collect();
    for members in [
        json!({ "response_types": ["token"] }),
        json!({ "response_types": ["none"] }),
        json!({ "response_types": [] }),
        json!({ "response_types": ["id_token"], "grant_types": ["authorization_code"] }),
        json!({ "response_types": ["code id_token"], "grant_types": ["implicit"] }),
        json!({ "response_types": ["code id_token"], "grant_types": ["authorization_code"] }),
        json!({ "grant_types": ["implicit"] }),
        json!({ "frontchannel_logout_uri": "https://other.example/out" }),
        json!({ "frontchannel_logout_uri": "http://rp.example/out" }),
        json!({ "frontchannel_logout_uri": "https://rp.example/out#x" }),
        json!({ "frontchannel_logout_uri": "javascript:x" }),
        json!({ "grant_types": ["refresh_token"] }),
        json!({ "grant_types": ["client_credentials"] }),
        json!({ "subject_type": "public" }),
        json!({ "id_token_signed_response_alg": "none" }),
        json!({ "id_token_signed_response_alg": "HS256" }),
        json!({ "userinfo_signed_response_alg": "none" }),
        json!({ "request_object_signing_alg": "none" }),
        json!({ "id_token_encrypted_response_alg": "RSA1_5", "jwks": key() }),
        json!({ "id_token_encrypted_response_enc": "A128GCM", "jwks": key() }),
        json!({ "id_token_encrypted_response_alg": "ECDH-ES" }),
        json!({ "token_endpoint_auth_method": "client_secret_jwt" }),
        json!({ "token_endpoint_auth_method": "private_key_jwt" }),
        json!({ "token_endpoint_auth_method": "tls_client_auth" }),
        json!({ "request_object_encryption_alg": "RSA-OAEP" }),
        json!({ "jwks": key(), "jwks_uri": "https://rp.example/k" }),
        json!({ "jwks": { "keys": many } }),
        json!({ "jwks": { "keys": [{ "kty": "EC", "d": "x" }] } }),
        json!({ "jwks": { "keys": [{ "kty": "oct", "k": "x" }] } }),
        json!({ "jwks": [] }),
        json!({ "scope": "openid unheard" }),
        json!({ "scope": "api" }),
        json!({ "client_name": "x".repeat(101) }),
        json!({ "client_name": "a\u{202e}\u{7}b" }),
        json!({ "default_max_age": -1 }),
        json!({ "default_max_age": "60" }),
        json!({ "require_auth_time": "yes" }),
        json!({ "contacts": "a" }),
        json!({ "application_type": "desktop" }),
        json!({ "dpop_bound_access_tokens": true }),
    ] {
        let refused = registered(members.clone());
        assert_eq!(refused.map_err(|error| error.code()), Err(ErrorCode::InvalidClientMetadata), "{members}");
    }
    assert_eq!(
        registered(json!({ "software_statement": "a.b.c" })).unwrap_err().code(),
        ErrorCode::InvalidSoftwareStatement
    );
    assert!(read(&vec![b' '; MAX_BYTES + 1]).is_err());
    assert!(read(b"[]").is_err() && read(b"{").is_err());
}

#[test]
fn cap_49_a_sector_document_names_every_redirect_uri() {
    let metadata = registered(json!({})).unwrap();
    assert!(check_sector(&metadata, &json!(["https://other.example/", CB])).is_ok());
    for other in [json!([]), json!([CB.replace("https", "http")]), json!({ "redirect_uris": [CB] }), json!(CB)] {
        assert!(check_sector(&metadata, &other).is_err(), "{other}");
    }
}

#[test]
fn cap_49_every_response_type_registers_where_the_switches_allow_it() {
    for one in ResponseType::ALL {
        let metadata = registered(json!({ "response_types": [one.as_str()] })).unwrap();
        assert_eq!(metadata.response_types, [one]);
        assert_eq!(metadata.grant_types.contains(&GrantType::AuthorizationCode), one.code());
        assert_eq!(metadata.grant_types.contains(&GrantType::Implicit), one.in_front());
        assert_eq!(allowed(&metadata, &ClientFlags::default()).is_ok(), !one.in_front(), "{one:?}");
        let on = ClientFlags { implicit: !one.code(), hybrid: one.code(), ..ClientFlags::default() };
        assert!(allowed(&metadata, &on).is_ok(), "{one:?}");
    }
    let metadata = registered(json!({ "frontchannel_logout_uri": "https://rp.example/out?a=1" })).unwrap();
    assert!(allowed(&metadata, &ClientFlags::default()).is_err());
    assert!(allowed(&metadata, &ClientFlags { frontchannel_logout: true, ..ClientFlags::default() }).is_ok());
}

#[test]
fn a_switch_registers_its_response_types_and_takes_them_back() {
    let (plain, mut client) = (fixture::client(), fixture::client());
    client.switch_hybrid(true);
    assert!(ResponseType::ALL.iter().all(|one| client.may_ask_for(*one) == one.code()));
    client.switch_implicit(true);
    assert!(ResponseType::ALL.iter().all(|one| client.may_ask_for(*one)));
    client.switch_hybrid(false);
    assert!(
        ResponseType::ALL.iter().all(|one| { client.may_ask_for(*one) == (*one == ResponseType::Code || !one.code()) })
    );
    client.switch_implicit(false);
    assert_eq!(client, plain);
}
