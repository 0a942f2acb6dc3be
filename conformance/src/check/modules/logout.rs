//! Sign-out (OpenID Connect RP-Initiated Logout 1.0, Back-Channel Logout 1.0).

use serde_json::{Value, json};

use crate::check::{
    browser::{self, End},
    jose::{Jwt, unsigned},
    outcome::{Step, Stop, must},
    party::{Party, Tokens},
    run::Run,
};

const RULES: &str = "OpenID Connect RP-Initiated Logout 3";
const HOME: &str = "https://rp.check.example/signed-out";

/// A client that may be returned to, and a session.
fn signed_in(run: &mut Run<'_>, more: Value) -> Step<(Party, Tokens)> {
    run.endpoint("end_session_endpoint")?;
    let mut members = json!({ "post_logout_redirect_uris": [HOME] });
    if let (Some(members), Some(more)) = (members.as_object_mut(), more.as_object()) {
        members.extend(more.clone());
    }
    let party = if run.dynamic() { run.party(members)? } else { run.usual()? };
    let tokens = run.login(&party, &party.ask())?;
    Ok((party, tokens))
}

fn home(party: &Party) -> String {
    let registered = &party.registration["post_logout_redirect_uris"][0];
    let prepared = &party.registration["post_logout_redirect_uri"];
    registered.as_str().or(prepared.as_str()).unwrap_or(HOME).to_owned()
}

/// Opens the end of the session with these parameters.
fn sign_out(run: &mut Run<'_>, party: &Party, params: &[(&str, &str)]) -> Step<End> {
    let mut url = run.endpoint("end_session_endpoint")?;
    if !params.is_empty() {
        url.query_pairs_mut().extend_pairs(params);
    }
    let walk = browser::walk(&mut run.wire, &url, &[home(party)], &run.issuer.user)?;
    Ok(walk.end)
}

/// The browser comes back with these parameters and no others.
fn came_back(run: &mut Run<'_>, end: End, state: Option<&str>) -> Step<()> {
    let End::Left { params, .. } = end else {
        return Err(Stop::Failed(RULES, "the browser did not come back to the client".to_owned()));
    };
    let got = params.iter().find(|(name, _)| name == "state").map(|(_, value)| value.as_str());
    must(got == state, RULES, || format!("state is {got:?}"))?;
    run.should(params.iter().all(|(name, _)| name == "state"), RULES, || {
        "more parameters than state came back".to_owned()
    });
    Ok(())
}

/// No redirect, and a page of the issuer's own.
fn stayed(end: End) -> Step<()> {
    match end {
        End::Page(page) => must(page.status < 500, RULES, || format!("the issuer broke: {}", page.line())),
        End::Left { .. } => Err(Stop::Failed(RULES, "the browser was sent to the client".to_owned())),
    }
}

/// The session is over: nothing happens silently any more.
fn is_over(run: &mut Run<'_>, party: &Party) -> Step<()> {
    let error = run.error(party, &party.ask().with("prompt", "none"))?;
    must(error == "login_required", RULES, || format!("after signing out prompt=none gives {error}"))
}

pub fn ordinary(run: &mut Run<'_>) -> Step<()> {
    let (party, tokens) = signed_in(run, json!({}))?;
    let home = home(&party);
    let end = sign_out(
        run,
        &party,
        &[("id_token_hint", &tokens.id_token), ("post_logout_redirect_uri", &home), ("state", "abc")],
    )?;
    came_back(run, end, Some("abc"))?;
    is_over(run, &party)
}

pub fn without_state(run: &mut Run<'_>) -> Step<()> {
    let (party, tokens) = signed_in(run, json!({}))?;
    let home = home(&party);
    let end = sign_out(run, &party, &[("id_token_hint", &tokens.id_token), ("post_logout_redirect_uri", &home)])?;
    came_back(run, end, None)?;
    is_over(run, &party)
}

/// A sign-out that must not lead to the client; `params` besides `state`.
fn refused(run: &mut Run<'_>, params: impl Fn(&Tokens, &str) -> Vec<(&'static str, String)>) -> Step<()> {
    let (party, tokens) = signed_in(run, json!({}))?;
    let sent = params(&tokens, &home(&party));
    let mut sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sent.push(("state", "abc"));
    let end = sign_out(run, &party, &sent)?;
    stayed(end)
}

pub fn unregistered(run: &mut Run<'_>) -> Step<()> {
    refused(run, |tokens, home| {
        vec![("id_token_hint", tokens.id_token.clone()), ("post_logout_redirect_uri", format!("{home}/other"))]
    })
}

pub fn query_added(run: &mut Run<'_>) -> Step<()> {
    refused(run, |tokens, home| {
        vec![("id_token_hint", tokens.id_token.clone()), ("post_logout_redirect_uri", format!("{home}?foo=bar"))]
    })
}

pub fn modified_hint(run: &mut Run<'_>) -> Step<()> {
    refused(run, |tokens, home| {
        let (signed, signature) = tokens.id_token.rsplit_once('.').unwrap_or_default();
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let changed = format!("{signed}.{first}{}", signature.get(1..).unwrap_or_default());
        vec![("id_token_hint", changed), ("post_logout_redirect_uri", home.to_owned())]
    })
}

pub fn unsigned_hint(run: &mut Run<'_>) -> Step<()> {
    refused(run, |tokens, home| {
        vec![("id_token_hint", unsigned(&tokens.claims)), ("post_logout_redirect_uri", home.to_owned())]
    })
}

pub fn without_hint(run: &mut Run<'_>) -> Step<()> {
    refused(run, |_, home| vec![("post_logout_redirect_uri", home.to_owned())])
}

pub fn without_parameters(run: &mut Run<'_>) -> Step<()> {
    ends_here(run, &[])
}

pub fn only_state(run: &mut Run<'_>) -> Step<()> {
    ends_here(run, &[("state", "abc")])
}

fn ends_here(run: &mut Run<'_>, params: &[(&str, &str)]) -> Step<()> {
    let (party, _) = signed_in(run, json!({}))?;
    let end = sign_out(run, &party, params)?;
    stayed(end)?;
    is_over(run, &party)
}

pub fn without_address(run: &mut Run<'_>) -> Step<()> {
    let (party, tokens) = signed_in(run, json!({}))?;
    let end = sign_out(run, &party, &[("id_token_hint", &tokens.id_token), ("state", "abc")])?;
    stayed(end)?;
    is_over(run, &party)
}

/// OpenID Connect Back-Channel Logout 2.4 to 2.6.
pub fn back_channel(run: &mut Run<'_>) -> Step<()> {
    let listener = run.listener()?;
    let path = crate::flow::random();
    let (party, tokens) = signed_in(
        run,
        json!({ "backchannel_logout_uri": listener.url(&path), "backchannel_logout_session_required": true }),
    )?;
    let home = home(&party);
    let end = sign_out(
        run,
        &party,
        &[("id_token_hint", &tokens.id_token), ("post_logout_redirect_uri", &home), ("state", "abc")],
    )?;
    came_back(run, end, Some("abc"))?;
    let rules = "OpenID Connect Back-Channel Logout 2.5";
    let told = listener.posted(&path).ok_or_else(|| Stop::Failed(rules, "no notice came".to_owned()))?;
    let token = url::form_urlencoded::parse(told.as_bytes())
        .find(|(name, _)| name == "logout_token")
        .map(|(_, value)| value.into_owned());
    let token = token.ok_or_else(|| Stop::Failed(rules, "the notice holds no logout_token".to_owned()))?;
    notice(run, &party, &tokens, &token)
}

fn notice(run: &mut Run<'_>, party: &Party, tokens: &Tokens, token: &str) -> Step<()> {
    let rules = "OpenID Connect Back-Channel Logout 2.6";
    let jwt = Jwt::read(token).ok_or_else(|| Stop::Failed(rules, "the logout token is no JWT".to_owned()))?;
    let keys = run.keys()?;
    let key = keys.iter().find(|key| key["kid"] == jwt.header["kid"]);
    must(key.is_some_and(|key| jwt.is_signed_by(key)), rules, || "the signature is wrong".to_owned())?;
    run.should(jwt.header["typ"] == "logout+jwt", "OpenID Connect Back-Channel Logout 2.4", || {
        "typ is not logout+jwt".to_owned()
    });
    let told = &jwt.payload;
    let for_us = told["aud"] == party.id.as_str()
        || told["aud"].as_array().is_some_and(|all| all.iter().any(|one| one == party.id.as_str()));
    must(told["iss"] == run.issuer.url.as_str() && for_us, rules, || "iss or aud is wrong".to_owned())?;
    let event = &told["events"]["http://schemas.openid.net/event/backchannel-logout"];
    must(event.is_object(), rules, || "events does not say that it is a sign-out".to_owned())?;
    must(told["iat"].is_number() && told["jti"].is_string() && told.get("nonce").is_none(), rules, || {
        "iat or jti is missing, or nonce is there".to_owned()
    })?;
    let same = |name: &str| told.get(name).is_none_or(|value| tokens.claims.get(name) == Some(value));
    must(same("sub") && same("sid") && (told["sub"].is_string() || told["sid"].is_string()), rules, || {
        "sub or sid is another one".to_owned()
    })
}
