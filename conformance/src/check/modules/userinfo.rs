//! The userinfo endpoint (OpenID Connect Core 5.3).

use serde_json::json;

use crate::check::{
    jose::Jwt,
    outcome::{Step, Stop, must},
    run::Run,
};

pub fn get(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let tokens = run.login(&party, &party.ask().with("scope", "openid profile"))?;
    let told = run.userinfo(&tokens)?;
    let updated = &told["updated_at"];
    must(updated.is_null() || updated.is_number(), "OpenID Connect Core 5.1", || "updated_at is no number".to_owned())
}

pub fn post_header(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let tokens = run.login(&party, &party.ask())?;
    let endpoint = run.endpoint("userinfo_endpoint")?;
    let answer =
        run.wire.call(&format!("POST {endpoint}"), |http| http.post(endpoint.clone()).bearer_auth(&tokens.access))?;
    run.told(&answer, &tokens).map(drop)
}

pub fn post_body(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let tokens = run.login(&party, &party.ask())?;
    let endpoint = run.endpoint("userinfo_endpoint")?;
    let form = [("access_token", tokens.access.clone())];
    let answer =
        run.wire.call(&format!("POST {endpoint} access_token=.."), |http| http.post(endpoint.clone()).form(&form))?;
    if answer.status == 200 {
        return run.told(&answer, &tokens).map(drop);
    }
    run.warn("RFC 6750 2.2", format!("a token in the form is not taken: {}", answer.line()));
    Ok(())
}

/// OpenID Connect Core 5.3.2: signed, with `iss` and `aud`.
pub fn rs256(run: &mut Run<'_>) -> Step<()> {
    if !run.lists("userinfo_signing_alg_values_supported", "RS256") {
        return Err(Stop::Skipped("userinfo_signing_alg_values_supported does not name RS256".to_owned()));
    }
    let party = run.party(json!({ "userinfo_signed_response_alg": "RS256" }))?;
    let tokens = run.login(&party, &party.ask())?;
    let endpoint = run.endpoint("userinfo_endpoint")?;
    let answer =
        run.wire.call(&format!("GET {endpoint}"), |http| http.get(endpoint.clone()).bearer_auth(&tokens.access))?;
    let rules = "OpenID Connect Core 5.3.2";
    must(answer.header("content-type").starts_with("application/jwt"), rules, || {
        format!("userinfo comes as {}", answer.header("content-type"))
    })?;
    let jwt = Jwt::read(&answer.text).ok_or_else(|| Stop::Failed(rules, "userinfo is no JWT".to_owned()))?;
    let keys = run.keys()?;
    let key = keys.iter().find(|key| key["kid"] == jwt.header["kid"] && key["kid"].is_string());
    must(jwt.header["alg"] == "RS256" && key.is_some_and(|key| jwt.is_signed_by(key)), rules, || {
        "the signature is wrong".to_owned()
    })?;
    must(jwt.payload["iss"] == run.issuer.url.as_str() && names(&jwt.payload["aud"], &party.id), rules, || {
        "iss or aud is wrong".to_owned()
    })?;
    must(jwt.payload["sub"] == tokens.claims["sub"], rules, || "sub is another one".to_owned())
}

fn names(audience: &serde_json::Value, id: &str) -> bool {
    audience == id || audience.as_array().is_some_and(|list| list.iter().any(|one| one == id))
}
