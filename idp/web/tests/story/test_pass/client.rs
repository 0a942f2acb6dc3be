//! A relying party: asks, exchanges, refreshes, reads userinfo.

use super::city::{SECRET, callback};
use super::{Browser, Reply, TestPass};
use actix_web::http::header::AUTHORIZATION;
use actix_web::test::TestRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pass_core::domain::response_type::ResponseType;
use pass_core::secret::{base64url, from_base64url};
use serde_json::Value;
use sha2::{Digest, Sha256};

const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0";

/// An authorization request.
#[derive(Clone)]
pub(crate) struct Asking {
    client: &'static str,
    parameters: Vec<(String, String)>,
}

impl Asking {
    /// What the library asks for.
    pub(crate) fn library() -> Self {
        Self::of("library", "openid residence age")
    }

    /// What the child-care centre asks for.
    pub(crate) fn kosodate() -> Self {
        Self::of("kosodate", "openid basic4 age")
    }

    fn of(client: &'static str, scope: &str) -> Self {
        let challenge = base64url(&Sha256::digest(VERIFIER));
        let redirect = callback(client);
        let parameters = [
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", &redirect),
            ("scope", scope),
            ("state", "a-state"),
            ("nonce", "a-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        Self { client, parameters: parameters.map(|(name, value)| (name.to_string(), value.to_string())).into() }
    }

    /// One more parameter.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Another response type than `code`.
    pub(crate) fn for_type(mut self, response_type: ResponseType) -> Self {
        self.parameters.retain(|(name, _)| name != "response_type");
        self.with("response_type", response_type.as_str())
    }

    /// The address to send the browser to.
    pub(crate) fn path(&self) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish();
        format!("/authorize?{query}")
    }

    /// Exchanges the code of an answer; what comes back, as it is. `assertion` in the place of the secret.
    pub(crate) async fn exchange(&self, pass: &TestPass, answer: &Reply, assertion: Option<&str>) -> Reply {
        let code = answer.parameter("code").unwrap_or_else(|| panic!("no code: {} {}", answer.location, answer.body));
        let redirect = callback(self.client);
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &redirect),
            ("code_verifier", VERIFIER),
        ];
        match assertion {
            None => token(pass, self.client, &fields).await,
            Some(assertion) => {
                let jwt = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                let proof = [("client_assertion_type", jwt), ("client_assertion", assertion)];
                pass.browser().post("/token", &[&fields[..], &proof].concat()).await
            }
        }
    }

    /// Exchanges the code of an answer.
    pub(crate) async fn tokens(&self, pass: &TestPass, answer: &Reply) -> Tokens {
        let reply = self.exchange(pass, answer, None).await;
        let text = |name: &str| reply.json()[name].as_str().unwrap_or_else(|| panic!("{}", reply.body)).to_string();
        let claims = pass_core::secret::from_base64url(text("id_token").split('.').nth(1).unwrap()).unwrap();
        Tokens {
            client: self.client,
            access: text("access_token"),
            refresh: text("refresh_token"),
            claims: serde_json::from_slice(&claims).unwrap(),
            id: text("id_token"),
        }
    }
}

/// What a client holds.
pub(crate) struct Tokens {
    client: &'static str,
    /// Access token.
    pub(crate) access: String,
    /// Refresh token.
    pub(crate) refresh: String,
    /// Claims of the ID token.
    pub(crate) claims: Value,
    /// ID token.
    pub(crate) id: String,
}

impl Tokens {
    /// A claim of the ID token.
    pub(crate) fn claim(&self, name: &str) -> Option<String> {
        let payload = from_base64url(self.id.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&payload).unwrap();
        claims[name].as_str().map(str::to_string)
    }

    /// What userinfo sends.
    pub(crate) async fn userinfo_text(&self, pass: &TestPass) -> String {
        let bearer = (AUTHORIZATION, format!("Bearer {}", self.access));
        pass.browser().send(TestRequest::get().uri("/userinfo").insert_header(bearer)).await.body
    }

    /// Status and claims of userinfo.
    pub(crate) async fn userinfo(&self, pass: &TestPass) -> (u16, Value) {
        let bearer = (AUTHORIZATION, format!("Bearer {}", self.access));
        let reply = pass.browser().send(TestRequest::get().uri("/userinfo").insert_header(bearer)).await;
        (reply.status.as_u16(), serde_json::from_str(&reply.body).unwrap_or_default())
    }

    /// What the issuer says of the access token (RFC 7662).
    pub(crate) async fn introspected(&self, pass: &TestPass) -> Value {
        ask(pass, "/introspect", self.client, &[("token", self.access.as_str())]).await.json()
    }

    /// Status and body of a refresh.
    pub(crate) async fn refresh(&self, pass: &TestPass) -> (u16, Value) {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", self.refresh.as_str())];
        let reply = token(pass, self.client, &fields).await;
        (reply.status.as_u16(), reply.json())
    }
}

async fn token(pass: &TestPass, client: &str, fields: &[(&str, &str)]) -> Reply {
    ask(pass, "/token", client, fields).await
}

async fn ask(pass: &TestPass, path: &str, client: &str, fields: &[(&str, &str)]) -> Reply {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let basic = (AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{client}:{SECRET}"))));
    let request = TestRequest::post().uri(path).insert_header(basic);
    let request = request.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(body);
    pass.browser().send(request).await
}

impl Browser {
    /// A whole login: asks, signs in with the test authenticator, agrees, and comes to the relying party.
    pub(crate) async fn log_in(&self, asking: &Asking, login: &str) -> Reply {
        let page = self.open(&asking.path()).await;
        let consent = self.test_sign_in(&page, login).await;
        self.press(&consent, &[("decision", "allow")]).await
    }
}
