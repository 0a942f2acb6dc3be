//! Discovery (OpenID Connect Discovery 3, RFC 8414 2, RFC 7591, RFC 9207 3, RP-Initiated Logout 2.1, Back-Channel Logout 2.1, Identity
//! Assurance 7): one document, prepared as bytes, served at both well-known addresses. Only members that PASS means and that the conformance suite knows.

use super::keys::Prepared;
use crate::claims::Claim;
use crate::claims::verified::{self, EvidenceRelease};
use crate::domain::client::{ClientAuthMethod, ContentEncryption, KeyManagementAlg, SigningAlg};
use crate::domain::response_type::ResponseType;
use crate::fault::{Fault, Outcome};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, AuthenticationContextClass, IssuerUrl, JsonWebKeySetUrl, LanguageTag,
    ProviderMetadata, RegistrationUrl, ResponseTypes, Scope, TokenUrl, UserInfoUrl,
};
use serde::{Deserialize, Serialize};

/// Where endpoints are, below the issuer.
pub mod paths {
    /// OpenID Connect Discovery 4
    pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
    /// RFC 8414 3
    pub const OAUTH_SERVER: &str = "/.well-known/oauth-authorization-server";
    /// Authorization endpoint.
    pub const AUTHORIZE: &str = "/authorize";
    /// Token endpoint.
    pub const TOKEN: &str = "/token";
    /// Userinfo endpoint.
    pub const USERINFO: &str = "/userinfo";
    /// JWK set.
    pub const JWKS: &str = "/jwks";
    /// RFC 7662
    pub const INTROSPECT: &str = "/introspect";
    /// RFC 7009
    pub const REVOKE: &str = "/revoke";
    /// RFC 7591
    pub const REGISTER: &str = "/register";
    /// RP-Initiated Logout.
    pub const END_SESSION: &str = "/session/end";
    /// Session Management 3.3.
    pub const CHECK_SESSION: &str = "/session/check";
}

/// Members that OpenID Connect Discovery itself does not name.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Besides {
    end_session_endpoint: String,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    frontchannel_logout_supported: bool,
    frontchannel_logout_session_supported: bool,
    check_session_iframe: String,
    introspection_endpoint: String,
    introspection_endpoint_auth_methods_supported: Vec<CoreClientAuthMethod>,
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: Vec<CoreClientAuthMethod>,
    code_challenge_methods_supported: Vec<String>,
    authorization_response_iss_parameter_supported: bool,
    verified_claims_supported: bool,
    trust_frameworks_supported: Vec<String>,
    claims_in_verified_claims_supported: Vec<CoreClaimName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    evidence_supported: Vec<String>,
    /// Identity Assurance 1.0, 7: REQUIRED with evidence of that type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    electronic_records_supported: Vec<String>,
}

impl AdditionalProviderMetadata for Besides {}

type Metadata = ProviderMetadata<
    Besides,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What differs between installations.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The issuer, without a slash at its end.
    pub issuer: &'a str,
    /// Algorithms that can sign now (`KeyRing::algorithms`).
    pub algorithms: &'a [SigningAlg],
    /// Scopes (`claims::scopes`).
    pub scopes: &'a [&'a str],
    /// Values of `acr`.
    pub acr_values: &'a [&'a str],
    /// What facilities learn about a certificate.
    pub evidence: EvidenceRelease,
    /// People can be proofed by the national service here.
    pub attested: bool,
}

/// The document as bytes.
pub fn document(offer: &Offer<'_>) -> Outcome<Prepared> {
    Prepared::json(&metadata(offer)?)
}

fn metadata(offer: &Offer<'_>) -> Outcome<Metadata> {
    let at = |path: &str| format!("{}{path}", offer.issuer);
    let fault = |cause| Fault::because("the issuer is not an address", cause);
    let metadata = Metadata::new(
        IssuerUrl::new(offer.issuer.to_owned()).map_err(fault)?,
        AuthUrl::new(at(paths::AUTHORIZE)).map_err(fault)?,
        JsonWebKeySetUrl::new(at(paths::JWKS)).map_err(fault)?,
        ResponseType::ALL.map(response_type).to_vec(),
        vec![CoreSubjectIdentifierType::Pairwise],
        offer.algorithms.iter().copied().map(algorithm).collect(),
        besides(offer),
    );
    Ok(metadata
        .set_token_endpoint(Some(TokenUrl::new(at(paths::TOKEN)).map_err(fault)?))
        .set_registration_endpoint(Some(RegistrationUrl::new(at(paths::REGISTER)).map_err(fault)?))
        .set_userinfo_endpoint(Some(UserInfoUrl::new(at(paths::USERINFO)).map_err(fault)?))
        .set_scopes_supported(Some(offer.scopes.iter().map(|scope| Scope::new((*scope).to_owned())).collect()))
        .set_response_modes_supported(Some(vec![
            CoreResponseMode::Query,
            CoreResponseMode::Fragment,
            CoreResponseMode::FormPost,
        ]))
        .set_grant_types_supported(Some(vec![
            CoreGrantType::AuthorizationCode,
            CoreGrantType::RefreshToken,
            CoreGrantType::ClientCredentials,
            CoreGrantType::Implicit,
        ]))
        .set_acr_values_supported(Some(words(offer.acr_values, AuthenticationContextClass::new)))
        .set_token_endpoint_auth_methods_supported(Some(methods(true)))
        .set_token_endpoint_auth_signing_alg_values_supported(Some(SigningAlg::ALL.map(algorithm).to_vec()))
        .set_display_values_supported(Some(vec![CoreAuthDisplay::Page]))
        .set_claim_types_supported(Some(vec![CoreClaimType::Normal]))
        .set_claims_supported(Some(claims(offer.evidence)))
        // `ja-easyjp` is understood too, but its variant is in no registry of BCP 47, and readers of metadata refuse it.
        .set_ui_locales_supported(Some(words(&["ja", "en"], LanguageTag::new)))
        .set_claims_parameter_supported(Some(true))
        .set_request_parameter_supported(Some(true))
        .set_request_uri_parameter_supported(Some(true))
        .set_require_request_uri_registration(Some(true))
        .set_request_object_signing_alg_values_supported(Some(SigningAlg::ALL.map(algorithm).to_vec()))
        .set_userinfo_signing_alg_values_supported(Some(offer.algorithms.iter().copied().map(algorithm).collect()))
        .set_id_token_encryption_alg_values_supported(Some(key_management()))
        .set_id_token_encryption_enc_values_supported(Some(content_encryption()))
        .set_userinfo_encryption_alg_values_supported(Some(key_management()))
        .set_userinfo_encryption_enc_values_supported(Some(content_encryption())))
}

fn besides(offer: &Offer<'_>) -> Besides {
    let issuer = offer.issuer;
    Besides {
        end_session_endpoint: format!("{issuer}{}", paths::END_SESSION),
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        frontchannel_logout_supported: true,
        frontchannel_logout_session_supported: true,
        check_session_iframe: format!("{issuer}{}", paths::CHECK_SESSION),
        introspection_endpoint: format!("{issuer}{}", paths::INTROSPECT),
        introspection_endpoint_auth_methods_supported: methods(false),
        revocation_endpoint: format!("{issuer}{}", paths::REVOKE),
        revocation_endpoint_auth_methods_supported: methods(true),
        code_challenge_methods_supported: vec!["S256".into()],
        authorization_response_iss_parameter_supported: true,
        verified_claims_supported: true,
        trust_frameworks_supported: with(offer, &[verified::TRUST_FRAMEWORK], verified::ATTESTED_FRAMEWORK),
        claims_in_verified_claims_supported: verified::supported()
            .map(|claim| CoreClaimName::new(claim.as_str().to_owned()))
            .collect(),
        evidence_supported: match offer.evidence {
            EvidenceRelease::None => with(offer, &[], verified::ATTESTED_EVIDENCE),
            EvidenceRelease::Pairwise | EvidenceRelease::Raw => {
                with(offer, &["electronic_signature"], verified::ATTESTED_EVIDENCE)
            }
        },
        electronic_records_supported: with(offer, &[], verified::ATTESTED_RECORD),
    }
}

/// With a word more where people can be proofed by the national service.
fn with(offer: &Offer<'_>, words: &[&str], attested: &str) -> Vec<String> {
    words.iter().copied().chain(offer.attested.then_some(attested)).map(str::to_owned).collect()
}

/// Of a public client no token can be introspected: anybody could ask in its name.
fn methods(public: bool) -> Vec<CoreClientAuthMethod> {
    let all = [
        ClientAuthMethod::ClientSecretBasic,
        ClientAuthMethod::ClientSecretPost,
        ClientAuthMethod::PrivateKeyJwt,
        ClientAuthMethod::None,
    ];
    let named = all.into_iter().filter(|method| public || *method != ClientAuthMethod::None);
    named
        .map(|method| match method {
            ClientAuthMethod::ClientSecretBasic => CoreClientAuthMethod::ClientSecretBasic,
            ClientAuthMethod::ClientSecretPost => CoreClientAuthMethod::ClientSecretPost,
            ClientAuthMethod::PrivateKeyJwt => CoreClientAuthMethod::PrivateKeyJwt,
            ClientAuthMethod::None => CoreClientAuthMethod::None,
        })
        .collect()
}

/// Off for a client until its switches say otherwise.
fn response_type(one: ResponseType) -> ResponseTypes<CoreResponseType> {
    let code = one.code().then_some(CoreResponseType::Code);
    let id_token = one.id_token().then_some(CoreResponseType::IdToken);
    let token = one.token().then_some(CoreResponseType::Token);
    ResponseTypes::new(code.into_iter().chain(id_token).chain(token).collect())
}

fn algorithm(alg: SigningAlg) -> CoreJwsSigningAlgorithm {
    match alg {
        SigningAlg::ES256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        SigningAlg::RS256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SigningAlg::PS256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    }
}

fn key_management() -> Vec<CoreJweKeyManagementAlgorithm> {
    let named = |alg| match alg {
        KeyManagementAlg::RsaOaep256 => CoreJweKeyManagementAlgorithm::RsaOaepSha256,
        KeyManagementAlg::RsaOaep => CoreJweKeyManagementAlgorithm::RsaOaep,
        KeyManagementAlg::EcdhEs => CoreJweKeyManagementAlgorithm::EcdhEs,
        KeyManagementAlg::EcdhEsA128Kw => CoreJweKeyManagementAlgorithm::EcdhEsAesKeyWrap128,
        KeyManagementAlg::EcdhEsA256Kw => CoreJweKeyManagementAlgorithm::EcdhEsAesKeyWrap256,
    };
    KeyManagementAlg::ALL.map(named).to_vec()
}

fn content_encryption() -> Vec<CoreJweContentEncryptionAlgorithm> {
    let named = |enc| match enc {
        ContentEncryption::A128CbcHs256 => CoreJweContentEncryptionAlgorithm::Aes128CbcHmacSha256,
        ContentEncryption::A256CbcHs512 => CoreJweContentEncryptionAlgorithm::Aes256CbcHmacSha512,
        ContentEncryption::A128GCM => CoreJweContentEncryptionAlgorithm::Aes128Gcm,
        ContentEncryption::A256GCM => CoreJweContentEncryptionAlgorithm::Aes256Gcm,
    };
    ContentEncryption::ALL.map(named).to_vec()
}

fn claims(evidence: EvidenceRelease) -> Vec<CoreClaimName> {
    let protocol = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "at_hash", "c_hash", "sid"];
    let given = |claim: &&Claim| **claim != Claim::CertificateSerial || evidence == EvidenceRelease::Raw;
    let people = Claim::ALL.iter().filter(given).map(|claim| claim.as_str());
    protocol.into_iter().chain(people).map(|name| CoreClaimName::new(name.to_owned())).collect()
}

fn words<T>(words: &[&str], make: impl Fn(String) -> T) -> Vec<T> {
    words.iter().map(|word| make((*word).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn published() -> Value {
        let offer = Offer {
            issuer: "https://pass.example",
            algorithms: &SigningAlg::ALL,
            scopes: &["openid", "residence"],
            acr_values: &["aal2", "aal2-face"],
            evidence: EvidenceRelease::Pairwise,
            attested: false,
        };
        serde_json::from_slice(&document(&offer).unwrap().bytes).unwrap()
    }

    #[test]
    fn cap_49_discovery_says_what_pass_does() {
        let published = published();
        for (member, value) in [
            ("issuer", json!("https://pass.example")),
            ("authorization_endpoint", json!("https://pass.example/authorize")),
            ("token_endpoint", json!("https://pass.example/token")),
            ("registration_endpoint", json!("https://pass.example/register")),
            ("end_session_endpoint", json!("https://pass.example/session/end")),
            ("backchannel_logout_supported", json!(true)),
            ("backchannel_logout_session_supported", json!(true)),
            ("jwks_uri", json!("https://pass.example/jwks")),
            (
                "response_types_supported",
                json!(["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"]),
            ),
            ("frontchannel_logout_supported", json!(true)),
            ("frontchannel_logout_session_supported", json!(true)),
            ("check_session_iframe", json!("https://pass.example/session/check")),
            ("response_modes_supported", json!(["query", "fragment", "form_post"])),
            ("subject_types_supported", json!(["pairwise"])),
            ("id_token_signing_alg_values_supported", json!(["ES256", "RS256", "PS256"])),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("claims_parameter_supported", json!(true)),
            ("request_parameter_supported", json!(true)),
            ("request_uri_parameter_supported", json!(true)),
            ("require_request_uri_registration", json!(true)),
            ("authorization_response_iss_parameter_supported", json!(true)),
            ("verified_claims_supported", json!(true)),
            ("trust_frameworks_supported", json!(["jp_pass_jpki"])),
            ("evidence_supported", json!(["electronic_signature"])),
            ("ui_locales_supported", json!(["ja", "en"])),
            ("grant_types_supported", json!(["authorization_code", "refresh_token", "client_credentials", "implicit"])),
            (
                "token_endpoint_auth_methods_supported",
                json!(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]),
            ),
        ] {
            assert_eq!(published[member], value, "{member}");
        }
        let claims = published["claims_supported"].as_array().unwrap();
        assert!(claims.contains(&json!("residence_city_code")) && claims.contains(&json!("sub")));
        assert!(published.get("electronic_records_supported").is_none());
        // An algorithm `none` stands nowhere.
        assert!(published.as_object().unwrap().iter().all(|(name, value)| {
            !name.contains("alg") || !value.as_array().is_some_and(|algs| algs.contains(&json!("none")))
        }));
        assert_eq!(published["request_object_signing_alg_values_supported"], json!(["ES256", "RS256", "PS256"]));
        assert_eq!(published["id_token_encryption_alg_values_supported"][0], "ECDH-ES");
    }

    #[test]
    fn cap_49_a_relying_party_library_reads_our_document() {
        let read: openidconnect::core::CoreProviderMetadata = serde_json::from_value(published()).unwrap();
        assert_eq!(read.issuer().as_str(), "https://pass.example");
        assert_eq!(read.token_endpoint().unwrap().as_str(), "https://pass.example/token");
    }

    #[test]
    fn a_loopback_issuer_keeps_its_exact_spelling() {
        let offer = Offer {
            issuer: "http://localhost:9000",
            algorithms: &[],
            scopes: &[],
            acr_values: &[],
            evidence: EvidenceRelease::None,
            attested: true,
        };
        let published: Value = serde_json::from_slice(&document(&offer).unwrap().bytes).unwrap();
        assert_eq!(published["issuer"], "http://localhost:9000");
        // Where the national service is an upstream, what it makes is named too.
        assert_eq!(published["trust_frameworks_supported"], json!(["jp_pass_jpki", "jp_pass"]));
        assert_eq!(published["evidence_supported"], json!(["electronic_record"]));
        assert_eq!(published["electronic_records_supported"], json!(["jp_digital_auth_app"]));
    }
}
