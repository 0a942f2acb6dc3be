//! A client of the issuer, what it asks, and what it is given.

use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

use super::{
    browser::Walk,
    jose::OwnKey,
    outcome::{Step, Stop, must},
    run::{Run, bits, is_loopback, now},
    token::id_token,
    wire::Answer,
};
use crate::flow::random;

/// Nobody listens there: a walk ends where the browser would leave for it.
pub const REDIRECT: &str = "https://rp.check.example/callback";

/// A client.
pub struct Party {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: Option<String>,
    /// How it authenticates.
    pub method: String,
    /// Where answers go.
    pub redirect_uris: Vec<String>,
    /// Algorithm of its ID tokens.
    pub alg: String,
    /// The registration as it came back.
    pub registration: Value,
    /// Its key, where it signs.
    pub key: Option<OwnKey>,
}

impl Party {
    /// From the answer to a registration.
    pub fn registered(told: &Value) -> Step<Self> {
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        let list =
            |name: &str| told[name].as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned));
        let redirect_uris: Vec<String> = list("redirect_uris").collect();
        must(!redirect_uris.is_empty(), "RFC 7591 3.2.1", || {
            "the answer does not say which redirect_uris are registered".to_owned()
        })?;
        if let Some(uri) = told["registration_client_uri"].as_str() {
            must(uri.starts_with("https://") || is_loopback(uri), "RFC 7592 3", || {
                format!("registration_client_uri is not https: {uri}")
            })?;
        }
        Ok(Self {
            id: text("client_id").ok_or_else(|| Stop::Failed("RFC 7591 3.2.1", "no client_id".to_owned()))?,
            secret: text("client_secret"),
            method: text("token_endpoint_auth_method").unwrap_or_else(|| "client_secret_basic".to_owned()),
            redirect_uris,
            alg: text("id_token_signed_response_alg").unwrap_or_else(|| "RS256".to_owned()),
            registration: told.clone(),
            key: None,
        })
    }

    /// From the file of clients.
    pub fn prepared(entry: &Value) -> Option<Self> {
        let text = |name: &str| entry[name].as_str().map(str::to_owned);
        Some(Self {
            id: text("client_id")?,
            secret: text("client_secret"),
            method: text("token_endpoint_auth_method").unwrap_or_else(|| "client_secret_basic".to_owned()),
            redirect_uris: vec![text("redirect_uri")?],
            alg: text("id_token_signed_response_alg").unwrap_or_else(|| "RS256".to_owned()),
            registration: entry.clone(),
            key: None,
        })
    }

    /// A form sent by this client, by its method (RFC 6749 2.3, OpenID Connect Core 9).
    pub fn authenticated(&self, http: &Client, url: &Url, issuer: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let secret = self.secret.as_deref().unwrap_or_default();
        let mut fields: Vec<(&str, &str)> = fields.to_vec();
        let assertion;
        let post = http.post(url.clone());
        match self.method.as_str() {
            "client_secret_basic" => {
                let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                return post.basic_auth(encoded(&self.id), Some(encoded(secret))).form(&fields);
            }
            "private_key_jwt" => {
                assertion = self.assertion(issuer);
                fields.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                fields.push(("client_assertion", &assertion));
            }
            "client_secret_post" => fields.extend([("client_id", self.id.as_str()), ("client_secret", secret)]),
            _ => fields.push(("client_id", &self.id)),
        }
        post.form(&fields)
    }

    fn assertion(&self, audience: &str) -> String {
        let claims = json!({ "iss": self.id, "sub": self.id, "aud": audience, "jti": random(), "iat": now(), "exp": now() + 60 });
        self.key.as_ref().map_or_else(String::new, |key| key.sign(&claims))
    }

    /// An ordinary request for `openid`.
    pub fn ask(&self) -> Ask {
        let (state, nonce) = (random(), random());
        let pairs = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", &self.redirect_uris[0]),
            ("scope", "openid"),
            ("state", &state),
            ("nonce", &nonce),
        ];
        let params = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Ask { params, state: Some(state), nonce: Some(nonce), verifier: None }
    }
}

/// An authorization request.
#[derive(Clone)]
pub struct Ask {
    /// Its parameters in their order.
    pub params: Vec<(String, String)>,
    /// The `state` that must come back.
    pub state: Option<String>,
    /// The `nonce` that must stand in the ID token.
    pub nonce: Option<String>,
    /// PKCE verifier.
    pub verifier: Option<String>,
}

impl Ask {
    /// With another value, or one more parameter.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.params.retain(|(key, _)| key != name);
        self.params.push((name.to_owned(), value.to_owned()));
        match name {
            "state" => self.state = Some(value.to_owned()),
            "nonce" => self.nonce = Some(value.to_owned()),
            _ => {}
        }
        self
    }

    /// Without a parameter.
    pub fn without(mut self, name: &str) -> Self {
        self.params.retain(|(key, _)| key != name);
        match name {
            "state" => self.state = None,
            "nonce" => self.nonce = None,
            _ => {}
        }
        self
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What a login gave.
pub struct Tokens {
    /// The code that was used.
    pub code: String,
    /// Access token.
    pub access: String,
    /// Refresh token.
    pub refresh: Option<String>,
    /// The ID token as it came.
    pub id_token: String,
    /// Its claims.
    pub claims: Value,
    /// How the browser went.
    pub walk: Option<Walk>,
}

impl Tokens {
    /// Whether a sign-in form was filled on the way.
    pub fn signed_in(&self) -> bool {
        self.walk.as_ref().is_some_and(|walk| walk.signed_in)
    }
}

impl Run<'_> {
    /// Reads a token response (RFC 6749 5.1, OpenID Connect Core 3.1.3.3); `fresh`: the ID token must hold the nonce.
    pub fn granted(&mut self, party: &Party, ask: &Ask, answer: Answer, fresh: bool) -> Step<Tokens> {
        must(answer.status == 200, "RFC 6749 5.1", || format!("the token endpoint says {}", answer.line()))?;
        must(answer.header("content-type").starts_with("application/json"), "RFC 6749 5.1", || {
            format!("the answer comes as {}", answer.header("content-type"))
        })?;
        must(answer.header("cache-control").contains("no-store"), "RFC 6749 5.1", || {
            "the answer may be stored: no Cache-Control: no-store".to_owned()
        })?;
        let bearer = answer.member("token_type").is_some_and(|word| word.eq_ignore_ascii_case("bearer"));
        must(bearer, "OpenID Connect Core 3.1.3.3", || "token_type is not Bearer".to_owned())?;
        self.should(answer.json["expires_in"].is_number(), "RFC 6749 5.1", || "no expires_in".to_owned());
        let missing = |name: &str| Stop::Failed("OpenID Connect Core 3.1.3.3", format!("no {name}"));
        let access = answer.member("access_token").ok_or_else(|| missing("access_token"))?.to_owned();
        let refresh = answer.member("refresh_token").map(str::to_owned);
        for token in [Some(&access), refresh.as_ref()].into_iter().flatten() {
            must(token.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "RFC 6749 A.12", || {
                "a token holds odd characters".to_owned()
            })?;
            must(bits(token) >= 96.0, "RFC 6749 10.10", || "a token can be guessed".to_owned())?;
        }
        let id_token = answer.member("id_token").map(str::to_owned);
        let claims = match &id_token {
            Some(text) => self.checked(party, ask, text, &access, fresh)?,
            None if fresh => return Err(missing("id_token")),
            None => Value::Null,
        };
        let id_token = id_token.unwrap_or_default();
        Ok(Tokens { code: String::new(), access, refresh, id_token, claims, walk: None })
    }

    fn checked(&mut self, party: &Party, ask: &Ask, text: &str, access: &str, fresh: bool) -> Step<Value> {
        let keys = self.keys()?;
        let wanted = id_token::Wanted {
            issuer: &self.issuer.url,
            party,
            nonce: ask.nonce.as_deref(),
            fresh,
            access,
            auth_time: fresh && ask.get("max_age").is_some(),
        };
        let claims = id_token::check(text, &keys, &wanted)?;
        let asked = ask.get("claims").unwrap_or_default();
        let allowed = [
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "acr",
            "amr",
            "azp",
            "at_hash",
            "c_hash",
            "s_hash",
            "nbf",
            "jti",
            "sid",
            "txn",
        ];
        let more: Vec<&String> = claims
            .as_object()
            .into_iter()
            .flat_map(|claims| claims.keys())
            .filter(|name| !allowed.contains(&name.as_str()) && !asked.contains(name.as_str()))
            .collect();
        self.should(more.is_empty(), "OpenID Connect Core 5.4", || {
            format!("the ID token holds claims nobody asked for there: {more:?}")
        });
        Ok(claims)
    }

    /// The issuer's keys now.
    pub fn keys(&mut self) -> Step<Vec<Value>> {
        let uri = self.endpoint("jwks_uri")?;
        let answer = self.wire.call(&format!("GET {uri}"), |http| http.get(uri.clone()))?;
        must(answer.status == 200, "OpenID Connect Discovery 3", || format!("jwks_uri: {}", answer.line()))?;
        Ok(answer.json["keys"].as_array().cloned().unwrap_or_default())
    }
}
