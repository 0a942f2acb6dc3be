//! What usually causes each error a program is told, and what to do: keys of the sentences.

use pass_core::domain::client_error::Endpoint;

/// Key of the sentence for an error code or the word of an error page.
pub fn cause(endpoint: Endpoint, code: &str) -> &'static str {
    match (endpoint, code) {
        (Endpoint::EndSession, _) => "mgr-error-logout",
        (Endpoint::Userinfo, "invalid_request") => "mgr-error-bearer",
        (_, "invalid_request" | "request_malformed") => "mgr-error-invalid_request",
        (_, "request_repeated") => "mgr-error-request_repeated",
        (_, "invalid_client") => "mgr-error-invalid_client",
        (_, "invalid_grant") => "mgr-error-invalid_grant",
        (_, "unauthorized_client" | "unsupported_grant_type") => "mgr-error-grant_type",
        (_, "unsupported_response_type") => "mgr-error-response_type",
        (_, "invalid_scope") => "mgr-error-invalid_scope",
        (_, "access_denied") => "mgr-error-access_denied",
        (_, "server_error" | "temporarily_unavailable") => "mgr-error-ours",
        (_, "login_required" | "interaction_required" | "consent_required" | "account_selection_required") => {
            "mgr-error-prompt_none"
        }
        (_, "unmet_authentication_requirements") => "mgr-error-unmet",
        (_, "request_not_supported" | "request_uri_not_supported" | "registration_not_supported") => {
            "mgr-error-not_supported"
        }
        (_, "invalid_redirect_uri" | "invalid_client_metadata" | "invalid_software_statement") => "mgr-error-metadata",
        (_, "invalid_request_object") => "mgr-error-invalid_request_object",
        (_, "invalid_request_uri") => "mgr-error-invalid_request_uri",
        (_, "invalid_token") => "mgr-error-invalid_token",
        (_, "insufficient_scope") => "mgr-error-insufficient_scope",
        (_, "redirect_uri_missing" | "redirect_uri_mismatch") => "mgr-error-redirect_uri",
        (_, "client_disabled") => "mgr-error-client_disabled",
        (_, "jwks_uri_unreadable") => "mgr-error-jwks_uri",
        _ => "mgr-error-other",
    }
}

/// Key of what to do where a check of an authorization request refuses; `rule` is its word in core.
pub fn advice(rule: &str) -> &'static str {
    match rule {
        "once" | "repeats" => "mgr-check-repeats",
        "client_id" => "mgr-check-client_id",
        "redirect_uri" => "mgr-check-redirect_uri",
        "response_mode" => "mgr-check-response_mode",
        "unsupported" => "mgr-check-unsupported",
        "may_ask" => "mgr-check-may_ask",
        "response_type" => "mgr-check-response_type",
        "pkce" => "mgr-check-pkce",
        "nonce" => "mgr-check-nonce",
        "prompt" => "mgr-check-prompt",
        "max_age" => "mgr-check-max_age",
        "acr_values" => "mgr-check-acr_values",
        "claims" => "mgr-check-claims",
        "id_token_hint" => "mgr-check-id_token_hint",
        "hints" => "mgr-check-hints",
        "purpose" => "mgr-check-purpose",
        "scope" => "mgr-check-scope",
        _ => "mgr-error-other",
    }
}

/// Key of why a claim is not given; `reason` is a word of `explain`.
pub fn reason(reason: &str) -> &'static str {
    match reason.split(':').next().unwrap_or_default() {
        "not_asked" => "mgr-why-not_asked",
        "above_ceiling" => "mgr-why-above_ceiling",
        "not_consented" => "mgr-why-not_consented",
        "declined" => "mgr-why-declined",
        "consent_withdrawn" => "mgr-why-consent_withdrawn",
        "needs_acr" => "mgr-why-needs_acr",
        "front_channel" => "mgr-why-front_channel",
        "not_proofed" => "mgr-why-not_proofed",
        "proofing_stale" => "mgr-why-proofing_stale",
        "proofing_revoked" => "mgr-why-proofing_revoked",
        _ => "mgr-why-value_unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass_core::oidc::authorize::RULES;

    #[test]
    fn every_check_of_a_request_has_advice_of_its_own() {
        let without: Vec<&str> =
            RULES.iter().map(|rule| rule.key).filter(|key| advice(key) == "mgr-error-other").collect();
        assert!(without.is_empty(), "no advice for {without:?}");
    }
}
