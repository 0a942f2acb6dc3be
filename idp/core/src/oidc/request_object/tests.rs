use super::*;
use crate::domain::client::{ContentEncryption, Encryption, KeyManagementAlg, SigningAlg};
use crate::oidc::fixture::{self, ISSUER, KEYS, NOW, RING};
use crate::secret::base64url;
use serde_json::json;

/// The client's keys are the fixture ring's: what it signs is signed by the client.
fn keys() -> Value {
    serde_json::from_slice(&RING.jwks().bytes).unwrap()
}

fn client() -> Client {
    let mut client = fixture::client();
    client.flags.request_object = true;
    client.flags.request_uri = true;
    client.metadata.request_uris = vec!["https://rp.example/r#x".into()];
    client
}

fn object(members: Value) -> String {
    let mut all = json!({ "iss": "library", "aud": ISSUER, "redirect_uri": "https://rp.example/cb", "state": "inner" });
    for (name, value) in members.as_object().unwrap() {
        all[name] = value.clone();
    }
    RING.sign(SigningAlg::RS256, "oauth-authz-req+jwt", all.as_object().unwrap()).unwrap()
}

fn merged(object: &str) -> Result<Params, ErrorCode> {
    let outer = fixture::params(&[
        ("client_id", "library"),
        ("response_type", "code"),
        ("state", "outer"),
        ("nonce", "n"),
        ("request", "x"),
    ]);
    merge(&outer, object, &client(), Some(&keys()), ISSUER, NOW).map_err(|unread| unread.error.code())
}

#[test]
fn cap_49_what_the_object_says_wins_over_the_query() {
    let claims = json!({ "userinfo": { "name": null } });
    let merged = merged(&object(json!({ "claims": claims, "max_age": 60, "client_id": "library" }))).unwrap();
    assert_eq!(
        (merged.get("state"), merged.get("nonce"), merged.get("max_age")),
        (Some("inner"), Some("n"), Some("60"))
    );
    assert_eq!(merged.get("claims"), Some(claims.to_string().as_str()));
    assert_eq!((merged.get("request"), merged.get("iss"), merged.get("aud")), (None, None, None));
}

#[test]
fn cap_49_objects_of_others_for_others_or_out_of_time_are_refused() {
    for members in [
        json!({ "iss": "kosodate" }),
        json!({ "aud": "https://other.example" }),
        json!({ "exp": NOW.seconds() - 60 }),
        json!({ "nbf": NOW.seconds() + 60 }),
        json!({ "iat": NOW.seconds() + 60 }),
        json!({ "exp": "soon" }),
        json!({ "exp": 1e300 }),
        json!({ "request": "a.b.c" }),
        json!({ "request_uri": "https://rp.example/r" }),
        json!({ "client_id": "kosodate" }),
        json!({ "response_type": "token" }),
        json!({ "scope": ["openid"] }),
        json!({ "state": "x".repeat(MAX_OBJECT) }),
    ] {
        assert_eq!(merged(&object(members.clone())).err(), Some(ErrorCode::InvalidRequestObject), "{members}");
    }
    assert!(merged(&object(json!({ "exp": NOW.seconds() + 60, "aud": [ISSUER, "x"], "nbf": NOW.seconds() }))).is_ok());
}

/// A token with a header of one's own and the signature of another token.
fn forged(header: Value) -> String {
    let good = object(json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    format!("{}.{}.{}", base64url(header.to_string().as_bytes()), parts[1], parts[2])
}

#[test]
fn cap_49_no_header_leads_to_another_key_or_to_none() {
    let kid = &KEYS[1].kid;
    for header in [
        json!({ "alg": "none" }),
        json!({ "alg": "None", "kid": kid }),
        json!({ "alg": "HS256", "kid": kid }),
        json!({ "alg": "RS256", "kid": "../../etc/passwd" }),
        json!({ "alg": "RS256", "kid": "\u{0}" }),
        json!({ "alg": "RS256", "kid": ["a"] }),
        json!({ "alg": "RS256", "kid": kid, "zip": "DEF" }),
        json!({ "alg": "RS256", "kid": kid, "crit": ["exp"], "exp": 1 }),
        json!({ "alg": "RS256", "kid": kid, "b64": false }),
        json!({ "alg": "ES256", "kid": kid }),
        json!({ "kid": kid }),
        json!({ "alg": "RSA-OAEP", "enc": "A128GCM" }),
        json!([]),
    ] {
        assert_eq!(merged(&forged(header.clone())).err(), Some(ErrorCode::InvalidRequestObject), "{header}");
    }
    let unsigned = format!("{}.{}.", base64url(br#"{"alg":"none"}"#), base64url(br#"{"iss":"library"}"#));
    for broken in ["", "a", "a.b", "a.b.c", "a.b.c.d.e", unsigned.as_str(), &"x".repeat(MAX_OBJECT + 1)] {
        assert_eq!(merged(broken).err(), Some(ErrorCode::InvalidRequestObject));
    }
    let mut one_algorithm = client();
    one_algorithm.metadata.request_object_signing_alg = Some(SigningAlg::ES256);
    let outer = fixture::params(&[("client_id", "library")]);
    assert!(merge(&outer, &object(json!({})), &one_algorithm, Some(&keys()), ISSUER, NOW).is_err());
    assert!(merge(&outer, &object(json!({})), &client(), None, ISSUER, NOW).is_err(), "no keys, no object");
}

#[test]
fn cap_49_a_proven_object_is_answered_where_it_says_and_an_unproven_one_where_the_query_says() {
    use crate::oidc::authorize::{Failure, Loaded, PageProblem, refuse};
    let (mut client, keys) = (client(), keys());
    client.metadata.redirect_uris.push("https://rp.example/inner".into());
    let outer = fixture::params(&[
        ("client_id", "library"),
        ("redirect_uri", "https://rp.example/cb"),
        ("state", "outer"),
        ("request", "x"),
    ]);
    let told = |object: &str| {
        let unread = merge(&outer, object, &client, Some(&keys), ISSUER, NOW).map(drop).unwrap_err();
        let loaded = Loaded { client: Some(&client), issuer: ISSUER, keys: &RING, scopes: &["openid"] };
        match refuse(unread.effective.as_ref().unwrap_or(&outer), &loaded, unread.error) {
            Failure::Redirect(refused) => Ok((refused.to.redirect_uri.clone(), refused.to.state.clone().unwrap())),
            Failure::Page(problem) => Err(problem),
        }
    };
    let inner = "https://rp.example/inner";
    for late in [json!({ "exp": 1 }), json!({ "aud": "https://other.example" }), json!({ "scope": ["openid"] })] {
        let mut late = late;
        late["redirect_uri"] = inner.into();
        assert_eq!(told(&object(late.clone())), Ok((inner.into(), "inner".into())), "{late}");
        late["redirect_uri"] = "https://evil.example/".into();
        assert_eq!(told(&object(late.clone())), Err(PageProblem::RedirectUriMismatch));
        late["redirect_uri"] = json!(["https://rp.example/cb"]);
        assert_eq!(told(&object(late)), Err(PageProblem::RedirectUriMissing));
    }
    let unproven = forged(json!({ "alg": "RS256", "kid": "another" }));
    assert_eq!(told(&unproven), Ok(("https://rp.example/cb".into(), "outer".into())));
}

#[test]
fn cap_49_only_registered_addresses_are_fetched() {
    let asked = |pairs: &[(&str, &str)], client: &Client| {
        brought(&fixture::params(pairs), client).map_err(|error| error.code())
    };
    let uri = "https://rp.example/r#x";
    assert_eq!(
        asked(&[("request_uri", uri)], &client()),
        Ok(Some(Brought::At { uri: uri.into(), address: "https://rp.example/r".into() }))
    );
    for other in [
        "https://rp.example/r",
        "https://rp.example/r#y",
        "https://127.0.0.1/r#x",
        "file:///etc/passwd",
        "http://rp.example/r#x",
    ] {
        assert_eq!(asked(&[("request_uri", other)], &client()), Err(ErrorCode::InvalidRequestUri), "{other}");
    }
    assert_eq!(asked(&[("request_uri", uri), ("request", "a.b.c")], &client()), Err(ErrorCode::InvalidRequest));
    // A client that may not is left to the list of checks, which refuses aloud.
    assert_eq!(asked(&[("request_uri", uri)], &fixture::client()), Ok(None));
    assert_eq!(asked(&[("request", "a.b.c")], &fixture::client()), Ok(None));
}

#[test]
fn cap_49_a_token_is_encrypted_to_the_key_that_fits_and_never_compressed() {
    use josekit::jwe::{self, ECDH_ES, RSA_OAEP_256};
    use josekit::jwk::Jwk;
    let ec = Jwk::generate_ec_key(josekit::jwk::alg::ec::EcCurve::P256).unwrap();
    let rsa = Jwk::generate_rsa_key(2048).unwrap();
    let public = |key: &Jwk, usage: &str| {
        let mut key = key.to_public_key().unwrap().as_ref().clone();
        key.insert("use".into(), usage.into());
        Value::Object(key)
    };
    let set = json!({ "keys": [public(&ec, "sig"), public(&ec, "enc"), public(&rsa, "enc")] });
    for enc in ContentEncryption::ALL {
        let one = |alg| client_keys::encrypt("a.b.c", Encryption { alg, enc }, Some(&set)).unwrap();
        let (to_ec, to_rsa) = (one(KeyManagementAlg::EcdhEs), one(KeyManagementAlg::RsaOaep256));
        let header: Value =
            serde_json::from_slice(&crate::secret::from_base64url(to_ec.split('.').next().unwrap()).unwrap()).unwrap();
        assert_eq!((&header["enc"], &header["cty"]), (&json!(enc.as_str()), &json!("JWT")));
        assert!(header.get("zip").is_none());
        let (opened, _) = jwe::deserialize_compact(&to_ec, &ECDH_ES.decrypter_from_jwk(&ec).unwrap()).unwrap();
        assert_eq!(opened, b"a.b.c");
        let (opened, _) = jwe::deserialize_compact(&to_rsa, &RSA_OAEP_256.decrypter_from_jwk(&rsa).unwrap()).unwrap();
        assert_eq!(opened, b"a.b.c");
    }
    let encryption = Encryption { alg: KeyManagementAlg::EcdhEs, enc: ContentEncryption::A128GCM };
    assert!(client_keys::encrypt("a.b.c", encryption, Some(&json!({ "keys": [public(&ec, "sig")] }))).is_err());
    assert!(client_keys::encrypt("a.b.c", encryption, None).is_err());
}
