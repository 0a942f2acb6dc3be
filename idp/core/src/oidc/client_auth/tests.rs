use super::*;
use crate::domain::client::SigningAlg;
use crate::domain::key::StoredKey;
use crate::oidc::fixture::{self, ISSUER, KEYS, NOW, RING, SECRET, seconds};
use crate::oidc::jwt;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

const TOKEN_ENDPOINT: &str = "https://pass.example/token";
type Expected = Result<(), ErrorCode>;
type Pairs<'a> = &'a [(&'a str, &'a str)];
const OURS: &[&str] = &[ISSUER, TOKEN_ENDPOINT];

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

fn authenticate(client: &Client, header: Option<&str>, pairs: &[(&str, &str)]) -> Result<(), ErrorCode> {
    let presented = read(header, &fixture::params(pairs)).map_err(|error| error.code())?;
    check(&presented, Some(client), client.metadata.jwks.as_ref(), OURS, NOW).map(drop).map_err(|error| error.code())
}

fn with_method(method: ClientAuthMethod) -> Client {
    let mut client = fixture::client();
    client.metadata.token_endpoint_auth_method = method;
    client
}

#[test]
fn cap_49_basic_post_and_none() {
    use ClientAuthMethod::{ClientSecretBasic as Basic, ClientSecretPost as Post, None as Public};
    let good = basic("library", SECRET);
    let bad = basic("library", "wrong");
    let id = ("client_id", "library");
    let secret = ("client_secret", SECRET);
    let cases: &[(ClientAuthMethod, Option<&str>, Pairs<'_>, Expected)] = &[
        (Basic, Some(&good), &[], Ok(())),
        (Basic, Some(&good.replace("Basic", "bAsIc")), &[], Ok(())),
        // D7: a client_id beside Basic is common.
        (Basic, Some(&good), &[id], Ok(())),
        (Basic, Some(&good), &[("client_id", "kosodate")], Err(ErrorCode::InvalidRequest)),
        (Basic, Some(&good), &[id, secret], Err(ErrorCode::InvalidRequest)),
        (Basic, Some(&good), &[("client_assertion", "x.y.z")], Err(ErrorCode::InvalidRequest)),
        (Basic, Some(&bad), &[], Err(ErrorCode::InvalidClient)),
        (Basic, Some("Bearer abc"), &[], Err(ErrorCode::InvalidClient)),
        (Basic, Some("Basic %%%"), &[], Err(ErrorCode::InvalidClient)),
        (Basic, Some("Basic"), &[], Err(ErrorCode::InvalidClient)),
        (Basic, None, &[id, secret], Err(ErrorCode::InvalidClient)),
        (Basic, None, &[id], Err(ErrorCode::InvalidClient)),
        (Basic, None, &[], Err(ErrorCode::InvalidClient)),
        (Post, None, &[id, secret], Ok(())),
        (Post, None, &[id, ("client_secret", "wrong")], Err(ErrorCode::InvalidClient)),
        (Post, None, &[secret], Err(ErrorCode::InvalidClient)),
        (Public, None, &[id], Ok(())),
        (Public, Some(&good), &[], Err(ErrorCode::InvalidClient)),
    ];
    for (method, header, pairs, expected) in cases {
        assert_eq!(authenticate(&with_method(*method), *header, pairs), *expected, "{method:?} {header:?} {pairs:?}");
    }
}

#[test]
fn cap_49_basic_parts_are_form_encoded() {
    let mut client = fixture::client();
    client.client_id = "lib & co".into();
    client.secret = Some(Hash::of("p+s=%:"));
    assert_eq!(authenticate(&client, Some(&basic("lib+%26+co", "p%2Bs%3D%25%3A")), &[]), Ok(()));
    client.secret = Some(Hash::of("a=b&c"));
    assert_eq!(authenticate(&client, Some(&basic("lib+%26+co", "a=b&c")), &[]), Ok(()));
}

#[test]
fn cap_49_unknown_disabled_and_wrong_are_refused_alike() {
    let presented = read(Some(&basic("library", "wrong")), &Params::default()).unwrap();
    let client = fixture::client();
    let mut disabled = client.clone();
    disabled.disabled_at = Some(NOW);
    let good = read(Some(&basic("library", SECRET)), &Params::default()).unwrap();
    let answers = [
        check(&presented, Some(&client), None, OURS, NOW).unwrap_err(),
        check(&presented, None, None, OURS, NOW).unwrap_err(),
        check(&good, Some(&disabled), None, OURS, NOW).unwrap_err(),
        check(&good, Some(&fixture::other_client()), None, OURS, NOW).unwrap_err(),
    ];
    for answer in &answers {
        assert_eq!((answer.body(), answer.status()), (answers[0].body(), 401));
    }
}

fn assertion_client(keys: &[&StoredKey]) -> Client {
    let mut client = with_method(ClientAuthMethod::PrivateKeyJwt);
    let keys: Vec<Value> = keys.iter().map(|key| serde_json::from_str(&key.public_jwk).unwrap()).collect();
    client.metadata.jwks = Some(json!({ "keys": keys }));
    client
}

fn claims(changes: Value) -> Map<String, Value> {
    let now = NOW.seconds();
    let mut claims =
        json!({"iss": "library", "sub": "library", "aud": ISSUER, "jti": "1", "iat": now, "exp": now + 60});
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims.as_object().unwrap().clone()
}

fn assert_with(client: &Client, assertion: &str) -> Result<Replay, OAuthError> {
    let pairs = [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
    let presented = read(None, &fixture::params(&pairs))?;
    check(&presented, Some(client), client.metadata.jwks.as_ref(), OURS, NOW).map(|proven| proven.replay.unwrap())
}

#[test]
fn cap_49_private_key_jwt_in_every_algorithm() {
    let client = assertion_client(&KEYS.iter().collect::<Vec<_>>());
    for alg in SigningAlg::ALL {
        let assertion = RING.sign(alg, "JWT", &claims(json!({}))).unwrap();
        let replay = assert_with(&client, &assertion).unwrap();
        assert!(replay.until > NOW + seconds(60));
        assert_eq!(assert_with(&client, &assertion).unwrap().key, replay.key);
    }
    let other_jti = RING.sign(SigningAlg::ES256, "JWT", &claims(json!({"jti": "2"}))).unwrap();
    let first = RING.sign(SigningAlg::ES256, "JWT", &claims(json!({}))).unwrap();
    assert_ne!(assert_with(&client, &other_jti).unwrap().key, assert_with(&client, &first).unwrap().key);
}

#[test]
fn cap_49_claims_of_an_assertion_are_checked_on_our_clock() {
    let client = assertion_client(&[&KEYS[0]]);
    let now = NOW.seconds();
    let good = [
        json!({"aud": TOKEN_ENDPOINT}),
        json!({"aud": ["https://other.example", ISSUER]}),
        json!({"nbf": now + 8}),
        json!({"iat": now + 8}),
        json!({"exp": now - 10}),
        json!({"exp": now as f64 + 60.5}),
        json!({"iat": null}),
    ];
    for changes in good {
        let assertion = RING.sign(SigningAlg::ES256, "JWT", &claims(changes.clone())).unwrap();
        assert!(assert_with(&client, &assertion).is_ok(), "{changes}");
    }
    let huge: Value = serde_json::from_str("99999999999999999999").unwrap();
    let bad = [
        json!({"iss": "kosodate"}),
        json!({"iss": null}),
        json!({"aud": null}),
        json!({"aud": "https://other.example"}),
        json!({"aud": [1, {}]}),
        json!({"exp": null}),
        json!({"exp": now - 300}),
        json!({"exp": now + 7200}),
        json!({"exp": "soon"}),
        json!({"exp": 1e19}),
        json!({"exp": 1e300}),
        json!({"exp": huge}),
        json!({"exp": -1}),
        json!({"nbf": now + 60}),
        json!({"nbf": 1e300}),
        json!({"iat": now + 3600}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": "x".repeat(513)}),
    ];
    for changes in bad {
        let assertion = RING.sign(SigningAlg::ES256, "JWT", &claims(changes.clone())).unwrap();
        assert_eq!(assert_with(&client, &assertion).unwrap_err().code(), ErrorCode::InvalidClient, "{changes}");
    }
    let without_sub = RING.sign(SigningAlg::ES256, "JWT", &claims(json!({"sub": null}))).unwrap();
    assert_eq!(assert_with(&client, &without_sub).unwrap_err().code(), ErrorCode::InvalidClient);
}

#[test]
fn cap_49_an_assertion_needs_a_registered_key_of_its_own_algorithm() {
    let assertion = RING.sign(SigningAlg::ES256, "JWT", &claims(json!({}))).unwrap();
    let none = with_method(ClientAuthMethod::PrivateKeyJwt);
    let rsa_only = assertion_client(&[&KEYS[1]]);
    for client in [&none, &rsa_only] {
        assert_eq!(assert_with(client, &assertion).unwrap_err().code(), ErrorCode::InvalidClient);
    }
    let mut without_kid = assertion_client(&[&KEYS[0]]);
    without_kid.metadata.jwks.as_mut().unwrap()["keys"][0].as_object_mut().unwrap().remove("kid");
    assert_eq!(assert_with(&without_kid, &assertion).unwrap_err().code(), ErrorCode::InvalidClient);

    let claims = serde_json::to_vec(&claims(json!({}))).unwrap();
    let part = |bytes: &[u8]| crate::secret::base64url(bytes);
    let client = assertion_client(&[&KEYS[0]]);
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#, r#"{"alg":"ES256"}"#] {
        let forged = format!("{}.{}.{}", part(header.as_bytes()), part(&claims), part(&[0; 64]));
        assert_eq!(assert_with(&client, &forged).unwrap_err().code(), ErrorCode::InvalidClient, "{header}");
        let unsigned = format!("{}.{}.", part(header.as_bytes()), part(&claims));
        assert_eq!(assert_with(&client, &unsigned).unwrap_err().code(), ErrorCode::InvalidClient, "{header}");
    }
    let pairs = [("client_assertion_type", "x"), ("client_assertion", assertion.as_str())];
    assert!(read(None, &fixture::params(&pairs)).is_err());
}

/// Documents why josekit's own claim handling is not used: this is what its readers do with such numbers.
#[test]
fn huge_numbers_are_no_dates_and_no_panic() {
    for number in ["1e19", "1e300", "99999999999999999999", "-1", "1e400", "null", "\"1\"", "253402300800"] {
        let Ok(claims) = serde_json::from_str::<Map<String, Value>>(&format!("{{\"exp\":{number}}}")) else { continue };
        assert_eq!(jwt::numeric_date(&claims, "exp"), None, "{number}");
    }
    let claims = serde_json::from_str(r#"{"exp":1793890800.9}"#).unwrap();
    assert_eq!(jwt::numeric_date(&claims, "exp"), Some(NOW));
}
