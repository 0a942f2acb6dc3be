use super::*;
use crate::domain::client::{ClientAuthMethod, GrantType};
use crate::domain::response_type::ResponseType;
use crate::oidc::error::ErrorCode;
use crate::oidc::fixture::{self, ISSUER, NOW, RING};
use crate::oidc::id_token::{self, IdToken};
use crate::oidc::request::{Prompt, ResponseMode};

const SCOPES: &[&str] = &["openid", "profile", "residence", "offline_access", "api"];
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const PLAIN: [(&str, &str); 7] = [
    ("client_id", "library"),
    ("redirect_uri", "https://rp.example/cb"),
    ("response_type", "code"),
    ("scope", "openid residence"),
    ("state", "a b+c"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

fn run_with(client: &Client, encoded: &str) -> Result<AuthorizationRequest, Failure> {
    let loaded = Loaded { client: Some(client), issuer: ISSUER, keys: &RING, scopes: SCOPES };
    check(&read(encoded)?, &loaded)
}

fn run(changes: &[(&str, &str)]) -> Result<AuthorizationRequest, Failure> {
    run_with(&fixture::client(), &fixture::encoded(&[&PLAIN, changes].concat()))
}

fn told_code(result: Result<AuthorizationRequest, Failure>) -> ErrorCode {
    match result {
        Err(Failure::Redirect(refused)) => refused.error.code(),
        other => panic!("expected an error redirect, got {other:?}"),
    }
}

#[test]
fn cap_49_a_plain_request_is_accepted() {
    let request = run(&[]).unwrap();
    assert_eq!(request.redirect_uri, "https://rp.example/cb");
    assert_eq!(request.state.as_deref(), Some("a b+c"));
    assert_eq!(request.scopes, ["openid", "residence"]);
    assert_eq!(request.code_challenge.as_deref(), Some(CHALLENGE));
    assert_eq!(request.response_mode, ResponseMode::Query);
    assert_eq!(request.nonce, None);
}

#[test]
fn cap_49_what_stays_a_page() {
    let cases = [
        (("client_id", "-"), PageProblem::ClientMissing),
        (("client_id", "nobody"), PageProblem::ClientUnknown),
        (("redirect_uri", "-"), PageProblem::RedirectUriMissing),
        (("redirect_uri", "https://rp.example/cb/"), PageProblem::RedirectUriMismatch),
        (("redirect_uri", "https://rp.example:443/cb"), PageProblem::RedirectUriMismatch),
        (("redirect_uri", "HTTPS://rp.example/cb"), PageProblem::RedirectUriMismatch),
        (("redirect_uri", "https://rp.example/cb?a=2"), PageProblem::RedirectUriMismatch),
        (("redirect_uri", "https://rp.example/cb?a=1&b=2"), PageProblem::RedirectUriMismatch),
        (("redirect_uri", "https://evil.example/cb"), PageProblem::RedirectUriMismatch),
    ];
    for (change, problem) in cases {
        assert_eq!(run(&[change]), Err(Failure::Page(problem)), "{change:?}");
    }
    let mut disabled = fixture::client();
    disabled.disabled_at = Some(NOW);
    assert_eq!(run_with(&disabled, &fixture::encoded(&PLAIN)), Err(Failure::Page(PageProblem::ClientDisabled)));
    let mut one = fixture::client();
    one.metadata.redirect_uris.truncate(1);
    let none_sent = fixture::encoded(&[&PLAIN[..], &[("redirect_uri", "-")]].concat());
    assert_eq!(run_with(&one, &none_sent), Err(Failure::Page(PageProblem::RedirectUriMissing)));
}

#[test]
fn cap_49_repeats_are_a_page_or_an_error_and_never_a_silent_loss() {
    let plain = fixture::encoded(&PLAIN);
    for name in ["client_id=library", "redirect_uri=https%3A%2F%2Frp.example%2Fcb"] {
        let result = run_with(&fixture::client(), &format!("{plain}&{name}"));
        assert_eq!(result, Err(Failure::Page(PageProblem::Repeated)), "{name}");
        assert!(client_id(&read(&format!("{plain}&{name}")).unwrap()).is_err());
    }
    for name in [
        "state=b",
        "scope=openid",
        "code_challenge=x",
        "response_type=code",
        "prompt=none&prompt=none",
        "colour=1&colour=2",
    ] {
        let result = run_with(&fixture::client(), &format!("{plain}&{name}"));
        assert_eq!(told_code(result), ErrorCode::InvalidRequest, "{name}");
    }
    let doubled_nonce = run_with(&fixture::client(), &format!("{plain}&nonce=1&nonce=2"));
    assert_eq!(told_code(doubled_nonce), ErrorCode::InvalidRequest);
    assert_eq!(read(&"x".repeat(100_000)).err(), Some(Failure::Page(PageProblem::Malformed)));
}

#[test]
fn cap_49_what_the_client_is_told() {
    let long = "x".repeat(2049);
    let cases: &[(&[(&str, &str)], ErrorCode)] = &[
        (&[("response_type", "-")], ErrorCode::UnsupportedResponseType),
        (&[("response_type", "token")], ErrorCode::UnsupportedResponseType),
        (&[("response_type", "code id_token")], ErrorCode::UnauthorizedClient),
        (&[("response_mode", "jwt")], ErrorCode::InvalidRequest),
        (&[("scope", "-")], ErrorCode::InvalidScope),
        (&[("scope", "residence")], ErrorCode::InvalidScope),
        (&[("scope", "openid \"x\"")], ErrorCode::InvalidScope),
        (&[("scope", "openid 日本")], ErrorCode::InvalidScope),
        (&[("request", "eyJ.x.y")], ErrorCode::RequestNotSupported),
        (&[("request_uri", "https://rp.example/r")], ErrorCode::RequestUriNotSupported),
        (&[("registration", "{}")], ErrorCode::RegistrationNotSupported),
        (&[("code_challenge", "-"), ("code_challenge_method", "-")], ErrorCode::InvalidRequest),
        (&[("code_challenge", "-")], ErrorCode::InvalidRequest),
        (&[("code_challenge_method", "-")], ErrorCode::InvalidRequest),
        (&[("code_challenge_method", "plain")], ErrorCode::InvalidRequest),
        (&[("code_challenge_method", "S512")], ErrorCode::InvalidRequest),
        (&[("code_challenge", "x")], ErrorCode::InvalidRequest),
        (&[("code_challenge", &CHALLENGE.replace('E', "+"))], ErrorCode::InvalidRequest),
        (&[("prompt", "none login")], ErrorCode::InvalidRequest),
        (&[("max_age", "-1")], ErrorCode::InvalidRequest),
        (&[("max_age", "soon")], ErrorCode::InvalidRequest),
        (&[("claims", "{")], ErrorCode::InvalidRequest),
        (&[("claims", r#"{"id_token":{"sub":{"values":["a","b"]}}}"#)], ErrorCode::InvalidRequest),
        (&[("id_token_hint", "eyJ.x.y")], ErrorCode::InvalidRequest),
        (&[("nonce", &long)], ErrorCode::InvalidRequest),
        (&[("state", &long)], ErrorCode::InvalidRequest),
        (&[("state", "a\r\nb")], ErrorCode::InvalidRequest),
        (&[("nonce", "a\u{0}b")], ErrorCode::InvalidRequest),
        (&[("login_hint", "a\nb")], ErrorCode::InvalidRequest),
        (&[("purpose", "ab")], ErrorCode::InvalidRequest),
    ];
    for (changes, code) in cases {
        assert_eq!(told_code(run(changes)), *code, "{changes:?}");
    }
    let mut no_codes = fixture::client();
    no_codes.metadata.grant_types = vec![GrantType::ClientCredentials];
    assert_eq!(told_code(run_with(&no_codes, &fixture::encoded(&PLAIN))), ErrorCode::UnauthorizedClient);
    let mut no_openid = fixture::client();
    no_openid.metadata.scope = vec!["api".into()];
    assert_eq!(told_code(run_with(&no_openid, &fixture::encoded(&PLAIN))), ErrorCode::InvalidScope);
}

#[test]
fn cap_49_an_error_keeps_state_and_response_mode() {
    let Err(Failure::Redirect(refused)) = run(&[("response_mode", "form_post"), ("response_type", "token")]) else {
        panic!("told by redirect")
    };
    assert_eq!(refused.to.response_mode, ResponseMode::FormPost);
    assert_eq!(refused.to.state.as_deref(), Some("a b+c"));
}

#[test]
fn cap_49_pkce_is_asked_of_public_clients_whatever_their_flag() {
    let without = fixture::encoded(&[&PLAIN[..], &[("code_challenge", "-"), ("code_challenge_method", "-")]].concat());
    let mut client = fixture::client();
    client.flags.require_pkce = false;
    assert_eq!(run_with(&client, &without).unwrap().code_challenge, None);
    client.metadata.token_endpoint_auth_method = ClientAuthMethod::None;
    assert_eq!(told_code(run_with(&client, &without)), ErrorCode::InvalidRequest);
}

#[test]
fn cap_49_wishes_are_read_and_what_is_not_understood_is_ignored() {
    let request = run(&[
        ("scope", "residence  unknown openid openid email"),
        ("prompt", "login consent colour login"),
        ("max_age", "10000"),
        ("acr_values", "aal2-face gold aal2"),
        ("nonce", &"n".repeat(384)),
        ("ui_locales", "ja en"),
        ("claims_locales", "se"),
        ("display", "popup"),
        ("login_hint", "hanako@example.jp"),
        ("purpose", "library card"),
        ("extra", "foobar"),
        ("claims", r#"{"userinfo":{"name":{"essential":true}}}"#),
        ("response_mode", "form_post"),
    ])
    .unwrap();
    assert_eq!(request.scopes, ["openid", "residence"]);
    assert_eq!(request.prompt, [Prompt::Login, Prompt::Consent]);
    assert_eq!(request.max_age, Some(10_000));
    assert_eq!(request.acr_values, ["aal2-face", "gold", "aal2"]);
    assert_eq!(request.nonce.as_ref().map(String::len), Some(384));
    assert_eq!(request.ui_locales, ["ja", "en"]);
    assert!(request.claims.userinfo.contains_key("name"));
    assert!(!format!("{request:?}").contains("hanako"));
}

#[test]
fn cap_49_a_subject_asked_for_by_the_claims_parameter_is_the_one_expected() {
    let request = run(&[("claims", r#"{"id_token":{"sub":{"value":"somebody","essential":true}}}"#)]).unwrap();
    assert_eq!(request.id_token_hint_sub.as_deref(), Some("somebody"));
}

#[test]
fn cap_49_max_age_takes_the_clients_default_and_bears_large_numbers() {
    let mut client = fixture::client();
    client.metadata.default_max_age = Some(600);
    assert_eq!(run_with(&client, &fixture::encoded(&PLAIN)).unwrap().max_age, Some(600));
    assert_eq!(run(&[("max_age", "99999999999")]).unwrap().max_age, Some(u32::MAX));
}

#[test]
fn cap_49_a_hint_of_ours_is_read_even_when_it_has_expired() {
    let (client, grant, none) = (fixture::client(), fixture::grant(), serde_json::Map::new());
    let token = IdToken {
        issuer: ISSUER,
        client: &client,
        subject: "pairwise-sub",
        sid: "sid",
        grant: &grant,
        nonce: None,
        access_token: Some("at"),
        code: None,
        claims: &none,
        now: crate::Time::from_seconds(1_000_000_000),
    };
    let hint = id_token::sign(&token, &RING).unwrap();
    assert_eq!(run(&[("id_token_hint", &hint)]).unwrap().id_token_hint_sub.as_deref(), Some("pairwise-sub"));
    let foreign = id_token::sign(&IdToken { issuer: "https://other.example", ..token }, &RING).unwrap();
    assert_eq!(told_code(run(&[("id_token_hint", &foreign)])), ErrorCode::InvalidRequest);
    let (head, tail) = hint.split_at(hint.len() - 9);
    let other = if tail.starts_with('x') { 'y' } else { 'x' };
    let changed = format!("{head}{other}{}", &tail[1..]);
    assert_eq!(told_code(run(&[("id_token_hint", &changed)])), ErrorCode::InvalidRequest);
}

fn in_front(response_type: ResponseType) -> Client {
    let mut client = fixture::client();
    client.metadata.response_types = vec![response_type];
    client.flags.implicit = !response_type.code();
    client.flags.hybrid = response_type.code();
    client
}

#[test]
fn cap_49_a_response_type_is_data_and_off_until_it_is_registered_and_switched_on() {
    for response_type in ResponseType::ALL.into_iter().filter(|one| one.in_front()) {
        let ask = |client: &Client, changes: &[(&str, &str)]| {
            let own = [("response_type", response_type.as_str()), ("nonce", "n")];
            run_with(client, &fixture::encoded(&[&PLAIN[..], &own, changes].concat()))
        };
        let client = in_front(response_type);
        let request = ask(&client, &[]).unwrap();
        assert_eq!((request.response_type, request.response_mode), (response_type, ResponseMode::Fragment));
        assert_eq!(request.code_challenge.is_some(), response_type.code());
        assert_eq!(ask(&client, &[("response_mode", "form_post")]).unwrap().response_mode, ResponseMode::FormPost);
        // OAuth 2.0 Multiple Response Type Encoding Practices 5
        let Err(Failure::Redirect(refused)) = ask(&client, &[("response_mode", "query")]) else { panic!() };
        assert_eq!(
            (refused.error.code(), refused.to.response_mode),
            (ErrorCode::InvalidRequest, ResponseMode::Fragment)
        );
        // OpenID Connect Core 3.2.2.1: "nonce REQUIRED"
        let without = ask(&client, &[("nonce", "-")]);
        match response_type.id_token() {
            true => assert_eq!(told_code(without), ErrorCode::InvalidRequest),
            false => assert!(without.is_ok()),
        }
        // Without a code there is nothing that PKCE protects.
        let bare = ask(&client, &[("code_challenge", "-"), ("code_challenge_method", "-")]);
        match response_type.code() {
            true => assert_eq!(told_code(bare), ErrorCode::InvalidRequest),
            false => assert!(bare.is_ok()),
        }
        let mut off = client.clone();
        (off.flags.implicit, off.flags.hybrid) = (false, false);
        let mut other = client.clone();
        other.metadata.response_types = vec![ResponseType::Code];
        for client in [off, other, fixture::client()] {
            let Err(Failure::Redirect(refused)) = ask(&client, &[]) else { panic!() };
            assert_eq!(refused.error.code(), ErrorCode::UnauthorizedClient);
            assert_eq!(refused.to.response_mode, ResponseMode::Fragment);
        }
        let mut bare = client.clone();
        bare.metadata.grant_types.clear();
        assert_eq!(ask(&bare, &[]).is_ok(), !response_type.code());
    }
    assert_eq!(run(&[("response_mode", "fragment")]).unwrap().response_mode, ResponseMode::Fragment);
}
