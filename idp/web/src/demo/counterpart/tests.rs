//! What the stand-in refuses, rule by rule.

use super::{Answered, Authorized, Card, Client, Counterpart, Stopped};
use pass_core::Time;
use pass_core::oidc::es256::SigningKey;
use pass_core::ports::HttpRequest;
use pass_core::seal::{Purpose, WrappingSecret};
use pass_core::secret::base64url;
use pass_store::testing::Seeded;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use std::time::Duration;

const ORIGIN: &str = "http://127.0.0.1:8086";
const BACK: &str = "http://localhost:8080/federation/aas/callback";
const VERIFIER: &str = "a-code-verifier-of-forty-three-characters-00";
const NOW: Time = Time(1_791_158_400_000);

static KEYS: LazyLock<[String; 2]> = LazyLock::new(|| [(); 2].map(|()| SigningKey::generate().unwrap()));

fn key(which: usize) -> SigningKey {
    SigningKey::from_pem(KEYS[which].as_bytes(), None).unwrap()
}

fn service() -> Counterpart {
    let client = Client { client_id: "passdemo".into(), redirect_uri: BACK.into(), key: key(0).public_jwk().clone() };
    let four = ["山田　花子", "石川県加賀市", "19880229", "2"].map(str::to_owned);
    let card = Card { name: "hanako".into(), what: String::new(), pin: "1234".into(), four };
    let subjects = WrappingSecret::new([9; 32]).derive(Purpose::PairwiseSubject);
    Counterpart::new(ORIGIN, client, vec![card], subjects).unwrap()
}

/// A right request with some fields changed; without a value they are left out.
fn request(changes: &[(&str, Option<&str>)]) -> String {
    let challenge = base64url(&Sha256::digest(VERIFIER.as_bytes()));
    let mut fields = vec![
        ("client_id", "passdemo"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid name"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", &*challenge),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        fields.retain(|(other, _)| other != name);
        fields.extend(value.map(|value| (*name, value)));
    }
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn error(stopped: Result<Authorized, Stopped>) -> String {
    match stopped {
        Ok(_) => "none".into(),
        Err(Stopped::Here(_)) => "here".into(),
        Err(Stopped::Back(address)) => {
            let address = url::Url::parse(&address).unwrap();
            assert!(address.as_str().starts_with(BACK));
            address.query_pairs().find(|(name, _)| name == "error").unwrap().1.into_owned()
        }
    }
}

#[test]
fn cap_04_the_stand_in_sends_nobody_back_to_an_address_that_is_not_registered() {
    for (name, value) in [
        ("redirect_uri", Some("http://localhost:8080/federation/aas/callback/")),
        ("redirect_uri", Some("http://evil.example/federation/aas/callback")),
        ("redirect_uri", None),
        ("client_id", Some("another")),
        ("client_id", None),
    ] {
        assert_eq!(error(service().authorize(&request(&[(name, value)]))), "here", "{name} {value:?}");
    }
    let twice = format!("{}&state=t", request(&[]));
    assert_eq!(error(service().authorize(&twice)), "here", "RFC 6749 3.1");
}

#[test]
fn cap_04_the_stand_in_wants_pkce_by_s256() {
    for (name, value) in [
        ("code_challenge", None),
        ("code_challenge_method", None),
        ("code_challenge_method", Some("plain")),
        ("code_challenge", Some("short")),
    ] {
        assert_eq!(error(service().authorize(&request(&[(name, value)]))), "invalid_request", "{name} {value:?}");
    }
}

#[test]
fn cap_04_the_stand_in_refuses_every_other_deviation_of_a_request() {
    for (name, value, expected) in [
        ("state", Some("t"), "none"),
        ("state", None, "invalid_request"),
        ("nonce", None, "invalid_request"),
        ("response_type", Some("token"), "unsupported_response_type"),
        ("response_type", Some("code id_token"), "unsupported_response_type"),
        ("response_mode", Some("fragment"), "invalid_request"),
        ("request", Some("e30.e30."), "request_not_supported"),
        ("scope", Some("name"), "invalid_scope"),
        ("scope", Some("openid profile"), "invalid_scope"),
        ("scope", Some("openid sign"), "invalid_scope"),
        ("prompt", Some("none"), "login_required"),
    ] {
        assert_eq!(error(service().authorize(&request(&[(name, value)]))), expected, "{name} {value:?}");
    }
}

/// A code for a right request.
fn code(service: &Counterpart) -> String {
    let authorized = service.authorize(&request(&[])).unwrap();
    let (answered, back) = service.tell(&authorized, ("hanako", "1234"), NOW, &Seeded::new(1));
    assert_eq!(answered, Answered::Back);
    url::Url::parse(&back).unwrap().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

fn assertion(by: &SigningKey, change: impl Fn(&mut Map<String, Value>)) -> String {
    let claims = json!({
        "iss": "passdemo", "sub": "passdemo", "jti": "j1",
        "aud": format!("{ORIGIN}/api/realms/main/protocol/openid-connect/token"),
        "iat": NOW.seconds(), "exp": NOW.seconds() + 60,
    });
    let mut claims = claims.as_object().unwrap().clone();
    change(&mut claims);
    by.sign(&claims, "JWT").unwrap()
}

/// At the token endpoint; `error`, or the ID token.
fn asked(service: &Counterpart, code: &str, assertion: &str, changes: &[(&str, Option<&str>)], now: Time) -> Value {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];
    for (name, value) in changes {
        fields.retain(|(other, _)| other != name);
        fields.extend(value.map(|value| (*name, value)));
    }
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = HttpRequest::new(body.into_bytes());
    *request.method_mut() = "POST".parse().unwrap();
    *request.uri_mut() = "/api/realms/main/protocol/openid-connect/token".parse().unwrap();
    let answer = service.answer(&request, now, &Seeded::new(2)).unwrap();
    serde_json::from_slice(answer.body()).unwrap()
}

#[test]
fn cap_04_the_stand_in_refuses_every_wrong_client_assertion() {
    type Change = fn(&mut Map<String, Value>);
    let changes: [(&str, Change); 12] = [
        ("another audience", |c| drop(c.insert("aud".into(), ORIGIN.into()))),
        ("the issuer as audience", |c| drop(c.insert("aud".into(), format!("{ORIGIN}/api/realms/main").into()))),
        ("no audience", |c| drop(c.remove("aud"))),
        ("expired", |c| drop(c.insert("exp".into(), NOW.seconds().into()))),
        ("for an hour", |c| drop(c.insert("exp".into(), (NOW.seconds() + 3600).into()))),
        ("without an end", |c| drop(c.remove("exp"))),
        ("of the future", |c| drop(c.insert("iat".into(), (NOW.seconds() + 60).into()))),
        ("without jti", |c| drop(c.remove("jti"))),
        ("another issuer", |c| drop(c.insert("iss".into(), "another".into()))),
        ("another subject", |c| drop(c.insert("sub".into(), "another".into()))),
        ("no issuer", |c| drop(c.remove("iss"))),
        ("no subject", |c| drop(c.remove("sub"))),
    ];
    for (what, change) in changes {
        let service = service();
        let code = code(&service);
        let told = asked(&service, &code, &assertion(&key(0), change), &[], NOW);
        assert_eq!(told["error"], "invalid_client", "{what}");
        // Whoever does not prove who they are spends nobody's code.
        let told = asked(&service, &code, &assertion(&key(0), |_| ()), &[], NOW);
        assert!(told["id_token"].is_string(), "{what}: {told}");
    }
}

#[test]
fn cap_04_the_stand_in_knows_its_client_by_that_key_alone() {
    let service = service();
    let code = code(&service);
    let right = assertion(&key(0), |_| ());
    let unsigned = format!("{}.{}.", base64url(br#"{"alg":"none"}"#), right.split('.').nth(1).unwrap());
    for wrong in [assertion(&key(1), |_| ()), unsigned, String::new()] {
        assert_eq!(asked(&service, &code, &wrong, &[], NOW)["error"], "invalid_client");
    }
    for change in [
        ("client_assertion_type", Some("urn:ietf:params:oauth:client-assertion-type:saml2-bearer")),
        ("client_secret", Some("secret")),
        ("client_id", Some("another")),
    ] {
        assert_eq!(asked(&service, &code, &right, &[change], NOW)["error"], "invalid_client", "{change:?}");
    }
    assert!(asked(&service, &code, &right, &[], NOW)["id_token"].is_string());
}

#[test]
fn cap_04_the_stand_in_takes_an_assertion_once() {
    let service = service();
    let right = assertion(&key(0), |_| ());
    assert!(asked(&service, &code(&service), &right, &[], NOW)["id_token"].is_string());
    assert_eq!(asked(&service, "another", &right, &[], NOW)["error"], "invalid_client", "its jti was used");
}

#[test]
fn cap_04_the_stand_in_exchanges_a_code_once_in_a_minute_for_its_own_visit() {
    let other = |jti: &str| assertion(&key(0), |c| drop(c.insert("jti".into(), jti.into())));
    for (change, expected) in [
        (("code_verifier", Some("another-verifier-of-at-least-forty-three-chars")), "invalid_grant"),
        (("code_verifier", None), "invalid_grant"),
        (("redirect_uri", Some("http://localhost:8080/elsewhere")), "invalid_grant"),
        (("redirect_uri", None), "invalid_grant"),
        (("grant_type", Some("refresh_token")), "unsupported_grant_type"),
    ] {
        let service = service();
        let told = asked(&service, &code(&service), &other("1"), &[change], NOW);
        assert_eq!(told["error"], expected, "{change:?}");
    }
    let service = service();
    let late = asked(&service, &code(&service), &other("1"), &[], NOW + Duration::from_secs(60));
    assert_eq!(late["error"], "invalid_client", "so is the assertion");
    let fresh = assertion(&key(0), |c| drop(c.insert("exp".into(), (NOW.seconds() + 200).into())));
    let late = asked(&service, &code(&service), &fresh, &[], NOW + Duration::from_secs(60));
    assert_eq!(late["error"], "invalid_grant");
}

fn userinfo(service: &Counterpart, token: &str, now: Time) -> u16 {
    let mut request = HttpRequest::new(Vec::new());
    *request.uri_mut() = "/api/realms/main/protocol/openid-connect/userinfo".parse().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    service.answer(&request, now, &Seeded::new(3)).unwrap().status().as_u16()
}

#[test]
fn cap_04_the_stand_in_ends_what_a_replayed_code_gave() {
    let service = service();
    let code = code(&service);
    let told = asked(&service, &code, &assertion(&key(0), |_| ()), &[], NOW);
    let token = told["access_token"].as_str().unwrap();
    assert_eq!(userinfo(&service, token, NOW), 200);
    assert_eq!(userinfo(&service, token, NOW + Duration::from_secs(300)), 401);
    assert_eq!(userinfo(&service, "another", NOW), 401);
    // RFC 6749 4.1.2
    let again = assertion(&key(0), |c| drop(c.insert("jti".into(), "j2".into())));
    assert_eq!(asked(&service, &code, &again, &[], NOW)["error"], "invalid_grant");
    assert_eq!(userinfo(&service, token, NOW), 401);
}

#[test]
fn cap_04_three_wrong_pins_lock_a_sample_card() {
    let service = service();
    let authorized = service.authorize(&request(&[])).unwrap();
    let tell = |card, pin| service.tell(&authorized, (card, pin), NOW, &Seeded::new(1)).0;
    assert_eq!(tell("nobody", "1234"), Answered::Wrong);
    assert_eq!([tell("hanako", "0000"), tell("hanako", "")], [Answered::Wrong, Answered::Wrong]);
    assert_eq!([tell("hanako", "0000"), tell("hanako", "1234")], [Answered::Locked, Answered::Locked]);
}
