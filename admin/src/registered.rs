//! What a registration fixes and Manager only shows: each value with what it costs.

use pass_core::domain::client::{Client, Encryption, SigningAlg};

/// One value of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its name in a registration (RFC 7591 2).
    pub name: &'static str,
    /// Its value; nothing where the registration names none.
    pub value: Option<String>,
    /// Key of the sentence on what it costs.
    pub cost: &'static str,
}

/// All of them, in the order of the page.
pub fn registered(client: &Client) -> Vec<Registered> {
    let metadata = &client.metadata;
    let line = |name, value, cost| Registered { name, value, cost };
    let alg = |alg: Option<SigningAlg>| alg.map(|alg| alg.as_str().to_owned());
    let encryption =
        |found: Option<&Encryption>| found.map(|found| format!("{} {}", found.alg.as_str(), found.enc.as_str()));
    let acr_values = Some(metadata.default_acr_values.join(" ")).filter(|values| !values.is_empty());
    vec![
        line(
            "id_token_signed_response_alg",
            alg(Some(metadata.id_token_signed_response_alg)),
            "mgr-fixed-id_token_alg",
        ),
        line(
            "id_token_encrypted_response_alg",
            encryption(metadata.id_token_encryption.as_ref()),
            "mgr-fixed-encrypted",
        ),
        line("userinfo_signed_response_alg", alg(metadata.userinfo_signed_response_alg), "mgr-fixed-userinfo_alg"),
        line(
            "userinfo_encrypted_response_alg",
            encryption(metadata.userinfo_encryption.as_ref()),
            "mgr-fixed-encrypted",
        ),
        line("token_endpoint_auth_signing_alg", alg(metadata.token_endpoint_auth_signing_alg), "mgr-fixed-only_alg"),
        line("request_object_signing_alg", alg(metadata.request_object_signing_alg), "mgr-fixed-only_alg"),
        line("backchannel_logout_uri", metadata.backchannel_logout_uri.clone(), "mgr-fixed-backchannel"),
        line("default_max_age", metadata.default_max_age.map(|age| age.to_string()), "mgr-fixed-max_age"),
        line("default_acr_values", acr_values, "mgr-fixed-acr_values"),
    ]
}
