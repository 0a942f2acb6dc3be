//! What a client may register, and what then comes of it.

use serde_json::{Value, json};

use crate::issuer::{
    KEYS, Registered, accepted, address, header, http, person, plain, refused, registration, shown_by, told, words,
};

const OBJECTS: &str = "idp/web/tests/story/request_objects.rs";

pub fn endpoint(_: &Value) {
    let (status, _) = told(http().post(address("registration_endpoint")).json(&json!({ "redirect_uris": [] })));
    assert_eq!(status, 401, "nobody registers without an initial access token");
    accepted(&json!({ "client_name": "Reader" }));
}

pub fn subject_types(value: &Value) {
    assert_eq!(words(value), ["pairwise"]);
    accepted(&json!({ "subject_type": "pairwise" }));
    refused("subject_type", &["public", "ephemeral"], &json!({}));
}

/// Signature algorithms of RFC 7518 3.1 and RFC 8037 that the list does not name.
fn unlisted<'a>(value: &Value) -> Vec<&'a str> {
    let all = [
        "none", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "ES256K", "PS256",
        "PS384", "PS512", "EdDSA", "Ed25519",
    ];
    all.into_iter().filter(|alg| !words(value).contains(alg)).collect()
}

pub fn id_token_signing(value: &Value) {
    let member = "id_token_signed_response_alg";
    for alg in words(value) {
        let client = Registered::with(&json!({ member: alg }));
        assert_eq!(header(&client.tokens(&[]).must("id_token"))["alg"], alg);
    }
    refused(member, &unlisted(value), &json!({}));
}

pub fn userinfo_signing(value: &Value) {
    let member = "userinfo_signed_response_alg";
    for alg in words(value) {
        let client = Registered::with(&json!({ member: alg }));
        let access = client.tokens(&[]).must("access_token");
        let told = client.party().userinfo(&access);
        assert_eq!(told.headers["content-type"], "application/jwt");
        assert_eq!(header(&told.raw)["alg"], alg);
    }
    refused(member, &unlisted(value), &json!({}));
}

pub fn request_object_signing(value: &Value) {
    let (member, keys) = ("request_object_signing_alg", json!({ "jwks": keys() }));
    for alg in words(value) {
        accepted(&json!({ member: alg, "jwks": keys["jwks"] }));
    }
    refused(member, &unlisted(value), &keys);
    shown_by(OBJECTS, "cap_49_a_signed_request_is_read_by_value_and_by_reference_and_keys_may_rotate");
}

pub fn auth_signing(value: &Value) {
    let (member, method) = ("token_endpoint_auth_signing_alg", "private_key_jwt");
    for alg in words(value) {
        accepted(&json!({ member: alg, "token_endpoint_auth_method": method, "jwks": keys() }));
    }
    refused(member, &unlisted(value), &json!({ "token_endpoint_auth_method": method, "jwks": keys() }));
}

fn keys() -> Value {
    serde_json::from_str(KEYS).expect("a JWK set")
}

/// Key management algorithms of RFC 7518 4.1, and content encryption of 5.1, that a list does not name are refused.
const ALGS: [&str; 17] = [
    "RSA1_5",
    "RSA-OAEP",
    "RSA-OAEP-256",
    "RSA-OAEP-512",
    "A128KW",
    "A192KW",
    "A256KW",
    "dir",
    "ECDH-ES",
    "ECDH-ES+A128KW",
    "ECDH-ES+A192KW",
    "ECDH-ES+A256KW",
    "A128GCMKW",
    "A192GCMKW",
    "A256GCMKW",
    "PBES2-HS256+A128KW",
    "none",
];
const ENCS: [&str; 6] = ["A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"];

struct Encryption {
    alg: &'static str,
    enc: &'static str,
    /// The encrypted answer of a client.
    answer: fn(&Registered) -> String,
}

const ID_TOKEN: Encryption = Encryption {
    alg: "id_token_encrypted_response_alg",
    enc: "id_token_encrypted_response_enc",
    answer: |client| client.party().exchanged_id_token(),
};
const USERINFO: Encryption = Encryption {
    alg: "userinfo_encrypted_response_alg",
    enc: "userinfo_encrypted_response_enc",
    answer: |client| client.party().encrypted_userinfo(),
};

/// A login whose ID token nobody here can read.
trait Encrypted {
    fn exchanged_id_token(&self) -> String;
    fn encrypted_userinfo(&self) -> String;
    fn exchanged(&self) -> pass_conformance::flow::Answer;
}

impl Encrypted for pass_conformance::flow::Party<'_> {
    fn exchanged(&self) -> pass_conformance::flow::Answer {
        let request = self.request();
        let code = self.code(&mut self.browser(), person(), &request);
        self.exchange(&code, &request)
    }

    fn exchanged_id_token(&self) -> String {
        self.exchanged().must("id_token")
    }

    fn encrypted_userinfo(&self) -> String {
        self.userinfo(&self.exchanged().must("access_token")).raw
    }
}

impl Encryption {
    fn algorithms(&self, value: &Value) {
        for alg in words(value) {
            self.works(alg, "A128CBC-HS256");
        }
        let other: Vec<&str> = ALGS.into_iter().filter(|alg| !words(value).contains(alg)).collect();
        refused(self.alg, &other, &json!({ "jwks": keys() }));
    }

    fn contents(&self, value: &Value) {
        for enc in words(value) {
            self.works("RSA-OAEP-256", enc);
        }
        let other: Vec<&str> = ENCS.into_iter().filter(|enc| !words(value).contains(enc)).collect();
        refused(self.enc, &other, &json!({ self.alg: "RSA-OAEP-256", "jwks": keys() }));
    }

    fn works(&self, alg: &str, enc: &str) {
        let client = Registered::with(&json!({ self.alg: alg, self.enc: enc, "jwks": keys() }));
        let token = (self.answer)(&client);
        let header = header(&token);
        assert_eq!((&header["alg"], &header["enc"], token.split('.').count()), (&json!(alg), &json!(enc), 5));
        assert_eq!(header.get("zip"), None, "RFC 8725 3.6");
    }
}

pub fn id_token_encryption(value: &Value) {
    ID_TOKEN.algorithms(value);
}

pub fn id_token_content_encryption(value: &Value) {
    ID_TOKEN.contents(value);
}

pub fn userinfo_encryption(value: &Value) {
    USERINFO.algorithms(value);
}

pub fn userinfo_content_encryption(value: &Value) {
    USERINFO.contents(value);
}

pub fn auth_methods(value: &Value) {
    let member = "token_endpoint_auth_method";
    for method in words(value) {
        if method == "private_key_jwt" {
            accepted(&json!({ member: method, "jwks": keys() }));
            shown_by("idp/core/src/oidc/client_auth/tests.rs", "cap_49_private_key_jwt_in_every_algorithm");
        } else {
            let _ = Registered::with(&json!({ member: method })).tokens(&[]);
        }
    }
    refused(
        member,
        &["client_secret_jwt", "tls_client_auth", "self_signed_tls_client_auth"],
        &json!({ "jwks": keys() }),
    );
}

/// A form sent to an endpoint by a client of each method but the one that needs a private key.
fn as_method(method: &str, endpoint: &str, token: &dyn Fn(&Registered) -> String) -> (u16, Value) {
    let client = Registered::with(&json!({ "token_endpoint_auth_method": method }));
    let token = token(&client);
    let answer = client.party().authenticated(endpoint, &[("token", &token)]);
    (answer.status, answer.body)
}

fn access(client: &Registered) -> String {
    client.tokens(&[]).must("access_token")
}

pub fn introspection_auth(value: &Value) {
    for method in ["client_secret_basic", "client_secret_post"] {
        assert!(words(value).contains(&method));
        let (status, told) = as_method(method, "introspection_endpoint", &access);
        assert_eq!((status, &told["active"]), (200, &json!(true)), "{method}");
    }
    assert_eq!(words(value).len(), 3, "private_key_jwt is the third: {value}");
    let (status, _) = as_method("none", "introspection_endpoint", &access);
    assert_eq!(status, 401, "a public client proves nothing, so it learns nothing");
}

pub fn revocation_auth(value: &Value) {
    assert_eq!(value, &crate::document()["token_endpoint_auth_methods_supported"]);
    for method in ["client_secret_basic", "client_secret_post", "none"] {
        let (status, _) = as_method(method, "revocation_endpoint", &access);
        assert_eq!(status, 200, "{method}");
    }
}

pub fn backchannel_logout(value: &Value) {
    assert_eq!(value, true);
    let members =
        json!({ "backchannel_logout_uri": "https://rp.example/out", "backchannel_logout_session_required": true });
    let told = Registered::with(&members).tokens(&[]).id_token();
    assert!(told.contains_key("sid"), "who is told of sessions knows them");
    assert!(!plain().tokens(&[]).id_token().contains_key("sid"), "nobody else does");
    shown_by("idp/web/tests/story/notices.rs", "cap_49_two_facilities_hear_of_one_session_under_two_numbers");
}

pub fn frontchannel_logout(value: &Value) {
    assert_eq!(value, true);
    let address = crate::issuer::REDIRECT.replace("/cb", "/out");
    let members = json!({ "frontchannel_logout_uri": address, "frontchannel_logout_session_required": true });
    let told = Registered::with(&members).tokens(&[]).id_token();
    assert!(told.contains_key("sid"), "who is told of sessions knows them");
    shown_by(
        "idp/web/tests/story/front_channel.rs",
        "cap_49_signing_out_loads_a_frame_for_each_client_that_asked_for_one",
    );
}

/// Members of other people's metadata: refused where a client would rely on them, else left out of the answer.
pub fn what_is_not_named() {
    for members in [
        json!({ "request_object_encryption_alg": "RSA-OAEP" }),
        json!({ "tls_client_certificate_bound_access_tokens": true }),
        json!({ "dpop_bound_access_tokens": true }),
        json!({ "require_pushed_authorization_requests": true }),
        json!({ "authorization_signed_response_alg": "ES256" }),
        json!({ "grant_types": ["implicit"] }),
        json!({ "response_types": ["token"] }),
        json!({ "software_statement": "a.b.c" }),
    ] {
        let (status, told) = registration(&members);
        assert_eq!(status, 400, "{members}: {told}");
    }
    let (_, told) = registration(&json!({ "tls_client_auth_subject_dn": "CN=a", "unheard_of": 1 }));
    assert!(told.get("tls_client_auth_subject_dn").is_none() && told.get("unheard_of").is_none(), "RFC 7591 2: {told}");
}
