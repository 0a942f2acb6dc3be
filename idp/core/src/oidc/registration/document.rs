//! What is answered to a registration (RFC 7591 3.2.1, RFC 7592 3): everything registered, defaults included.

use crate::domain::client::{ApplicationType, Client, Encryption};
use serde_json::{Map, Value, json};

/// Secrets that are told this once.
#[derive(Clone, Copy, Default)]
pub struct Secrets<'a> {
    /// The client's secret.
    pub client: Option<&'a str>,
    /// The registration access token.
    pub registration: Option<&'a str>,
}

/// The document of a client; `management` is the address of its registration.
pub fn document(client: &Client, management: &str, secrets: Secrets<'_>) -> Map<String, Value> {
    let metadata = &client.metadata;
    let mut all = Map::new();
    let mut set = |name: &str, value: Value| all.insert(name.to_owned(), value);
    set("client_id", client.client_id.as_str().into());
    set("client_id_issued_at", client.created_at.seconds().into());
    set("registration_client_uri", management.into());
    if let Some(secret) = secrets.client {
        set("client_secret", secret.into());
    }
    if client.secret.is_some() {
        // RFC 7591 3.2.1: REQUIRED if a secret is issued; 0: it does not expire.
        set("client_secret_expires_at", 0.into());
    }
    if let Some(token) = secrets.registration {
        set("registration_access_token", token.into());
    }
    set("redirect_uris", json!(metadata.redirect_uris));
    set("response_types", json!(metadata.response_types));
    set("grant_types", metadata.grant_types.iter().map(|grant| grant.as_str()).collect());
    set("application_type", if metadata.application_type == ApplicationType::Native { "native" } else { "web" }.into());
    set("subject_type", "pairwise".into());
    set("scope", metadata.scope.join(" ").into());
    set("token_endpoint_auth_method", metadata.token_endpoint_auth_method.as_str().into());
    set("id_token_signed_response_alg", metadata.id_token_signed_response_alg.as_str().into());
    set("require_auth_time", metadata.require_auth_time.into());
    if !metadata.client_name.ja.is_empty() {
        set("client_name", metadata.client_name.ja.as_str().into());
    }
    optional(client, &mut set);
    all
}

fn optional(client: &Client, set: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let metadata = &client.metadata;
    let texts = [
        ("jwks_uri", &metadata.jwks_uri),
        ("sector_identifier_uri", &metadata.sector_identifier_uri),
        ("initiate_login_uri", &metadata.initiate_login_uri),
        ("backchannel_logout_uri", &metadata.backchannel_logout_uri),
        ("frontchannel_logout_uri", &metadata.frontchannel_logout_uri),
        ("client_uri", &metadata.client_uri),
        ("policy_uri", &metadata.policy_uri),
        ("tos_uri", &metadata.tos_uri),
        ("logo_uri", &metadata.logo_uri),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            set(name, text.as_str().into());
        }
    }
    let lists = [
        ("post_logout_redirect_uris", &metadata.post_logout_redirect_uris),
        ("request_uris", &metadata.request_uris),
        ("contacts", &metadata.contacts),
        ("default_acr_values", &metadata.default_acr_values),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        set(name, json!(list));
    }
    let algorithms = [
        ("token_endpoint_auth_signing_alg", metadata.token_endpoint_auth_signing_alg),
        ("userinfo_signed_response_alg", metadata.userinfo_signed_response_alg),
        ("request_object_signing_alg", metadata.request_object_signing_alg),
    ];
    for (name, alg) in algorithms {
        if let Some(alg) = alg {
            set(name, alg.as_str().into());
        }
    }
    for (what, encryption) in [("id_token", metadata.id_token_encryption), ("userinfo", metadata.userinfo_encryption)] {
        if let Some(Encryption { alg, enc }) = encryption {
            set(&format!("{what}_encrypted_response_alg"), alg.as_str().into());
            set(&format!("{what}_encrypted_response_enc"), enc.as_str().into());
        }
    }
    if let Some(set_of_keys) = &metadata.jwks {
        set("jwks", set_of_keys.clone());
    }
    if let Some(seconds) = metadata.default_max_age {
        set("default_max_age", seconds.into());
    }
    if metadata.frontchannel_logout_uri.is_some() {
        set("frontchannel_logout_session_required", metadata.frontchannel_logout_session_required.into());
    }
    if metadata.backchannel_logout_uri.is_some() {
        set("backchannel_logout_session_required", metadata.backchannel_logout_session_required.into());
    }
}
