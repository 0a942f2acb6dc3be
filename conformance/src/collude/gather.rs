//! One person at two facilities in one browser: sign-in, tokens, userinfo, introspection, refresh, a silent login, errors,
//! a used code, sign-out. Everything that comes to a facility goes into its view.

use std::{thread, time::Duration};

use url::Url;

use super::{listener::Listener, seen::View};
use crate::{
    Browser, Resident,
    flow::{Answer, Party, Request, walk},
};

/// Every way of asking for something more than the scopes give.
const CLAIMS: &str = r#"{"id_token":{"auth_time":{"essential":true},"verified_claims":{"verification":{"trust_framework":null,"time":null,"verification_process":null,"evidence":[{"type":{"value":"electronic_signature"}}]},"claims":{"name":null}}},
"userinfo":{"verified_claims":{"verification":{"trust_framework":null,"assurance_level":null,"assurance_process":null,"time":null,"verification_process":null,"evidence":[{"type":{"value":"electronic_signature"},"signature_type":null,"issuer":null,"serial_number":null}]},"claims":{"name":null,"birthdate":null}}}}"#;

/// What each facility saw.
///
/// # Errors
/// A step did not go as it should.
pub fn views(
    parties: &[Party<'_>; 2],
    person: &Resident,
    listener: &Listener,
    planted: Option<&str>,
) -> Result<[View; 2], String> {
    let stops: Vec<String> = parties.iter().flat_map(|party| party.client.redirect_uris.clone()).collect();
    let mut browser = Browser::new(&stops);
    let mut views = [View::default(), View::default()];
    let mut hints = Vec::new();
    for (party, view) in parties.iter().zip(&mut views) {
        // So that the two do not share the second of everything they do.
        thread::sleep(Duration::from_millis(1100));
        hints.push(visit(party, &mut browser, person, view, planted)?);
    }
    sign_out(&parties[0], &mut browser, &hints[0], &mut views[0])?;
    for (party, view) in parties.iter().zip(&mut views) {
        if party.client.redirect_uris.len() > 1 {
            let told = listener.told(&party.client.client_id).ok_or("no notice of the sign-out came")?;
            for (name, value) in url::form_urlencoded::parse(told.as_bytes()) {
                view.text(&format!("notice.{name}"), &value);
            }
        }
        refused(&mut browser, &party.request().with(&[("prompt", Some("none"))]), view, "after_sign_out");
    }
    Ok(views)
}

/// One facility from sign-in to a used code; gives its ID token.
fn visit(
    party: &Party<'_>,
    browser: &mut Browser,
    person: &Resident,
    view: &mut View,
    planted: Option<&str>,
) -> Result<String, String> {
    let request = party.request().with(&[("claims", Some(CLAIMS)), ("max_age", Some("86400"))]);
    let (tokens, code) = login(party, browser, person, &request, view, "first")?;
    let (access, refresh) = (tokens.must("access_token"), tokens.text("refresh_token").map(str::to_owned));
    let mut told = party.userinfo(&access);
    if let (Some(planted), Some(body)) = (planted, told.body.as_object_mut()) {
        body.insert("device".to_owned(), planted.into());
    }
    note(view, "userinfo", &told);
    note(view, "introspection", &party.authenticated("introspection_endpoint", &[("token", &access)]));
    if let Some(refresh) = &refresh {
        note(view, "introspection", &party.authenticated("introspection_endpoint", &[("token", refresh)]));
        note(view, "refresh", &party.refresh(refresh));
    }
    let silent = party.request().with(&[("prompt", Some("none")), ("claims", Some(CLAIMS))]);
    let (again, _) = login(party, browser, person, &silent, view, "silent")?;
    note(view, "userinfo", &party.userinfo(&again.must("access_token")));
    let stale = party.request().with(&[("prompt", Some("none")), ("max_age", Some("0"))]);
    refused(browser, &stale, view, "refused");
    let somebody =
        party.request().with(&[("prompt", Some("none")), ("claims", Some(r#"{"id_token":{"sub":{"value":"x"}}}"#))]);
    refused(browser, &somebody, view, "refused");
    note(view, "used_code", &party.exchange(&code, &request));
    note(view, "revoked", &party.userinfo(&access));
    note(view, "revoked", &party.authenticated("introspection_endpoint", &[("token", &access)]));
    if let Some(refresh) = &refresh {
        note(view, "revoked", &party.refresh(refresh));
    }
    Ok(again.must("id_token"))
}

/// A login and its tokens; both ways of the answer are seen.
fn login(
    party: &Party<'_>,
    browser: &mut Browser,
    person: &Resident,
    request: &Request,
    view: &mut View,
    name: &str,
) -> Result<(Answer, String), String> {
    let end = walk(browser, person, request);
    seen_at_callback(view, name, &end.url, request);
    let code = end.query("code").ok_or_else(|| format!("{name} login: {}", end.told()))?;
    let tokens = party.exchange(&code, request);
    note(view, name, &tokens);
    if tokens.status == 200 { Ok((tokens, code)) } else { Err(format!("{name} exchange: {}", tokens.error())) }
}

/// A request that is refused at the redirect URI, or by a page, which the facility does not see.
fn refused(browser: &mut Browser, request: &Request, view: &mut View, name: &str) {
    let end = browser.open(&request.url);
    if end.left {
        seen_at_callback(view, name, &end.url, request);
    }
}

/// What the facility itself sent and knows anyway is left out.
fn seen_at_callback(view: &mut View, name: &str, url: &Url, request: &Request) {
    let mut url = url.clone();
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, value)| key != "state" || *value != request.state)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(kept);
    view.query(&format!("{name}.callback"), &url);
}

fn note(view: &mut View, name: &str, answer: &Answer) {
    view.headers(&format!("{name}.headers"), &answer.headers);
    if answer.body.is_null() {
        view.text(&format!("{name}.body"), &answer.raw);
    } else {
        view.json(&format!("{name}.body"), &answer.body);
    }
}

/// RP-Initiated Logout 1.0: ends the session for both.
fn sign_out(party: &Party<'_>, browser: &mut Browser, hint: &str, view: &mut View) -> Result<(), String> {
    let mut url = party.endpoint("end_session_endpoint");
    url.query_pairs_mut().append_pair("id_token_hint", hint).append_pair("state", "away");
    if let Some(home) = party.client.redirect_uris.get(1) {
        url.query_pairs_mut().append_pair("post_logout_redirect_uri", home);
    }
    let end = browser.open(&url);
    if end.left {
        view.query("signed_out", &end.url);
    }
    if end.status < 400 { Ok(()) } else { Err(format!("sign-out: {}", end.told())) }
}
