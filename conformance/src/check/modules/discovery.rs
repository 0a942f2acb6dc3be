//! Metadata and keys (OpenID Connect Discovery 3, RFC 8414 2).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::check::{
    outcome::{Step, must},
    run::{Run, is_loopback},
};

const RULES: &str = "OpenID Connect Discovery 3";

pub fn verification(run: &mut Run<'_>) -> Step<()> {
    let url = format!("{}/.well-known/openid-configuration", run.issuer.url.trim_end_matches('/'));
    let answer = run.wire.call(&format!("GET {url}"), |http| http.get(&url))?;
    must(
        answer.status == 200 && answer.header("content-type").starts_with("application/json"),
        "OpenID Connect Discovery 4.2",
        || format!("discovery: {}", answer.line()),
    )?;
    must(answer.json["issuer"] == run.issuer.url.as_str(), "OpenID Connect Discovery 4.3", || {
        format!("issuer is {}, asked was {}", answer.json["issuer"], run.issuer.url)
    })?;
    for (name, value) in answer.json.as_object().into_iter().flatten() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let right = value.as_str().is_some_and(|text| text.starts_with("https://") || is_loopback(text));
            must(right, RULES, || format!("{name} is not https: {value}"))?;
        }
    }
    for name in ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"] {
        must(run.says(name).as_array().is_some_and(|list| !list.is_empty()), RULES, || format!("{name} is missing"))?;
    }
    must(run.lists("id_token_signing_alg_values_supported", "RS256"), RULES, || {
        "RS256 is missing among the ID token's algorithms".to_owned()
    })?;
    must(run.lists("response_types_supported", "code"), RULES, || "response type code is missing".to_owned())?;
    for name in ["grant_types_supported", "code_challenge_methods_supported"] {
        let value = run.says(name);
        must(value.is_null() || value.as_array().is_some_and(|list| !list.is_empty()), "RFC 8414 2", || {
            format!("{name} is an empty list or none")
        })?;
    }
    run.should(run.lists("scopes_supported", "openid"), RULES, || "scopes_supported does not name openid".to_owned());
    run.should(run.says("claims_supported").is_array(), RULES, || "claims_supported is missing".to_owned());
    locales(run)?;
    keys(run)
}

/// RFC 5646 2.1.1: language small, region capital.
fn locales(run: &Run<'_>) -> Step<()> {
    for name in ["ui_locales_supported", "claims_locales_supported"] {
        for tag in run.says(name).as_array().into_iter().flatten().filter_map(Value::as_str) {
            let right = tag.split('-').enumerate().all(|(at, part)| match (at, part.len()) {
                (0, _) => part.bytes().all(|byte| byte.is_ascii_lowercase()),
                (_, 2) => part.bytes().all(|byte| byte.is_ascii_uppercase()),
                _ => true,
            });
            must(right, "RFC 5646 2.1.1", || format!("{name}: {tag}"))?;
        }
    }
    Ok(())
}

fn keys(run: &mut Run<'_>) -> Step<()> {
    let keys = run.keys()?;
    must(!keys.is_empty(), "RFC 7517 5", || "jwks_uri holds no key".to_owned())?;
    let kids: BTreeSet<&str> = keys.iter().filter_map(|key| key["kid"].as_str()).collect();
    must(kids.len() == keys.len(), "RFC 7517 4.5", || "not every key has a kid of its own".to_owned())?;
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    let secret = keys.iter().any(|key| private.iter().any(|part| key.get(part).is_some()));
    must(!secret, "RFC 7517 9.2", || "jwks_uri holds a private key".to_owned())?;
    for key in keys.iter().filter(|key| key["kty"] == "RSA") {
        let length = key["n"].as_str().map_or(0, str::len) * 6;
        must(length >= 2040, "RFC 7518 3.3", || "an RSA key has less than 2048 bits".to_owned())?;
    }
    Ok(())
}

pub fn logout(run: &mut Run<'_>) -> Step<()> {
    run.endpoint("end_session_endpoint").map(drop)
}

pub fn back_channel(run: &mut Run<'_>) -> Step<()> {
    run.endpoint("end_session_endpoint")?;
    must(run.says("backchannel_logout_supported") == true, "OpenID Connect Back-Channel Logout 2.1", || {
        "backchannel_logout_supported is not true".to_owned()
    })
}
