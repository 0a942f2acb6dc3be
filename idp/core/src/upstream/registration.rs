//! How PASS is registered at the service.

use crate::oidc::es256::SigningKey;
use crate::{Entropy, Fault, Time, secret};
use serde_json::{Map, Value};
use std::time::Duration;

/// An assertion is used at once.
const LIFE: Duration = Duration::from_secs(60);

/// How PASS is registered at the service.
#[derive(Debug)]
pub struct Registration {
    /// The service's issuer identifier, exactly as its discovery document has it.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Where it sends browsers back to.
    pub redirect_uri: String,
    /// The four attributes, each a scope of its own; `openid` goes without saying.
    pub scopes: Vec<String>,
    /// What is asked of its own check, such as `aal3 crl`.
    pub acr_values: String,
    /// The key whose public half is registered there.
    pub key: SigningKey,
}

impl Registration {
    /// Proves who we are at its token endpoint (RFC 7523 3, OpenID Connect Core 9 `private_key_jwt`).
    pub(super) fn assertion(&self, token_endpoint: &str, now: Time, entropy: &dyn Entropy) -> Result<String, Fault> {
        let text = |value: &str| Value::from(value);
        let claims = Map::from_iter([
            ("iss".to_owned(), text(&self.client_id)),
            ("sub".to_owned(), text(&self.client_id)),
            ("aud".to_owned(), text(token_endpoint)),
            ("jti".to_owned(), text(&secret::token(entropy))),
            ("iat".to_owned(), now.seconds().into()),
            ("exp".to_owned(), (now + LIFE).seconds().into()),
        ]);
        self.key.sign(&claims, "JWT")
    }
}
