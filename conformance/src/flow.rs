//! OpenID Connect as a relying party speaks it, by hand, so that abuse is as easy as use.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use reqwest::{
    blocking::{Client, RequestBuilder},
    header::HeaderMap,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{Browser, ClientRow, Line, Page, Resident};

/// An authorization request on its way.
#[derive(Clone)]
pub struct Request {
    /// Where the browser goes.
    pub url: Url,
    /// PKCE verifier.
    pub verifier: String,
    /// `state` that was sent.
    pub state: String,
    /// `nonce` that was sent.
    pub nonce: String,
    /// `redirect_uri` that was sent.
    pub redirect_uri: String,
}

/// The token endpoint's answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON body; null where it was none.
    pub body: Value,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub raw: String,
}

/// An issuer and one of its clients.
pub struct Party<'a> {
    /// Issuer.
    pub issuer: &'a str,
    /// Client.
    pub client: &'a ClientRow,
    metadata: Value,
    http: Client,
}

impl Request {
    /// The same request with other parameters: a value of `None` takes one away.
    #[must_use]
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> Self {
        let kept: Vec<(String, String)> = self
            .url
            .query_pairs()
            .filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut url = self.url.clone();
        url.query_pairs_mut().clear().extend_pairs(kept);
        for (name, value) in changes {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Self { url, ..self.clone() }
    }

    /// The same request with one parameter said again.
    #[must_use]
    pub fn again(&self, name: &str, value: &str) -> Self {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair(name, value);
        Self { url, ..self.clone() }
    }
}

impl Answer {
    /// A text member.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    /// The OAuth error code, or "" where there is none.
    #[must_use]
    pub fn error(&self) -> &str {
        self.text("error").unwrap_or_default()
    }

    /// A text member that must be there.
    ///
    /// # Panics
    /// It is not.
    #[must_use]
    pub fn must(&self, name: &str) -> String {
        self.text(name).unwrap_or_else(|| panic!("no {name}: {} {}", self.status, self.error())).to_owned()
    }

    /// The ID token's payload, unchecked: signatures are the business of `rp/`.
    ///
    /// # Panics
    /// There is no ID token.
    #[must_use]
    pub fn id_token(&self) -> Map<String, Value> {
        let token = self.must("id_token");
        let middle = token.split('.').nth(1).expect("three parts");
        serde_json::from_slice(&BASE64URL.decode(middle).expect("base64url")).expect("a JSON object")
    }
}

impl<'a> Party<'a> {
    /// The client of this id at the demo's issuer.
    ///
    /// # Panics
    /// There is no such client, or no discovery document.
    #[must_use]
    pub fn new(line: &'a Line, client_id: &str) -> Self {
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(64).build();
        let http = http.expect("an HTTP client");
        let metadata = http.get(format!("{}/.well-known/openid-configuration", line.issuer)).send();
        let metadata = metadata.and_then(|answer| answer.json()).expect("a discovery document");
        Self { issuer: &line.issuer, client: line.client(client_id), metadata, http }
    }

    /// A member of the discovery document.
    ///
    /// # Panics
    /// It is not there.
    #[must_use]
    pub fn endpoint(&self, name: &str) -> Url {
        let text = self.metadata.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name} in discovery"));
        text.parse().unwrap_or_else(|why| panic!("{name} {text}: {why}"))
    }

    /// The whole discovery document.
    #[must_use]
    pub fn metadata(&self) -> &Value {
        &self.metadata
    }

    /// A browser that stops at this client's redirect URIs.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(&self.client.redirect_uris)
    }

    /// An ordinary request for everything the client may ask for.
    #[must_use]
    pub fn request(&self) -> Request {
        let (verifier, state, nonce) = (random(), random(), random());
        let challenge = BASE64URL.encode(Sha256::digest(verifier.as_bytes()));
        let redirect_uri = self.client.redirect_uris[0].clone();
        let mut url = self.endpoint("authorization_endpoint");
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.client.client_id),
            ("redirect_uri", &redirect_uri),
            ("scope", &self.client.scope.replace(" api", "")),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        Request { url, verifier, state, nonce, redirect_uri }
    }

    /// Signs in and agrees, and gives the code.
    ///
    /// # Panics
    /// The walk ends anywhere but at the redirect URI with a code.
    pub fn code(&self, browser: &mut Browser, resident: &Resident, request: &Request) -> String {
        self.code_if_alive(browser, resident, request).expect("the issuer answers")
    }

    /// Signs in and agrees at an issuer that may be gone.
    ///
    /// # Panics
    /// The walk ends anywhere but at the redirect URI with a code, or at a silent issuer.
    pub fn code_if_alive(&self, browser: &mut Browser, resident: &Resident, request: &Request) -> Option<String> {
        let end = try_walk(browser, resident, request)?;
        assert!(end.left, "the login did not come back: {}", end.told());
        assert_eq!(end.query("state").as_deref(), Some(request.state.as_str()));
        Some(end.query("code").unwrap_or_else(|| panic!("no code: {:?}", end.query("error"))))
    }

    /// Exchanges a code for tokens.
    #[must_use]
    pub fn exchange(&self, code: &str, request: &Request) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &request.redirect_uri),
            ("code_verifier", &request.verifier),
        ])
    }

    /// Exchanges a refresh token.
    #[must_use]
    pub fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// Exchanges a refresh token at an issuer that may be gone.
    #[must_use]
    pub fn refresh_if_alive(&self, token: &str) -> Option<Answer> {
        try_answer(self.prepared("token_endpoint", &[("grant_type", "refresh_token"), ("refresh_token", token)]))
    }

    /// Signs in, agrees, and gives the tokens.
    ///
    /// # Panics
    /// Any step is refused.
    pub fn tokens(&self, browser: &mut Browser, resident: &Resident) -> Answer {
        let request = self.request();
        let code = self.code(browser, resident, &request);
        let answer = self.exchange(&code, &request);
        assert_eq!(answer.status, 200, "exchange: {} {:?}", answer.error(), answer.text("error_description"));
        assert_eq!(answer.id_token().get("nonce").and_then(Value::as_str), Some(request.nonce.as_str()));
        answer
    }

    /// Posts to the token endpoint as this client.
    #[must_use]
    pub fn token(&self, fields: &[(&str, &str)]) -> Answer {
        self.authenticated("token_endpoint", fields)
    }

    /// Asks whether a token is active.
    #[must_use]
    pub fn is_active(&self, token: &str) -> bool {
        self.authenticated("introspection_endpoint", &[("token", token)]).body["active"] == Value::Bool(true)
    }

    /// Posts to an endpoint as this client, by its registered method.
    #[must_use]
    pub fn authenticated(&self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        answer(self.prepared(endpoint, fields))
    }

    fn prepared(&self, endpoint: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let secret = self.client.client_secret.as_deref().unwrap_or_default();
        let post = self.http.post(self.endpoint(endpoint));
        let mut fields = fields.to_vec();
        // RFC 6749 2.3.1; the demo's ids and secrets need no form encoding.
        let post = match self.client.token_endpoint_auth_method.as_str() {
            "client_secret_basic" => post.basic_auth(&self.client.client_id, Some(secret)),
            method => {
                fields.push(("client_id", &self.client.client_id));
                if method == "client_secret_post" {
                    fields.push(("client_secret", secret));
                }
                post
            }
        };
        post.form(&fields)
    }

    /// Posts to the token endpoint with no authentication but what `fields` hold.
    #[must_use]
    pub fn bare(&self, fields: &[(&str, &str)]) -> Answer {
        answer(self.http.post(self.endpoint("token_endpoint")).form(fields))
    }

    /// Posts to the token endpoint with a Basic header of one's own making.
    #[must_use]
    pub fn basic(&self, user: &str, secret: &str, fields: &[(&str, &str)]) -> Answer {
        answer(self.http.post(self.endpoint("token_endpoint")).basic_auth(user, Some(secret)).form(fields))
    }

    /// Asks userinfo with a bearer token.
    #[must_use]
    pub fn userinfo(&self, access: &str) -> Answer {
        answer(self.http.get(self.endpoint("userinfo_endpoint")).bearer_auth(access))
    }
}

fn answer(request: RequestBuilder) -> Answer {
    try_answer(request).expect("the issuer answers")
}

fn try_answer(request: RequestBuilder) -> Option<Answer> {
    let answer = request.send().ok()?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let raw = answer.text().ok()?;
    Some(Answer { status, body: serde_json::from_str(&raw).unwrap_or_default(), headers, raw })
}

/// Fills the plain forms of sign-in and consent until the browser leaves or a page needs somebody who thinks.
///
/// # Panics
/// The issuer does not answer, or shows the same pages again and again.
pub fn walk(browser: &mut Browser, resident: &Resident, request: &Request) -> Page {
    try_walk(browser, resident, request).expect("the issuer answers")
}

/// The same walk at an issuer that may be gone.
///
/// # Panics
/// The issuer shows the same pages again and again.
pub fn try_walk(browser: &mut Browser, resident: &Resident, request: &Request) -> Option<Page> {
    let mut page = browser.try_open(&request.url)?;
    for _ in 0..6 {
        page = match step(&page) {
            Some(Step::Login) => {
                let fields = [("#pass-login-id", &*resident.login_id), ("#pass-login-secret", &*resident.login_secret)];
                browser.try_submit(&page, "#pass-login-form", &fields)?
            }
            Some(Step::Consent) => browser.try_submit(&page, "#pass-consent-form", &[("decision", "allow")])?,
            None => return Some(page),
        };
    }
    panic!("sign-in goes round in circles: {}", page.told());
}

enum Step {
    Login,
    Consent,
}

fn step(page: &Page) -> Option<Step> {
    if page.left {
        None
    } else if page.has("#pass-login-form #pass-login-secret") {
        Some(Step::Login)
    } else {
        page.has("#pass-consent-form").then_some(Step::Consent)
    }
}

/// 43 characters that nobody guesses: enough for a verifier, a state and a nonce.
#[must_use]
pub fn random() -> String {
    let mut bytes = [0_u8; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom").expect("/dev/urandom"), &mut bytes)
        .expect("32 bytes");
    BASE64URL.encode(bytes)
}
