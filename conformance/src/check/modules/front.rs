//! What goes through the browser: tokens of the implicit and hybrid flows, and the ways to hear of a sign-out there (OpenID
//! Connect Core 3.2 and 3.3, Front-Channel Logout 1.0, Session Management 1.0).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::check::{
    browser::{self, End},
    jose::Jwt,
    outcome::{Step, Stop, must},
    party::{Party, REDIRECT},
    run::Run,
};

const TYPES: [&str; 5] = ["id_token", "id_token token", "code id_token", "code token", "code id_token token"];
const FRONT: &str = "OpenID Connect Front-Channel Logout 1.0, 3";
const SESSION: &str = "OpenID Connect Session Management 1.0, 2";

/// Of every response type that the issuer names: what comes with a nonce is right, and without one nothing comes.
pub fn without_nonce(run: &mut Run<'_>) -> Step<()> {
    let offered: Vec<&str> = TYPES.into_iter().filter(|one| run.lists("response_types_supported", one)).collect();
    if offered.is_empty() {
        return Err(Stop::Skipped("the issuer names no response type with tokens through the browser".to_owned()));
    }
    for response_type in offered {
        let party = of_type(run, response_type)?;
        let ask = party.ask().with("response_type", response_type);
        let (_, params) = run.answered(&party, &ask)?;
        complete(run, response_type, &params, ask.nonce.as_deref())?;
        if response_type.contains("id_token") {
            let error = run.error(&party, &ask.without("nonce"))?;
            must(error == "invalid_request", "OpenID Connect Core 3.2.2.1", || {
                format!("{response_type} without a nonce gives {error}")
            })?;
        }
    }
    Ok(())
}

fn of_type(run: &mut Run<'_>, response_type: &str) -> Step<Party> {
    let code = response_type.contains("code").then_some("authorization_code");
    let grants: Vec<&str> = code.into_iter().chain(["implicit"]).collect();
    run.party(json!({ "response_types": [response_type], "grant_types": grants }))
}

/// Everything that the type names, and nothing else; the ID token binds what came with it.
fn complete(run: &mut Run<'_>, response_type: &str, params: &[(String, String)], nonce: Option<&str>) -> Step<()> {
    let rules = "OpenID Connect Core 3.3.2.5";
    let text = |name: &str| params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    for (word, name) in [("code", "code"), ("id_token", "id_token"), ("token", "access_token")] {
        let named = response_type.split(' ').any(|one| one == word);
        must(named == text(name).is_some(), rules, || format!("{response_type}: {name} is missing, or too much"))?;
    }
    if text("access_token").is_some() {
        let bearer = text("token_type").is_some_and(|word| word.eq_ignore_ascii_case("bearer"));
        must(bearer, "RFC 6749 4.2.2", || "token_type is not Bearer".to_owned())?;
        run.should(text("expires_in").is_some(), "RFC 6749 4.2.2", || "no expires_in".to_owned());
    }
    let Some(id_token) = text("id_token") else { return Ok(()) };
    let jwt = Jwt::read(id_token).ok_or_else(|| Stop::Failed("RFC 7519 7.2", "no signed JWT".to_owned()))?;
    let keys = run.keys()?;
    let key = keys.iter().find(|key| key["kid"] == jwt.header["kid"]);
    must(key.is_some_and(|key| jwt.is_signed_by(key)), rules, || "the signature is wrong".to_owned())?;
    must(jwt.payload["nonce"].as_str() == nonce, rules, || "nonce is not the one sent".to_owned())?;
    for (hash, bound) in [("c_hash", text("code")), ("at_hash", text("access_token"))] {
        let half = bound.map(|text| BASE64URL.encode(&Sha256::digest(text)[..16]));
        must(jwt.payload[hash].as_str() == half.as_deref(), "OpenID Connect Core 3.3.2.11", || {
            format!("{response_type}: {hash} is missing or of something else")
        })?;
    }
    Ok(())
}

pub fn logout_verification(run: &mut Run<'_>) -> Step<()> {
    run.endpoint("end_session_endpoint")?;
    must(run.says("frontchannel_logout_supported") == true, FRONT, || {
        "frontchannel_logout_supported is not true".to_owned()
    })
}

pub fn session_verification(run: &mut Run<'_>) -> Step<()> {
    run.endpoint("end_session_endpoint")?;
    run.endpoint("check_session_iframe").map(drop)
}

/// The page after signing out loads the client's address in a frame, with `iss` and the `sid` of its ID token.
pub fn logout(run: &mut Run<'_>) -> Step<()> {
    logout_verification(run)?;
    let address = REDIRECT.replace("/callback", "/front-channel");
    let party =
        run.party(json!({ "frontchannel_logout_uri": address, "frontchannel_logout_session_required": true }))?;
    let tokens = run.login(&party, &party.ask())?;
    let mut url = run.endpoint("end_session_endpoint")?;
    url.query_pairs_mut().append_pair("id_token_hint", &tokens.id_token);
    let walk = browser::walk(&mut run.wire, &url, &[], &run.issuer.user)?;
    let End::Page(page) = walk.end else {
        return Err(Stop::Failed(FRONT, "there is no page with frames".to_owned()));
    };
    let frame = frames(&page.text).into_iter().find(|frame| frame.starts_with(&address));
    let frame = frame.and_then(|frame| url::Url::parse(&frame).ok());
    let frame = frame.ok_or_else(|| Stop::Failed(FRONT, format!("no frame of the client: {}", page.line())))?;
    let named = |name: &str| frame.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    must(named("iss").as_deref() == Some(&run.issuer.url), FRONT, || "iss is another one".to_owned())?;
    must(named("sid").map(Value::from).as_ref() == tokens.claims.get("sid"), FRONT, || {
        "sid is not that of the ID token".to_owned()
    })
}

fn frames(page: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let selector = Selector::parse("iframe[src]").expect("a selector");
    html.select(&selector).filter_map(|frame| frame.attr("src").map(str::to_owned)).collect()
}

/// An answer carries a `session_state` with its salt; the frame of the issuer is there.
pub fn session(run: &mut Run<'_>) -> Step<()> {
    let frame = run.endpoint("check_session_iframe")?;
    let party = run.party(json!({}))?;
    let (_, params) = run.answered(&party, &party.ask())?;
    let state = params.iter().find(|(name, _)| name == "session_state").map(|(_, value)| value.as_str());
    let state = state.ok_or_else(|| Stop::Failed(SESSION, "no session_state came".to_owned()))?;
    must(!state.contains(' ') && state.contains('.'), SESSION, || "session_state has no salt, or a space".to_owned())?;
    let page = run.wire.page(&frame)?;
    must(page.status == 200 && page.text.contains("<script"), SESSION, || format!("the frame answers {}", page.line()))
}
