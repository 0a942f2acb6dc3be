//! Headers of tokens, for every place that reads a token of somebody else. Each row would be accepted by whoever believes the
//! header, for nothing else is wrong with it (RFC 7515 4.1, RFC 8725 3.1, 3.10).

use super::client_auth;
use super::fixture::{self, ISSUER, KEYS, NOW, RING};
use super::request_object::merge;
use crate::domain::client::{Client, ClientAuthMethod};
use crate::secret::{base64url, from_base64url};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jws::{ES256, JwsSigner};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::x509::X509;
use serde_json::{Value, json};
use sha2::Sha256;

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

/// What a client says of itself, good as an assertion and as a request object.
fn claims() -> Value {
    let now = NOW.seconds();
    json!({ "iss": "library", "sub": "library", "aud": ISSUER, "jti": "1", "iat": now, "exp": now + 60, "state": "inner" })
}

fn unsigned(more: &Value) -> String {
    let mut header = json!({ "alg": "ES256", "kid": KID });
    for (name, value) in more.as_object().unwrap() {
        header[name] = value.clone();
    }
    format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims().to_string().as_bytes()))
}

fn signed(key: &Jwk, more: &Value) -> String {
    let unsigned = unsigned(more);
    let signature = ES256.signer_from_jwk(key).unwrap().sign(unsigned.as_bytes()).unwrap();
    format!("{unsigned}.{}", base64url(&signature))
}

/// RFC 8725 2.1: the public key, which everybody has, as the secret of a symmetric algorithm.
fn keyed(secret: &[u8], more: &Value) -> String {
    let unsigned = unsigned(more);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(unsigned.as_bytes());
    format!("{unsigned}.{}", base64url(&mac.finalize().into_bytes()))
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

/// A client with one registered key, and whether it is believed as a request object and as an assertion.
struct Readers {
    client: Client,
    set: Value,
}

impl Readers {
    fn of(own: &Jwk) -> Self {
        let mut client = fixture::client();
        client.flags.request_object = true;
        client.metadata.token_endpoint_auth_method = ClientAuthMethod::PrivateKeyJwt;
        Self { client, set: json!({ "keys": [public(own)] }) }
    }

    fn believe(&self, token: &str) -> (bool, bool) {
        let outer = fixture::params(&[("client_id", "library"), ("request", "x")]);
        let object = merge(&outer, token, &self.client, Some(&self.set), ISSUER, NOW).is_ok();
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let body = fixture::params(&[("client_assertion_type", kind), ("client_assertion", token)]);
        let assertion = client_auth::read(None, &body).is_ok_and(|presented| {
            client_auth::check(&presented, Some(&self.client), Some(&self.set), &[ISSUER], NOW).is_ok()
        });
        (object, assertion)
    }
}

#[test]
fn cap_49_keys_that_a_header_brings_are_never_looked_at() {
    let (own, attacker) = (pair(), pair());
    let readers = Readers::of(&own);
    for header in [
        json!({}),
        json!({ "jwk": public(&attacker) }),
        json!({ "jku": "https://evil.example/jwks" }),
        json!({ "x5u": "https://evil.example/chain.pem" }),
        json!({ "x5c": [certificate(&attacker)] }),
        json!({ "x5c": [certificate(&attacker)], "x5t#S256": base64url(&[1; 32]) }),
    ] {
        // Signed by the attacker, whose key is where the header points: the registered key does not verify it.
        assert_eq!(readers.believe(&signed(&attacker, &header)), (false, false), "{header}");
        // Signed by the client: accepted as if the header said nothing of keys. RFC 7515 4.1 makes all of them optional hints, and
        // a client whose library writes them is not wrong.
        assert_eq!(readers.believe(&signed(&own, &header)), (true, true), "{header}");
    }
}

#[test]
fn cap_49_a_rightly_signed_token_with_an_extension_or_compression_is_refused() {
    let own = pair();
    let readers = Readers::of(&own);
    for header in [
        json!({ "zip": "DEF" }),
        json!({ "zip": "none" }),
        json!({ "crit": ["exp"], "exp": 1 }),
        json!({ "crit": [] }),
        json!({ "b64": false, "crit": ["b64"] }),
        json!({ "b64": true }),
        json!({ "enc": "A128GCM" }),
    ] {
        assert_eq!(readers.believe(&signed(&own, &header)), (false, false), "{header}");
    }
}

#[test]
fn cap_49_no_public_key_is_a_secret_and_no_algorithm_is_none() {
    let own = pair();
    let readers = Readers::of(&own);
    let pair = EcKeyPair::from_jwk(&own).unwrap();
    let jwk = public(&own).to_string();
    let secrets = [
        pair.to_pem_public_key(),
        pair.to_pem_public_key().trim_ascii().to_vec(),
        pair.to_der_public_key(),
        jwk.into_bytes(),
        from_base64url(public(&own)["x"].as_str().unwrap()).unwrap(),
        Vec::new(),
    ];
    for secret in secrets {
        for alg in ["HS256", "hs256", "ES256"] {
            assert_eq!(readers.believe(&keyed(&secret, &json!({ "alg": alg }))), (false, false), "{alg}");
        }
    }
    for alg in ["none", "None", "NONE", "nOnE", "", "ES256 "] {
        let header = json!({ "alg": alg });
        assert_eq!(readers.believe(&format!("{}.", unsigned(&header))), (false, false), "{alg}");
        assert_eq!(readers.believe(&signed(&own, &header)), (false, false), "{alg}");
    }
    // What the right key signed by the right algorithm, and a signature of zeros (CVE-2022-21449).
    assert_eq!(readers.believe(&signed(&own, &json!({}))), (true, true));
    assert_eq!(readers.believe(&format!("{}.{}", unsigned(&json!({})), base64url(&[0; 64]))), (false, false));
}

#[test]
fn cap_49_a_kid_is_compared_and_nothing_else() {
    let own = pair();
    let readers = Readers::of(&own);
    for kid in [
        json!("../../../../dev/null"),
        json!("/proc/self/environ"),
        json!("file:///etc/passwd"),
        json!("https://evil.example/key"),
        json!("' UNION SELECT 'x"),
        json!("the client's\u{0}"),
        json!("THE CLIENT'S"),
        json!(""),
        json!([KID]),
        json!({ "kid": KID }),
        json!(1),
        json!(null),
        json!("x".repeat(10_000)),
    ] {
        assert_eq!(readers.believe(&signed(&own, &json!({ "kid": kid }))), (false, false), "{kid}");
    }
}

#[test]
fn cap_49_the_issuers_own_tokens_cannot_be_made_from_its_public_keys() {
    let public: Value = serde_json::from_str(&KEYS[0].public_jwk).unwrap();
    let attacker = pair();
    for secret in [KEYS[0].public_jwk.clone().into_bytes(), public["x"].as_str().unwrap().into(), Vec::new()] {
        for kid in [KEYS[0].kid.as_str(), "../../etc/passwd"] {
            let header = json!({ "alg": "HS256", "kid": kid, "jwk": self::public(&attacker) });
            assert_eq!(RING.verify(&keyed(&secret, &header)), None);
            let header = json!({ "kid": kid, "jwk": self::public(&attacker), "jku": "https://evil.example/" });
            assert_eq!(RING.verify(&signed(&attacker, &header)), None);
            let header = json!({ "alg": "none", "kid": kid });
            assert_eq!(RING.verify(&format!("{}.", unsigned(&header))), None);
        }
    }
}
