//! A client's registration: what is accepted is harmless, and comes back as it was registered.

use super::city::{CLIENT, NOW};
use pass_core::domain::client::Client;
use pass_core::oidc::registration::{MAX_BYTES, Secrets, check, document, read};
use serde_json::Value;

/// Bytes are the JSON of a registration.
pub fn run(data: &[u8]) {
    let Ok(sent) = read(data) else { return };
    assert!(data.len() <= MAX_BYTES);
    let Ok(metadata) = check(&sent) else { return };
    assert!(!metadata.redirect_uris.is_empty());
    for address in metadata.redirect_uris.iter().chain(&metadata.post_logout_redirect_uris) {
        harmless(address);
        assert!(!address.contains(['*', '#']), "{address}");
    }
    let fetched = [&metadata.jwks_uri, &metadata.sector_identifier_uri, &metadata.backchannel_logout_uri];
    let shown = [&metadata.client_uri, &metadata.policy_uri, &metadata.tos_uri, &metadata.logo_uri];
    for address in fetched.into_iter().chain(shown).flatten().chain(&metadata.request_uris) {
        harmless(address);
        let written = address.to_ascii_lowercase();
        assert!(written.starts_with("https://") || written.starts_with("http://"), "{address}");
    }
    for key in metadata.jwks.iter().filter_map(|set| set["keys"].as_array()).flatten() {
        assert!(key.get("d").is_none() && key["kty"] != "oct", "a private key was kept");
    }
    // What is told can be registered again and means the same (RFC 7592 2.2).
    let client = Client { metadata, secret: None, created_at: NOW, ..CLIENT.clone() };
    let told = document(&client, "https://pass.example/register/library", Secrets::default());
    let told = Value::Object(told).to_string();
    let again =
        check(&read(told.as_bytes()).expect("our own document")).unwrap_or_else(|why| panic!("{why:?}: {told}"));
    assert_eq!(again.redirect_uris, client.metadata.redirect_uris);
    assert_eq!(again.scope, client.metadata.scope);
    assert_eq!(again.jwks, client.metadata.jwks);
    let second =
        document(&Client { metadata: again, ..client }, "https://pass.example/register/library", Secrets::default());
    assert_eq!(Value::Object(second).to_string(), told);
}

fn harmless(address: &str) {
    let url = url::Url::parse(address).unwrap_or_else(|why| panic!("{address}: {why}"));
    for scheme in ["javascript", "data", "vbscript", "file", "blob", "about"] {
        assert_ne!(url.scheme(), scheme, "{address}");
    }
    assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address:?}");
    assert!(url.username().is_empty() && url.password().is_none() && !address.contains('\\'), "{address}");
}
