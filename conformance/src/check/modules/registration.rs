//! Clients that register themselves (OpenID Connect Dynamic Client Registration 1.0, RFC 7591).

use serde_json::{Value, json};

use super::code::never_redirects;
use crate::check::{
    browser::End,
    jose::OwnKey,
    outcome::{Step, Stop, must},
    party::{Party, REDIRECT},
    run::Run,
};

const RULES: &str = "OpenID Connect Registration 2";
const WITH_QUERY: &str = "https://rp.check.example/callback?foo=bar";

pub fn redirect_uri_must_be_sent(run: &mut Run<'_>) -> Step<()> {
    let second = format!("{REDIRECT}/second");
    let party = run.party(json!({ "redirect_uris": [REDIRECT, second] }))?;
    never_redirects(run, &party.ask().without("redirect_uri"), &[REDIRECT.to_owned(), second])
}

pub fn query_ok(run: &mut Run<'_>) -> Step<()> {
    let party = run.party(json!({ "redirect_uris": [WITH_QUERY] }))?;
    let (walk, _) = run.answered(&party, &party.ask())?;
    let End::Left { url, .. } = walk.end else { return Ok(()) };
    must(url.query_pairs().any(|(name, value)| name == "foo" && value == "bar"), "RFC 6749 3.1.2", || {
        "the registered query was lost".to_owned()
    })
}

pub fn query_mismatch(run: &mut Run<'_>) -> Step<()> {
    let party = run.party(json!({ "redirect_uris": [WITH_QUERY] }))?;
    never_redirects(run, &party.ask().with("redirect_uri", &WITH_QUERY.replace("bar", "baz")), &[REDIRECT.to_owned()])
}

pub fn query_added(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual_dynamic()?;
    never_redirects(run, &party.ask().with("redirect_uri", WITH_QUERY), &[REDIRECT.to_owned()])
}

pub fn fragment(run: &mut Run<'_>) -> Step<()> {
    let answer = run.registration(&json!({ "redirect_uris": [format!("{REDIRECT}#foobar")] }))?;
    let known = ["invalid_redirect_uri", "invalid_client_metadata"];
    must(answer.status == 400 && known.contains(&answer.error()), "RFC 6749 3.1.2", || {
        format!("a redirect_uri with a fragment: {}", answer.line())
    })
}

pub fn logo(run: &mut Run<'_>) -> Step<()> {
    shown(run, "logo_uri", "https://rp.check.example/logo.png", "img")
}

pub fn policy(run: &mut Run<'_>) -> Step<()> {
    shown(run, "policy_uri", "https://rp.check.example/policy", "https://rp.check.example/policy")
}

pub fn terms(run: &mut Run<'_>) -> Step<()> {
    shown(run, "tos_uri", "https://rp.check.example/terms", "https://rp.check.example/terms")
}

/// The person sees it before signing in.
fn shown(run: &mut Run<'_>, member: &'static str, value: &str, mark: &str) -> Step<()> {
    let party = run.party(json!({ member: value }))?;
    let walk = run.walk(&party, &party.ask())?;
    let page = walk.first_page.ok_or_else(|| Stop::Failed(RULES, "no sign-in page was shown".to_owned()))?;
    run.should(page.contains(mark), RULES, || format!("the sign-in page does not show {member}"));
    Ok(())
}

pub fn jwks_uri(run: &mut Run<'_>) -> Step<()> {
    let listener = run.listener()?;
    let (path, key) = (crate::flow::random(), OwnKey::new("one"));
    listener.put(&path, json!({ "keys": [key.jwk()] }).to_string());
    by_assertion(run, key, json!({ "jwks_uri": listener.url(&path) }))
}

pub fn assertion_for_the_issuer(run: &mut Run<'_>) -> Step<()> {
    let key = OwnKey::new("one");
    let keys = json!({ "jwks": { "keys": [key.jwk()] } });
    by_assertion(run, key, keys)
}

/// OpenID Connect Core 9: `private_key_jwt`, the issuer being the audience (RFC 7523 3).
fn by_assertion(run: &mut Run<'_>, key: OwnKey, mut members: Value) -> Step<()> {
    if !run.lists("token_endpoint_auth_methods_supported", "private_key_jwt") {
        return Err(Stop::Skipped("private_key_jwt is not offered".to_owned()));
    }
    members["token_endpoint_auth_method"] = json!("private_key_jwt");
    members["token_endpoint_auth_signing_alg"] = json!("RS256");
    let party = Party { key: Some(key), ..run.party(members)? };
    run.login(&party, &party.ask()).map(drop)
}

pub fn sector(run: &mut Run<'_>) -> Step<()> {
    let answer = with_sector(run, &json!([REDIRECT]))?;
    must(answer.0 == 201, "OpenID Connect Core 8.1", || format!("a good sector document: {}", answer.1))
}

pub fn bad_sector(run: &mut Run<'_>) -> Step<()> {
    let answer = with_sector(run, &json!(["https://other.check.example/callback"]))?;
    must(answer.0 == 400, "OpenID Connect Registration 5", || {
        format!("a sector document without the redirect_uri: {}", answer.1)
    })
}

fn with_sector(run: &mut Run<'_>, document: &Value) -> Step<(u16, String)> {
    if !run.lists("subject_types_supported", "pairwise") {
        return Err(Stop::Skipped("pairwise is not offered".to_owned()));
    }
    let listener = run.listener()?;
    let path = crate::flow::random();
    listener.put(&path, document.to_string());
    let answer =
        run.registration(&json!({ "subject_type": "pairwise", "sector_identifier_uri": listener.url(&path) }))?;
    Ok((answer.status, answer.line()))
}

pub fn initiate_login(run: &mut Run<'_>) -> Step<()> {
    let address = "https://rp.check.example/start";
    let party = run.party(json!({ "initiate_login_uri": address }))?;
    must(party.registration["initiate_login_uri"] == address, RULES, || {
        "initiate_login_uri did not come back".to_owned()
    })?;
    let (Some(uri), Some(token)) = (text(&party, "registration_client_uri"), text(&party, "registration_access_token"))
    else {
        return Ok(());
    };
    let read = run.wire.call(&format!("GET {uri}"), |http| http.get(&uri).bearer_auth(&token))?;
    must(read.status == 200 && read.json["initiate_login_uri"] == address, "RFC 7592 2.1", || {
        format!("reading it back: {}", read.line())
    })
}

fn text(party: &Party, name: &str) -> Option<String> {
    party.registration[name].as_str().map(str::to_owned)
}

pub fn initiate_login_without_tls(run: &mut Run<'_>) -> Step<()> {
    let answer = run.registration(&json!({ "initiate_login_uri": "http://rp.check.example/start" }))?;
    must(answer.status == 400 && answer.error() == "invalid_client_metadata", RULES, || {
        format!("initiate_login_uri without TLS: {}", answer.line())
    })
}

impl Run<'_> {
    fn usual_dynamic(&mut self) -> Step<Party> {
        self.party(json!({ "application_type": "web" }))
    }
}
