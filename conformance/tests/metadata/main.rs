//! Metadata honesty: nothing advertised that is not done, nothing done that is not advertised.
//!
//! Every member of the discovery document has one check here, by its name; a member without one fails, and so does a check
//! without its member. What a list names is tried and works; what it does not name is tried and refused.

mod app;
mod issuer;
mod login;
mod registering;

use std::collections::{BTreeMap, BTreeSet};

use issuer::{document, http, line, told};
use serde_json::Value;

type Check = fn(&Value);

/// One check for each member.
const CHECKS: &[(&str, Check)] = &[
    ("issuer", |value| assert_eq!(value, &line().issuer)),
    ("authorization_endpoint", login::authorization_endpoint),
    ("token_endpoint", login::token_endpoint),
    ("userinfo_endpoint", login::userinfo_endpoint),
    ("jwks_uri", login::jwks_uri),
    ("registration_endpoint", registering::endpoint),
    ("scopes_supported", login::scopes),
    ("response_types_supported", login::response_types),
    ("response_modes_supported", login::response_modes),
    ("grant_types_supported", login::grant_types),
    ("acr_values_supported", login::acr_values),
    ("subject_types_supported", registering::subject_types),
    ("id_token_signing_alg_values_supported", registering::id_token_signing),
    ("id_token_encryption_alg_values_supported", registering::id_token_encryption),
    ("id_token_encryption_enc_values_supported", registering::id_token_content_encryption),
    ("userinfo_signing_alg_values_supported", registering::userinfo_signing),
    ("userinfo_encryption_alg_values_supported", registering::userinfo_encryption),
    ("userinfo_encryption_enc_values_supported", registering::userinfo_content_encryption),
    ("request_object_signing_alg_values_supported", registering::request_object_signing),
    ("token_endpoint_auth_methods_supported", registering::auth_methods),
    ("token_endpoint_auth_signing_alg_values_supported", registering::auth_signing),
    ("display_values_supported", login::display),
    ("claim_types_supported", |value| assert_eq!(value, &serde_json::json!(["normal"]))),
    ("claims_supported", login::claims),
    ("ui_locales_supported", login::ui_locales),
    ("claims_parameter_supported", login::claims_parameter),
    ("request_parameter_supported", login::request_parameter),
    ("request_uri_parameter_supported", login::request_uri_parameter),
    ("require_request_uri_registration", login::request_uri_registration),
    ("end_session_endpoint", login::end_session_endpoint),
    ("backchannel_logout_supported", registering::backchannel_logout),
    ("backchannel_logout_session_supported", registering::backchannel_logout),
    ("frontchannel_logout_supported", registering::frontchannel_logout),
    ("frontchannel_logout_session_supported", registering::frontchannel_logout),
    ("check_session_iframe", login::check_session),
    ("introspection_endpoint", login::introspection_endpoint),
    ("introspection_endpoint_auth_methods_supported", registering::introspection_auth),
    ("revocation_endpoint", login::revocation_endpoint),
    ("revocation_endpoint_auth_methods_supported", registering::revocation_auth),
    ("code_challenge_methods_supported", login::code_challenge_methods),
    ("authorization_response_iss_parameter_supported", login::iss_parameter),
    ("verified_claims_supported", login::verified_claims),
    ("trust_frameworks_supported", login::verified_claims),
    ("claims_in_verified_claims_supported", login::claims_in_verified_claims),
    ("evidence_supported", login::evidence),
    ("electronic_records_supported", app::electronic_records),
];

#[test]
fn cap_49_every_member_of_the_metadata_is_true() {
    let checks: BTreeMap<&str, Check> = CHECKS.iter().copied().collect();
    let members: BTreeSet<&str> = document().keys().map(String::as_str).collect();
    assert_eq!(members, checks.keys().copied().collect(), "each member has its check, and each check its member");
    for (name, value) in document() {
        checks[name.as_str()](value);
    }
}

#[test]
fn cap_49_what_the_metadata_does_not_name_is_not_done() {
    // RFC 9126 5, RFC 8628 4, CIBA 4: endpoints that are usual elsewhere.
    for path in ["/par", "/request", "/device_authorization", "/device/auth", "/bc-authorize", "/token/mtls"] {
        let (status, _) = told(http().post(format!("{}{path}", line().issuer)).form(&[("client_id", "library")]));
        assert_eq!(status, 404, "{path}");
    }
    registering::what_is_not_named();
    login::what_is_not_named();
}

#[test]
fn cap_49_rfc_8414_reads_the_same_document() {
    let (status, other) = told(http().get(format!("{}/.well-known/oauth-authorization-server", line().issuer)));
    assert_eq!((status, other.as_object()), (200, Some(document())));
}
