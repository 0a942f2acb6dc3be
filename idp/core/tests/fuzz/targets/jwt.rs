//! Every place that takes a token of somebody else: client assertion, `id_token_hint`, access token, hint at sign-out.

use super::city::{CLIENT, ISSUER, KEYS, NOW, RING, token};
use pass_core::oidc::params::Params;
use pass_core::oidc::{access_token, client_auth, client_keys, hint, logout};
use serde_json::Value;

const ENDPOINT: &str = "https://pass.example/token";
const TYPES: [&str; 4] = ["JWT", "at+jwt", "logout+jwt", ""];

/// The first byte chooses a `typ`; the rest is claims to be signed, or a token as it is.
pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let typ = TYPES[usize::from(first % 4)];
    let (token, signed) = token(&String::from_utf8_lossy(rest), typ);
    if let Some(verified) = RING.verify(&token) {
        assert!(signed && verified.typ.as_deref() == Some(typ));
    }
    assert!(signed || !client_keys::knows(&token, &KEYS) || token.split('.').count() == 3);
    hinted(&token, typ, signed);
    presented(&token, typ, signed);
    asserted(&token, signed);
}

fn claims(token: &str) -> Value {
    RING.verify(token).map_or(Value::Null, |verified| Value::Object(verified.claims))
}

fn hinted(token: &str, typ: &str, signed: bool) {
    if let Some(hint) = hint::read(token, ISSUER, &RING) {
        let claims = claims(token);
        assert!(signed && typ == "JWT" && claims["iss"] == ISSUER && claims["sub"] == hint.sub.as_str());
        for name in ["exp", "iat", "acr", "amr"] {
            assert!(claims.get(name).is_some(), "a hint without {name}");
        }
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("id_token_hint", token).finish();
    let Ok(params) = Params::parse(&query) else { return };
    let _ = logout::read(&params, ISSUER, &RING);
}

fn presented(token: &str, typ: &str, signed: bool) {
    if !token.contains('.') {
        return;
    }
    if let Some(found) = access_token::read(token, ISSUER, &RING, NOW) {
        let claims = claims(token);
        assert!(signed && typ == "at+jwt" && claims["iss"] == ISSUER && claims["aud"] == ISSUER);
        if let access_token::Presented::Client(client) = found {
            assert!(client.expires_at > NOW);
        }
    }
}

fn asserted(token: &str, signed: bool) {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let pairs = [("client_assertion_type", kind), ("client_assertion", token)];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let Ok(params) = Params::parse(&body) else { return };
    let Ok(presented) = client_auth::read(None, &params) else { return };
    if let Ok(proven) = client_auth::check(&presented, Some(&CLIENT), Some(&KEYS), &[ISSUER, ENDPOINT], NOW) {
        let claims = claims(token);
        assert!(signed && claims["iss"] == "library" && claims["sub"] == "library");
        assert!(claims["jti"].as_str().is_some_and(|jti| !jti.is_empty()));
        let until = proven.replay.expect("an assertion counts once").until;
        assert!(until > NOW && until.since(NOW).as_secs() <= 2 * 3600);
    }
}
