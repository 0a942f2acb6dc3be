//! What a request may ask for, and what then comes of it.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use pass_conformance::{Browser, Resident};
use serde_json::{Value, json};

use crate::issuer::{REDIRECT, Registered, address, document, http, line, plain, shown_by, sign_in_page, told, words};

pub fn authorization_endpoint(_: &Value) {
    let (end, _) = plain().ends(&[]);
    assert!(end.query("code").is_some(), "{}", end.told());
}

pub fn token_endpoint(_: &Value) {
    assert!(plain().tokens(&[]).text("id_token").is_some());
}

pub fn userinfo_endpoint(_: &Value) {
    assert_eq!(told(http().get(address("userinfo_endpoint"))).0, 401);
    let access = plain().tokens(&[]).must("access_token");
    assert_eq!(plain().party().userinfo(&access).status, 200);
}

pub fn jwks_uri(_: &Value) {
    let (status, keys) = told(http().get(address("jwks_uri")));
    let keys = keys["keys"].as_array().cloned().unwrap_or_default();
    let algorithms: BTreeSet<&str> = keys.iter().filter_map(|key| key["alg"].as_str()).collect();
    let published = words(&document()["id_token_signing_alg_values_supported"]).into_iter().collect();
    assert_eq!((status, algorithms), (200, published), "a key for each algorithm, and none besides");
}

pub fn scopes(value: &Value) {
    // `api` is a scope of programs: no person is asked for it.
    for scope in words(value).into_iter().filter(|scope| *scope != "api") {
        let asked = if scope == "openid" { scope.to_owned() } else { format!("openid {scope}") };
        let tokens = plain().tokens(&[("scope", Some(&asked)), ("prompt", Some("consent"))]);
        let granted = tokens.text("scope").unwrap_or(&asked).to_owned();
        assert!(granted.split(' ').any(|one| one == scope), "{scope}: granted {granted}");
    }
    let bench = pass_conformance::flow::Party::new(line(), "bench");
    assert_eq!(bench.token(&[("grant_type", "client_credentials"), ("scope", "api")]).status, 200);
    for scope in ["family", "face", "facility", "groups", "profile2"] {
        let (status, _) = crate::issuer::registration(&json!({ "scope": format!("openid {scope}") }));
        assert_eq!(status, 400, "{scope} cannot be registered");
        let (end, request) = plain().ends(&[("scope", Some(&format!("openid {scope}")))]);
        if let Some(code) = end.query("code") {
            let tokens = plain().party().exchange(&code, &request);
            assert!(!tokens.text("scope").unwrap_or("openid").contains(scope), "{scope} was granted");
        }
    }
}

pub fn response_types(value: &Value) {
    let all = ["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"];
    assert_eq!(words(value), all);
    for one in all {
        let (end, _) = Registered::with(&json!({ "response_types": [one] })).ends(&[("response_type", Some(one))]);
        let wanted: BTreeSet<&str> = one.split(' ').collect();
        let came = [("code", "code"), ("id_token", "id_token"), ("token", "access_token")];
        let came: BTreeSet<&str> =
            came.into_iter().filter(|(_, name)| end.query(name).is_some()).map(|(word, _)| word).collect();
        assert_eq!(came, wanted, "{one}: {}", end.told());
    }
    for one in &all[1..] {
        assert_eq!(plain().error(&[("response_type", Some(one))]), "unauthorized_client", "{one}");
    }
    for other in ["token", "none", "CODE", "code code", "code none"] {
        assert_eq!(plain().error(&[("response_type", Some(other))]), "unsupported_response_type", "{other}");
    }
}

pub fn response_modes(value: &Value) {
    assert_eq!(words(value), ["query", "fragment", "form_post"]);
    for (mode, mark) in [("query", "?code="), ("fragment", "#code=")] {
        let (end, _) = plain().ends(&[("response_mode", Some(mode))]);
        assert!(end.left && end.url.as_str().contains(mark), "{mode}: {}", end.told());
    }
    let (page, _) = plain().ends(&[("response_mode", Some("form_post"))]);
    assert!(page.has("#pass-form-post"), "{}", page.told());
    for other in ["query.jwt", "form_post.jwt", "jwt", "web_message"] {
        let (end, _) = plain().ends(&[("response_mode", Some(other))]);
        assert!(end.query("code").is_none() && !end.has("#pass-form-post"), "{other} gave a code: {}", end.told());
    }
}

pub fn grant_types(value: &Value) {
    assert_eq!(words(value), ["authorization_code", "refresh_token", "client_credentials", "implicit"]);
    let tokens = plain().tokens(&[("scope", Some("openid offline_access")), ("prompt", Some("consent"))]);
    assert_eq!(plain().party().refresh(&tokens.must("refresh_token")).status, 200);
    // RFC 6749 4.2: a word of registration. `response_types` shows what comes of it; the token endpoint has nothing for it.
    let grants = [
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:openid:params:grant-type:ciba",
    ];
    for other in grants {
        assert_eq!(plain().party().token(&[("grant_type", other)]).error(), "unsupported_grant_type", "{other}");
    }
}

/// Session Management 3.3: a frame for those who watch, and for nobody else.
pub fn check_session(value: &Value) {
    let (status, _) = told(http().get(value.as_str().expect("an address")));
    assert_eq!(status, 200);
    shown_by(
        "idp/web/tests/story/front_channel.rs",
        "cap_49_a_client_that_watches_the_session_gets_a_state_that_ends_with_it",
    );
}

pub fn acr_values(value: &Value) {
    let tokens = plain().tokens(&[]).id_token();
    assert!(words(value).contains(&tokens["acr"].as_str().expect("an acr")));
    for acr in words(value) {
        let wish = json!({ "id_token": { "acr": { "essential": true, "values": [acr] } } }).to_string();
        let (end, request) = plain().ends(&[("claims", Some(&wish))]);
        // Reached at once, or the page that leads there, or out of this person's reach (no face enrolled, no card at hand).
        if let Some(code) = end.query("code") {
            let tokens = plain().party().exchange(&code, &request).id_token();
            let order = ["0", "aal1", "aal2", "aal3"];
            let at = |one: &str| order.iter().position(|word| *word == one);
            assert!(at(tokens["acr"].as_str().unwrap_or_default()) >= at(acr), "{acr}: {}", tokens["acr"]);
        } else {
            let unmet = end.query("error").as_deref() == Some("unmet_authentication_requirements");
            assert!(end.status == 200 || unmet, "{acr}: {}", end.told());
        }
    }
    let wish = json!({ "id_token": { "acr": { "essential": true, "values": ["loa99"] } } }).to_string();
    assert_eq!(plain().error(&[("claims", Some(&wish))]), "unmet_authentication_requirements");
}

pub fn display(value: &Value) {
    // OpenID Connect Core 3.1.2.1: other values are borne, not refused; the page is the same.
    assert_eq!(words(value), ["page"]);
    for asked in ["page", "popup", "touch", "wap"] {
        let (end, _) = plain().ends(&[("display", Some(asked))]);
        assert!(end.query("code").is_some(), "{asked}: {}", end.told());
    }
}

pub fn ui_locales(value: &Value) {
    for locale in words(value) {
        assert_eq!(sign_in_page(locale).attributes("html", "lang"), [locale], "asked for {locale}");
    }
    // Easy Japanese is `ja` with other words: its pages are not a language of their own.
    assert_eq!(sign_in_page("fr zh").attributes("html", "lang"), ["ja"], "a language nobody has");
}

/// Everything that is ever told of these people.
fn told_of(people: &[&Resident]) -> BTreeSet<String> {
    let scopes = words(&document()["scopes_supported"]).join(" ").replace(" api", "");
    let wish = json!({ "id_token": { "auth_time": { "essential": true } }, "userinfo": { "name#ja-Kana-JP": null } });
    let mut names = BTreeSet::new();
    let logout = json!({ "backchannel_logout_uri": "https://rp.example/out", "grant_types": ["authorization_code", "refresh_token"] });
    let client = Registered::with(&logout);
    // `c_hash` stands beside a code that goes through the browser with its ID token.
    let hybrid = Registered::with(&json!({ "response_types": ["code id_token"] }));
    let (end, _) = hybrid.ends(&[("response_type", Some("code id_token"))]);
    names.extend(claims_of(&end.query("id_token").expect("an ID token")).into_iter().map(|(name, _)| name));
    for person in people {
        let changes = [("scope", Some(&*scopes)), ("claims", Some(&*wish.to_string()))]
            .map(|(name, value)| (name, value.map(str::to_owned)));
        let changes: Vec<(&str, Option<&str>)> =
            changes.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        let tokens = client.login(person, &changes);
        names.extend(tokens.id_token().into_iter().map(|(name, _)| name));
        let userinfo = client.party().userinfo(&tokens.must("access_token")).body;
        names.extend(userinfo.as_object().expect("claims").keys().cloned());
    }
    names
}

fn claims_of(token: &str) -> serde_json::Map<String, Value> {
    let payload = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&BASE64URL.decode(payload).expect("base64url")).expect("claims")
}

pub fn claims(value: &Value) {
    let told = told_of(&[line().hanako(), line().user(0)]);
    let listed: BTreeSet<String> = words(value).into_iter().map(str::to_owned).collect();
    let unlisted: Vec<&String> = told.difference(&listed).collect();
    assert!(unlisted.is_empty(), "told and not listed: {unlisted:?}");
    let never: Vec<&String> = listed.difference(&told).collect();
    assert!(never.is_empty(), "listed, and nobody was ever told: {never:?}");
}

pub fn claims_parameter(value: &Value) {
    assert_eq!(value, true);
    let wish = json!({ "userinfo": { "nickname": null }, "id_token": { "email": null } }).to_string();
    let tokens = plain().tokens(&[("scope", Some("openid")), ("claims", Some(&wish)), ("prompt", Some("consent"))]);
    assert!(tokens.id_token().contains_key("email"));
    let userinfo = plain().party().userinfo(&tokens.must("access_token")).body;
    assert!(userinfo.get("nickname").is_some() && userinfo.get("email").is_none());
}

const OBJECTS: &str = "idp/web/tests/story/request_objects.rs";

pub fn request_parameter(value: &Value) {
    assert_eq!(value, true);
    shown_by(OBJECTS, "cap_49_a_signed_request_is_read_by_value_and_by_reference_and_keys_may_rotate");
    let part = |json: Value| BASE64URL.encode(json.to_string());
    let unsigned = format!("{}.{}.", part(json!({ "alg": "none" })), part(json!({ "client_id": "x" })));
    assert_eq!(plain().error(&[("request", Some(&unsigned))]), "invalid_request_object");
}

pub fn request_uri_parameter(value: &Value) {
    assert_eq!(value, true);
    shown_by(OBJECTS, "cap_49_a_signed_request_is_read_by_value_and_by_reference_and_keys_may_rotate");
}

pub fn request_uri_registration(value: &Value) {
    assert_eq!(value, true);
    assert_eq!(plain().error(&[("request_uri", Some("https://rp.example/object"))]), "invalid_request_uri");
}

pub fn end_session_endpoint(_: &Value) {
    let end = Browser::new(&[]).visit(address("end_session_endpoint"));
    assert_eq!(end.status, 200, "{}", end.told());
}

pub fn introspection_endpoint(_: &Value) {
    let access = plain().tokens(&[]).must("access_token");
    assert!(plain().party().is_active(&access));
}

pub fn revocation_endpoint(_: &Value) {
    let access = plain().tokens(&[]).must("access_token");
    assert_eq!(plain().party().authenticated("revocation_endpoint", &[("token", &access)]).status, 200);
    assert!(!plain().party().is_active(&access));
}

pub fn code_challenge_methods(value: &Value) {
    assert_eq!(words(value), ["S256"]);
    let _ = plain().tokens(&[]);
    for other in ["plain", "S512"] {
        assert_eq!(plain().error(&[("code_challenge_method", Some(other))]), "invalid_request", "{other}");
    }
}

pub fn iss_parameter(value: &Value) {
    assert_eq!(value, true);
    // RFC 9207 2: with a code and with an error.
    for changes in [&[][..], &[("prompt", Some("none"))]] {
        let (end, _) = plain().ends(changes);
        assert_eq!(end.query("iss").as_deref(), Some(&*line().issuer), "{}", end.told());
    }
    assert!(REDIRECT.starts_with("https://"));
}

/// `verified_claims` of 山田花子 with everything that can be said.
fn verified(claims: &[&str], verification: Value) -> Value {
    verified_of(line().hanako(), claims, verification)
}

/// The same of somebody.
pub fn verified_of(resident: &Resident, claims: &[&str], verification: Value) -> Value {
    let claims: Value =
        claims.iter().map(|name| ((*name).to_owned(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
    let wish =
        json!({ "userinfo": { "verified_claims": { "verification": verification, "claims": claims } } }).to_string();
    let changes = [("scope", Some("openid")), ("claims", Some(&*wish))];
    let tokens = plain().login(resident, &changes);
    plain().party().userinfo(&tokens.must("access_token")).body["verified_claims"].clone()
}

pub fn verified_claims(_: &Value) {
    let told = verified(&["name"], json!({ "trust_framework": null }));
    let framework = told["verification"]["trust_framework"].as_str().expect("a trust framework");
    let by_app = crate::app::framework();
    assert_eq!(words(&document()["trust_frameworks_supported"]), [framework, &by_app]);
    assert_eq!(document()["verified_claims_supported"], true);
    assert_eq!(verified(&["name"], json!({ "trust_framework": { "value": "de_aml" } })), Value::Null);
}

pub fn claims_in_verified_claims(value: &Value) {
    let told = verified(&words(&document()["claims_supported"]), json!({ "trust_framework": null }));
    let told: BTreeSet<&str> = told["claims"].as_object().expect("claims").keys().map(String::as_str).collect();
    assert_eq!(told, words(value).into_iter().collect());
}

pub fn evidence(value: &Value) {
    let told = verified(&["name"], json!({ "trust_framework": null, "evidence": [{ "type": null }] }));
    let types: Vec<&str> = told["verification"]["evidence"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["type"].as_str())
        .collect();
    let by_app = crate::app::evidence();
    assert_eq!(words(value), [types, vec![&by_app]].concat());
}

/// RFC 9449 5 and RFC 9126: what other issuers do on request changes nothing here.
pub fn what_is_not_named() {
    let request = plain().party().request();
    let code = plain().party().code(&mut plain().party().browser(), crate::issuer::person(), &request);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &*request.verifier),
        ("resource", "https://rs.example"),
    ];
    let tokens = plain().party().token(&fields);
    assert_eq!(tokens.text("token_type"), Some("Bearer"), "{}", tokens.error());
    assert_eq!(plain().error(&[("request_uri", Some("urn:ietf:params:oauth:request_uri:x"))]), "invalid_request_uri");
}
