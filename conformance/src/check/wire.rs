//! What goes over the wire in one module: every exchange is written down, for the report of a module that does not pass.

use reqwest::{
    blocking::{Client, RequestBuilder, Response},
    header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, HeaderMap, SET_COOKIE},
};
use serde_json::Value;
use url::Url;

use super::outcome::{Step, Stop};
use crate::Jar;

/// One module's connection to the issuer: an HTTP client, cookies of its own, and a log.
pub struct Wire {
    http: Client,
    jar: Jar,
    log: Vec<String>,
}

/// An answer.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null where it is none.
    pub json: Value,
    /// Where it came from.
    pub url: Url,
}

/// Parameters whose values are secrets or long: only their beginning is written down.
const SHORT: usize = 12;

impl Wire {
    pub fn new(http: Client) -> Self {
        Self { http, jar: Jar::default(), log: Vec::new() }
    }

    /// The lines written so far.
    pub fn log(self) -> Vec<String> {
        self.log
    }

    /// A page, as a browser asks for it. Redirects are not followed.
    pub fn page(&mut self, url: &Url) -> Step<Answer> {
        self.log.push(format!("> GET {}", shortened(url)));
        let request =
            self.http.get(url.clone()).header(ACCEPT, "text/html,*/*;q=0.8").header(ACCEPT_LANGUAGE, "en,ja;q=0.8");
        self.in_browser(url, request)
    }

    /// A form, as a browser sends it from a page of `origin`.
    pub fn form(&mut self, url: &Url, fields: &[(String, String)], origin: &str) -> Step<Answer> {
        self.log.push(format!("> POST {} {}", shortened(url), told(fields)));
        let request = self.http.post(url.clone()).header("origin", origin).header(ACCEPT_LANGUAGE, "en").form(fields);
        self.in_browser(url, request)
    }

    fn in_browser(&mut self, url: &Url, mut request: RequestBuilder) -> Step<Answer> {
        if let Some(cookies) = self.jar.header(url) {
            request = request.header(COOKIE, cookies);
        }
        let response = self.sent(request)?;
        for cookie in response.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            self.jar.keep(url, cookie);
        }
        self.read(response)
    }

    /// A request of a program.
    pub fn call(&mut self, name: &str, make: impl FnOnce(&Client) -> RequestBuilder) -> Step<Answer> {
        self.log.push(format!("> {name}"));
        let request = make(&self.http);
        let response = self.sent(request)?;
        self.read(response)
    }

    fn sent(&mut self, request: RequestBuilder) -> Step<Response> {
        request.send().map_err(|why| Stop::Failed("the network", format!("no answer: {}", root(&why))))
    }

    fn read(&mut self, response: Response) -> Step<Answer> {
        let (status, headers, url) = (response.status().as_u16(), response.headers().clone(), response.url().clone());
        let text =
            response.text().map_err(|why| Stop::Failed("the network", format!("half an answer: {}", root(&why))))?;
        let answer = Answer { status, headers, json: serde_json::from_str(&text).unwrap_or_default(), text, url };
        self.log.push(format!("< {}", answer.line()));
        Ok(answer)
    }
}

fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

impl Answer {
    /// A header, or "" where it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A text member of the JSON body.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.json.get(name)?.as_str()
    }

    /// The OAuth error code, or "".
    pub fn error(&self) -> &str {
        self.member("error").unwrap_or_default()
    }

    /// In one line: status, type, where to, and a shortened body.
    pub fn line(&self) -> String {
        let mut line = format!("{} {}", self.status, self.header("content-type"));
        for name in ["location", "www-authenticate"] {
            if !self.header(name).is_empty() {
                let value = self.header(name);
                let address = self.url.join(value).ok().filter(|_| name == "location");
                let value = address.map_or_else(|| value.to_owned(), |url| shortened(&url));
                line.push_str(&format!(" {name}: {value}"));
            }
        }
        match &self.json {
            Value::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(name, value)| format!("{name}={}", short(name, value))).collect();
                line.push_str(&format!(" {{{}}}", members.join(", ")));
            }
            _ => {
                let title = self.text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
                line.push_str(&format!(" ({} bytes) {}", self.text.len(), title.map_or("", |(title, _)| title.trim())));
            }
        }
        line
    }
}

fn short(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) if is_secret(name) => format!("{}..", text.chars().take(SHORT / 3).collect::<String>()),
        Value::String(text) => cut(text),
        Value::Object(_) | Value::Array(_) => "..".to_owned(),
        other => other.to_string(),
    }
}

/// What somebody who reads a report must not be able to use.
fn is_secret(name: &str) -> bool {
    !name.ends_with("_type")
        && !name.ends_with("_uri")
        && ["secret", "token", "password", "assertion", "code"].iter().any(|word| name.contains(word))
}

fn cut(text: &str) -> String {
    let long = text.chars().count() > 3 * SHORT && !text.contains(' ') && !text.starts_with("http");
    if long { format!("{}..", text.chars().take(SHORT).collect::<String>()) } else { text.to_owned() }
}

fn shortened(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    let pairs: Vec<String> =
        url.query_pairs().map(|(name, value)| format!("{name}={}", short(&name, &Value::from(&*value)))).collect();
    if pairs.is_empty() { shown.to_string() } else { format!("{shown}?{}", pairs.join("&")) }
}

fn told(fields: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| {
        format!("{name}={}", if is_secret(name) { "..".to_owned() } else { cut(value) })
    };
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}
