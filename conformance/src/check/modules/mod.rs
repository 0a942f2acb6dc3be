//! The modules, named as the official suite names them.

mod claims;
mod code;
mod discovery;
mod front;
mod logout;
mod objects;
mod prompt;
mod refresh;
mod registration;
mod userinfo;

use super::{outcome::Step, run::Run};

/// One module.
#[derive(Clone, Copy)]
pub struct Module {
    /// Id of the official suite.
    pub id: &'static str,
    /// Its check.
    pub check: fn(&mut Run<'_>) -> Step<()>,
}

macro_rules! modules {
    ($($id:literal = $check:path;)+) => {
        /// All modules: what waits longest comes first.
        pub const ALL: &[Module] = &[$(Module { id: $id, check: $check }),+];
    };
}

modules! {
    "oidcc-codereuse-30seconds" = code::reuse_after_thirty_seconds;
    "oidcc-refresh-token-rp-key-rotation" = refresh::after_key_rotation;
    "oidcc-max-age-1" = prompt::max_age_1;
    "oidcc-backchannel-rp-initiated-logout" = logout::back_channel;
    "oidcc-prompt-login" = prompt::login;
    "oidcc-discovery-endpoint-verification" = discovery::verification;
    "oidcc-server" = code::server;
    "oidcc-response-type-missing" = code::response_type_missing;
    "oidcc-idtoken-signature" = code::id_token_signature;
    "oidcc-idtoken-unsigned" = objects::id_token_unsigned;
    "oidcc-idtoken-rs256" = code::id_token_rs256;
    "oidcc-userinfo-get" = userinfo::get;
    "oidcc-userinfo-post-header" = userinfo::post_header;
    "oidcc-userinfo-post-body" = userinfo::post_body;
    "oidcc-userinfo-rs256" = userinfo::rs256;
    "oidcc-ensure-request-without-nonce-succeeds-for-code-flow" = code::without_nonce;
    "oidcc-scope-profile" = claims::profile;
    "oidcc-scope-email" = claims::email;
    "oidcc-scope-address" = claims::address;
    "oidcc-scope-phone" = claims::phone;
    "oidcc-scope-all" = claims::all;
    "oidcc-claims-essential" = claims::essential;
    "oidcc-alternate-happy-flow" = code::other_order;
    "oidcc-display-page" = code::display_page;
    "oidcc-display-popup" = code::display_popup;
    "oidcc-login-hint" = code::login_hint;
    "oidcc-ui-locales" = code::ui_locales;
    "oidcc-claims-locales" = code::claims_locales;
    "oidcc-ensure-request-with-unknown-parameter-succeeds" = code::unknown_parameter;
    "oidcc-ensure-request-with-acr-values-succeeds" = code::acr_values;
    "oidcc-ensure-request-with-valid-pkce-succeeds" = code::pkce;
    "oidcc-ensure-post-request-succeeds" = code::post_request;
    "oidcc-server-client-secret-post" = code::client_secret_post;
    "oidcc-codereuse" = code::reuse;
    "oidcc-ensure-registered-redirect-uri" = code::unregistered_redirect_uri;
    "oidcc-prompt-none-not-logged-in" = prompt::none_without_session;
    "oidcc-prompt-none-logged-in" = prompt::none_with_session;
    "oidcc-max-age-10000" = prompt::max_age_10000;
    "oidcc-id-token-hint" = prompt::id_token_hint;
    "oidcc-refresh-token" = refresh::refresh_token;
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported" = objects::unsigned_by_reference;
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported" = objects::unsigned_by_value;
    "oidcc-ensure-request-object-with-redirect-uri" = objects::redirect_uri_inside;
    "oidcc-request-uri-unsigned" = objects::request_uri_unsigned;
    "oidcc-request-uri-signed-rs256" = objects::request_uri_signed;
    "oidcc-ensure-redirect-uri-in-authorization-request" = registration::redirect_uri_must_be_sent;
    "oidcc-redirect-uri-query-OK" = registration::query_ok;
    "oidcc-redirect-uri-query-mismatch" = registration::query_mismatch;
    "oidcc-redirect-uri-query-added" = registration::query_added;
    "oidcc-redirect-uri-regfrag" = registration::fragment;
    "oidcc-registration-logo-uri" = registration::logo;
    "oidcc-registration-policy-uri" = registration::policy;
    "oidcc-registration-tos-uri" = registration::terms;
    "oidcc-registration-jwks-uri" = registration::jwks_uri;
    "oidcc-registration-sector-uri" = registration::sector;
    "oidcc-registration-sector-bad" = registration::bad_sector;
    "oidcc-server-rotate-keys" = refresh::rotate_keys;
    "oidcc-ensure-client-assertion-with-iss-aud-succeeds" = registration::assertion_for_the_issuer;
    "oidcc-3rd_party-init-login" = registration::initiate_login;
    "oidcc-3rd_party-init-login-nohttps" = registration::initiate_login_without_tls;
    "oidcc-rp-initiated-logout-discovery-endpoint-verification" = discovery::logout;
    "oidcc-rp-initiated-logout" = logout::ordinary;
    "oidcc-rp-initiated-logout-no-state" = logout::without_state;
    "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri" = logout::unregistered;
    "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri" = logout::query_added;
    "oidcc-rp-initiated-logout-modified-id-token-hint" = logout::modified_hint;
    "oidcc-rp-initiated-logout-bad-id-token-hint" = logout::unsigned_hint;
    "oidcc-rp-initiated-logout-no-id-token-hint" = logout::without_hint;
    "oidcc-rp-initiated-logout-no-params" = logout::without_parameters;
    "oidcc-rp-initiated-logout-no-post-logout-redirect-uri" = logout::without_address;
    "oidcc-rp-initiated-logout-only-state" = logout::only_state;
    "oidcc-backchannel-logout-discovery-endpoint-verification" = discovery::back_channel;
    "oidcc-ensure-request-without-nonce-fails" = front::without_nonce;
    "oidcc-frontchannel-logout-discovery-endpoint-verification" = front::logout_verification;
    "oidcc-frontchannel-rp-initiated-logout" = front::logout;
    "oidcc-session-management-discovery-endpoint-verification" = front::session_verification;
    "oidcc-session-management-rp-initiated-logout" = front::session;
}
