//! Keys that a token's own header brings (RFC 7515 4.1.2, 4.1.3, 4.1.5, 4.1.6; RFC 8725 3.10): each row would be accepted by
//! whoever trusts the header, for nothing else is wrong with it.

use super::*;
use crate::oidc::fixture::{self, ISSUER, NOW};
use crate::secret::base64url;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jws::{self, ES256, JwsHeader};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::x509::X509;
use serde_json::json;

const KID: &str = "the client's";

/// A key pair that names itself by the client's `kid`.
fn pair() -> Jwk {
    let mut key = Jwk::generate_ec_key(EcCurve::P256).unwrap();
    key.set_key_id(KID);
    key
}

fn public(key: &Jwk) -> Value {
    let mut public = key.to_public_key().unwrap();
    public.set_key_id(KID);
    Value::Object(public.as_ref().clone())
}

/// An object signed by `key` under a header with more members.
fn signed(key: &Jwk, more: &Value) -> String {
    let mut header = JwsHeader::new();
    header.set_key_id(KID);
    for (name, value) in more.as_object().unwrap() {
        header.set_claim(name, Some(value.clone())).unwrap();
    }
    let claims = json!({ "iss": "library", "aud": ISSUER, "state": "inner" });
    jws::serialize_compact(claims.to_string().as_bytes(), &header, &ES256.signer_from_jwk(key).unwrap()).unwrap()
}

/// A certificate that the attacker made for his own key.
fn certificate(key: &Jwk) -> String {
    let pem = EcKeyPair::from_jwk(key).unwrap().to_traditional_pem_private_key();
    let private = PKey::private_key_from_pem(&pem).unwrap();
    let mut made = X509::builder().unwrap();
    made.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    made.set_not_after(&Asn1Time::from_unix(4_000_000_000).unwrap()).unwrap();
    made.set_pubkey(&private).unwrap();
    made.sign(&private, MessageDigest::sha256()).unwrap();
    STANDARD.encode(made.build().to_der().unwrap())
}

#[test]
fn cap_49_keys_that_a_header_brings_are_never_looked_at() {
    let (own, attacker) = (pair(), pair());
    let set = json!({ "keys": [public(&own)] });
    let mut client = fixture::client();
    client.flags.request_object = true;
    let outer = fixture::params(&[("client_id", "library"), ("request", "x")]);
    let read =
        |object: &str| merge(&outer, object, &client, Some(&set), ISSUER, NOW).map_err(|unread| unread.error.code());

    for header in [
        json!({}),
        json!({ "jwk": public(&attacker) }),
        json!({ "jku": "https://evil.example/jwks" }),
        json!({ "x5u": "https://evil.example/chain.pem" }),
        json!({ "x5c": [certificate(&attacker)] }),
        json!({ "x5c": [certificate(&attacker)], "x5t#S256": base64url(&[1; 32]) }),
    ] {
        // Signed by the attacker, whose key is where the header points: the registered key does not verify it.
        assert_eq!(read(&signed(&attacker, &header)).err(), Some(ErrorCode::InvalidRequestObject), "{header}");
        // Signed by the client: accepted as if the header said nothing of keys. RFC 7515 4.1 makes all of them optional hints, and
        // a client whose library writes them is not wrong.
        let accepted = read(&signed(&own, &header)).unwrap_or_else(|code| panic!("{header}: {code:?}"));
        assert_eq!(accepted.get("state"), Some("inner"));
    }
}
