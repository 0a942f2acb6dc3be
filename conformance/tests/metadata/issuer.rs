//! A running issuer as a relying party that registers itself sees it.

use std::sync::OnceLock;

use pass_conformance::{
    Browser, ClientRow, Demo, Line, Page, Resident,
    flow::{Answer, Party, Request, walk},
};
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Map, Value, json};

pub const REDIRECT: &str = "https://rp.example/cb";

/// RFC 7517 A.1: public keys whose private halves everybody knows, to encrypt to.
pub const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","use":"enc","kid":"2"}]}"#;

/// The demo of this test program.
pub fn line() -> &'static Line {
    &Demo::shared().line
}

/// The discovery document, member by member.
pub fn document() -> &'static Map<String, Value> {
    static DOCUMENT: OnceLock<Map<String, Value>> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let Value::Object(document) = Party::new(line(), "library").metadata().clone() else { panic!("no object") };
        document
    })
}

/// The words of a list.
pub fn words(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|word| word.as_str().expect("a word")).collect()
}

pub fn http() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("an HTTP client")
}

/// Status and JSON of an answer.
pub fn told(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().expect("the issuer answers");
    let status = answer.status().as_u16();
    (status, answer.json().unwrap_or_default())
}

pub fn address(member: &str) -> &'static str {
    document()[member].as_str().unwrap_or_else(|| panic!("{member} is no address"))
}

/// What comes of a registration with these members besides the redirect URI.
pub fn registration(members: &Value) -> (u16, Value) {
    let mut wanted = json!({ "redirect_uris": [REDIRECT] });
    let (Some(wanted_members), Some(more)) = (wanted.as_object_mut(), members.as_object()) else { panic!("objects") };
    wanted_members.extend(more.clone());
    let token = line().registration_token.clone().expect("an initial access token");
    told(http().post(address("registration_endpoint")).bearer_auth(token).json(&wanted))
}

/// These members are registered and come back as they were sent.
pub fn accepted(members: &Value) -> ClientRow {
    let (status, told) = registration(members);
    assert_eq!(status, 201, "{members}: {told}");
    for (name, value) in members.as_object().expect("an object") {
        assert_eq!(&told[name], value, "{name} came back otherwise");
    }
    let list = |name: &str| words(&told[name]).into_iter().map(str::to_owned).collect();
    ClientRow {
        client_id: told["client_id"].as_str().expect("a client_id").to_owned(),
        client_secret: told["client_secret"].as_str().map(str::to_owned),
        token_endpoint_auth_method: told["token_endpoint_auth_method"].as_str().expect("a method").to_owned(),
        redirect_uris: list("redirect_uris"),
        grant_types: list("grant_types"),
        scope: told["scope"].as_str().expect("a scope").to_owned(),
    }
}

/// Each of these words is refused as the value of a member.
pub fn refused(member: &str, values: &[&str], beside: &Value) {
    for value in values {
        let mut members = beside.clone();
        members[member] = json!(value);
        let (status, told) = registration(&members);
        assert_eq!(
            (status, told["error"].as_str()),
            (400, Some("invalid_client_metadata")),
            "{member} {value}: {told}"
        );
    }
}

/// A client that has just registered itself.
pub struct Registered {
    line: Line,
    id: String,
}

impl Registered {
    pub fn with(members: &Value) -> Self {
        let row = accepted(members);
        let (mut line, id) = (line().clone(), row.client_id.clone());
        line.clients.push(row);
        Self { line, id }
    }

    pub fn party(&self) -> Party<'_> {
        Party::new(&self.line, &self.id)
    }

    /// Where a request with these changes ends.
    pub fn ends(&self, changes: &[(&str, Option<&str>)]) -> (Page, Request) {
        let party = self.party();
        let request = party.request().with(changes);
        let end = walk(&mut party.browser(), person(), &request);
        (end, request)
    }

    /// The error at the redirect URI.
    pub fn error(&self, changes: &[(&str, Option<&str>)]) -> String {
        let (end, _) = self.ends(changes);
        end.query("error").unwrap_or_else(|| panic!("{changes:?} was not refused: {}", end.told()))
    }

    /// A login with these changes, and its tokens.
    pub fn login(&self, who: &Resident, changes: &[(&str, Option<&str>)]) -> Answer {
        let party = self.party();
        let request = party.request().with(changes);
        let code = party.code(&mut party.browser(), who, &request);
        let tokens = party.exchange(&code, &request);
        assert_eq!(tokens.status, 200, "{changes:?}: {}", tokens.error());
        tokens
    }

    pub fn tokens(&self, changes: &[(&str, Option<&str>)]) -> Answer {
        self.login(person(), changes)
    }
}

/// One client for all checks that need nothing special.
pub fn plain() -> &'static Registered {
    static PLAIN: OnceLock<Registered> = OnceLock::new();
    PLAIN.get_or_init(|| Registered::with(&json!({ "grant_types": ["authorization_code", "refresh_token"] })))
}

/// Has every claim: proofed by a card, and all the rest declared.
pub fn person() -> &'static Resident {
    line().user(0)
}

/// Header of a JWT or JWE.
pub fn header(token: &str) -> Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let first = token.split('.').next().expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(first).expect("base64url")).expect("JSON")
}

/// The sign-in page in the languages asked for.
pub fn sign_in_page(ui_locales: &str) -> Page {
    let party = plain().party();
    Browser::new(&[]).open(&party.request().with(&[("ui_locales", Some(ui_locales))]).url)
}

/// What only a holder of private keys can show, a test in one process shows; it must be there.
pub fn shown_by(file: &str, test: &str) {
    let path = pass_conformance::root().join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{file}: {why}"));
    assert!(text.contains(&format!("fn {test}(")), "{file} has no test {test}");
}
