//! What tokens must look like.

/// ID tokens (OpenID Connect Core 2, 3.1.3.7).
pub mod id_token {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
    use serde_json::Value;
    use sha2::{Digest, Sha256};

    use crate::check::{
        jose::Jwt,
        outcome::{Step, Stop, must},
        party::Party,
        run::now,
    };

    /// What the token must say.
    pub struct Wanted<'a> {
        /// `iss`.
        pub issuer: &'a str,
        /// `aud`, and the algorithm.
        pub party: &'a Party,
        /// `nonce` of the request.
        pub nonce: Option<&'a str>,
        /// From a login; a refresh may leave the nonce out (12.2).
        pub fresh: bool,
        /// For `at_hash`.
        pub access: &'a str,
        /// `auth_time` must be there.
        pub auth_time: bool,
    }

    const RULES: &str = "OpenID Connect Core 3.1.3.7";

    /// Checks a token, and gives its claims.
    ///
    /// # Errors
    /// It breaks a rule.
    pub fn check(text: &str, keys: &[Value], wanted: &Wanted<'_>) -> Step<Value> {
        let jwt =
            Jwt::read(text).ok_or_else(|| Stop::Failed("RFC 7519 7.2", "the ID token is no signed JWT".to_owned()))?;
        must(jwt.header["alg"] == wanted.party.alg.as_str(), RULES, || {
            format!("alg is {}, registered is {}", jwt.header["alg"], wanted.party.alg)
        })?;
        let kid = jwt.header["kid"].as_str();
        must(kid.is_some() || keys.len() == 1, "OpenID Connect Core 10.1", || "no kid, and several keys".to_owned())?;
        let key = keys.iter().find(|key| kid.is_none() || key["kid"].as_str() == kid);
        let key = key.ok_or_else(|| Stop::Failed("OpenID Connect Core 10.1", "kid is not in jwks_uri".to_owned()))?;
        must(jwt.is_signed_by(key), RULES, || "the signature is wrong".to_owned())?;
        claims(&jwt.payload, wanted)?;
        Ok(jwt.payload)
    }

    fn claims(told: &Value, wanted: &Wanted<'_>) -> Step<()> {
        must(told["iss"] == wanted.issuer, RULES, || format!("iss is {}", told["iss"]))?;
        let id = wanted.party.id.as_str();
        let audience = told["aud"] == id || told["aud"].as_array().is_some_and(|list| list.len() == 1 && list[0] == id);
        must(audience, RULES, || format!("aud is {}", told["aud"]))?;
        let sub = told["sub"].as_str().unwrap_or_default();
        must((1..=255).contains(&sub.len()) && sub.is_ascii(), "OpenID Connect Core 2", || {
            "sub is not 1 to 255 ASCII characters".to_owned()
        })?;
        let second = |name: &str| told[name].as_i64();
        must(second("exp").is_some_and(|exp| exp > now()), RULES, || "exp is missing or over".to_owned())?;
        let iat = second("iat").unwrap_or_default();
        must((now() - 300..=now() + 5).contains(&iat), RULES, || format!("iat is {iat}"))?;
        let nonce = told["nonce"].as_str();
        let left_out = !wanted.fresh && nonce.is_none();
        must(nonce == wanted.nonce || left_out, RULES, || "nonce is not the one sent".to_owned())?;
        if wanted.auth_time {
            must(second("auth_time").is_some(), "OpenID Connect Core 2", || {
                "max_age was sent, and there is no auth_time".to_owned()
            })?;
        }
        if let Some(hash) = told["at_hash"].as_str() {
            let half = BASE64URL.encode(&Sha256::digest(wanted.access.as_bytes())[..16]);
            must(hash == half, "OpenID Connect Core 3.1.3.6", || "at_hash is not of this access token".to_owned())?;
        }
        Ok(())
    }
}
