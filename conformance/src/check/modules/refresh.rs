//! Refresh tokens (OpenID Connect Core 12) and keys that change.

use std::{collections::BTreeSet, process::Command};

use serde_json::json;

use crate::check::{
    jose::OwnKey,
    outcome::{Step, Stop, must},
    party::{Ask, Party, Tokens},
    run::Run,
};

const RULES: &str = "OpenID Connect Core 12.2";

fn grants() -> serde_json::Value {
    json!({ "grant_types": ["authorization_code", "refresh_token"] })
}

/// OpenID Connect Core 11: `offline_access` wants `prompt=consent`.
fn offline(run: &Run<'_>, party: &Party) -> Ask {
    let ask = party.ask();
    if run.lists("scopes_supported", "offline_access") {
        ask.with("scope", "openid offline_access").with("prompt", "consent")
    } else {
        ask
    }
}

pub fn refresh_token(run: &mut Run<'_>) -> Step<()> {
    let party = run.party(grants())?;
    let ask = offline(run, &party);
    let first = run.login(&party, &ask)?;
    let Some(token) = first.refresh.clone() else {
        let promised = run.lists("grant_types_supported", "refresh_token");
        run.should(!promised, "RFC 8414 2", || "refresh_token is listed, and none was given".to_owned());
        return Err(Stop::Skipped("no refresh token was given".to_owned()));
    };
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let (again, next) = refreshed(run, &party, &ask, &token, &[])?;
    same(&first, &again)?;
    let scope = ask.get("scope").unwrap_or("openid").to_owned();
    let (narrow, last) = refreshed(run, &party, &ask, &next, &[("scope", &scope)])?;
    same(&first, &narrow)?;
    let other = run.party(grants())?;
    let stolen = run.token(&other, &[("grant_type", "refresh_token"), ("refresh_token", &last)])?;
    must(stolen.status == 400 && stolen.error() == "invalid_grant", "RFC 6749 6", || {
        format!("another client's refresh token: {}", stolen.line())
    })
}

/// New tokens, and the refresh token that is good from now on.
fn refreshed(
    run: &mut Run<'_>,
    party: &Party,
    ask: &Ask,
    token: &str,
    more: &[(&str, &str)],
) -> Step<(Tokens, String)> {
    let fields = [&[("grant_type", "refresh_token"), ("refresh_token", token)], more].concat();
    let answer = run.token(party, &fields)?;
    let tokens = run.granted(party, ask, answer, false)?;
    let next = tokens.refresh.clone().unwrap_or_else(|| token.to_owned());
    Ok((tokens, next))
}

fn same(first: &Tokens, again: &Tokens) -> Step<()> {
    must(first.access != again.access, "RFC 6749 6", || "the access token is the same".to_owned())?;
    if again.claims.is_null() {
        return Ok(());
    }
    let iat = |tokens: &Tokens| tokens.claims["iat"].as_i64();
    must(iat(again) > iat(first), RULES, || "iat did not move".to_owned())?;
    for name in ["iss", "sub", "aud", "azp", "auth_time"] {
        let (before, after) = (first.claims.get(name), again.claims.get(name));
        must(after.is_none() && name == "auth_time" || before == after, RULES, || format!("{name} changed"))?;
    }
    Ok(())
}

/// OpenID Connect Core 10.1.1: the client's keys change at its `jwks_uri`, and the issuer follows.
pub fn after_key_rotation(run: &mut Run<'_>) -> Step<()> {
    let listener = run.listener()?;
    let (path, old) = (crate::flow::random(), OwnKey::new("old"));
    listener.put(&path, json!({ "keys": [old.jwk()] }).to_string());
    let members = json!({
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "RS256",
        "jwks_uri": listener.url(&path),
    });
    let mut party = Party { key: Some(old), ..run.party(members)? };
    let ask = offline(run, &party);
    let first = run.login(&party, &ask)?;
    let token = first.refresh.ok_or_else(|| Stop::Skipped("no refresh token was given".to_owned()))?;
    let new = OwnKey::new("new");
    listener.put(&path, json!({ "keys": [new.jwk()] }).to_string());
    party.key = Some(new);
    std::thread::sleep(run.issuer.keys_kept);
    refreshed(run, &party, &ask, &token, &[]).map(drop)
}

/// OpenID Connect Core 10.1.1: a new key is published, and the old one stays, so that nobody is locked out.
pub fn rotate_keys(run: &mut Run<'_>) -> Step<()> {
    let Some(command) = run.issuer.rotate.clone() else {
        return Err(Stop::Skipped("needs a command that makes the issuer rotate its keys: --rotate".to_owned()));
    };
    let kids = |keys: Vec<serde_json::Value>| keys.iter().map(|key| key["kid"].to_string()).collect::<BTreeSet<_>>();
    let before = kids(run.keys()?);
    let done = Command::new("sh").args(["-c", &command]).output();
    let rotated = done.is_ok_and(|done| done.status.success());
    must(rotated, "the command", || format!("{command} failed"))?;
    std::thread::sleep(std::time::Duration::from_secs(3));
    let after = kids(run.keys()?);
    let rules = "OpenID Connect Core 10.1.1";
    must(after.iter().any(|kid| !before.contains(kid)), rules, || "no new key is published".to_owned())?;
    must(after.iter().any(|kid| before.contains(kid)), rules, || {
        "none of the old keys is published any more".to_owned()
    })?;
    let party = run.usual()?;
    run.login(&party, &party.ask()).map(drop)
}
