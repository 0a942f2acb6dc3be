//! A browser without scripts: cookies, the last page, and its form token.

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::test::{self, TestRequest};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) struct Browser<'a, S> {
    service: &'a S,
    cookies: BTreeMap<String, String>,
    set: Vec<String>,
    /// The last page.
    pub(crate) body: String,
    /// Where the last answer led.
    pub(crate) location: String,
}

impl<'a, S> Browser<'a, S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    pub(crate) fn new(service: &'a S) -> Self {
        Self { service, cookies: BTreeMap::new(), set: Vec::new(), body: String::new(), location: String::new() }
    }

    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.into(), value.into());
    }

    pub(crate) fn cookie(&self, name: &str) -> String {
        self.cookies[name].clone()
    }

    /// The line by which the last answer set a cookie.
    pub(crate) fn set_cookie(&self, name: &str) -> String {
        let line = self.set.iter().find(|line| line.starts_with(&format!("{name}=")));
        line.cloned().expect("the answer sets the cookie")
    }

    pub(crate) async fn get(&mut self, path: &str) -> StatusCode {
        let request = TestRequest::get().uri(path);
        let status = self.send(request).await;
        if status == StatusCode::NOT_FOUND {
            assert!(!self.body.is_empty(), "{path} is not mounted");
        }
        status
    }

    /// With the token of the last page.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> StatusCode {
        let token = self.token();
        let fields: Vec<(&str, &str)> = [("csrf", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let before = self.body.clone();
        let status = self.post_raw(path, &fields, None).await;
        if self.body.is_empty() {
            self.body = before;
        }
        status
    }

    pub(crate) async fn post_raw(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        header: Option<(&str, &str)>,
    ) -> StatusCode {
        let mut request = TestRequest::post().uri(path).set_form(fields.to_vec());
        if let Some(header) = header {
            request = request.insert_header(header);
        }
        self.send(request).await
    }

    /// What a page's module asks for.
    pub(crate) async fn post_json(&mut self, path: &str, fields: &[(&str, &str)]) -> Value {
        let page = self.body.clone();
        let status = self.post(path, fields).await;
        let answer = std::mem::replace(&mut self.body, page);
        assert_eq!(status, StatusCode::OK, "{answer}");
        serde_json::from_str(&answer).unwrap()
    }

    /// The value of a hidden field of the last page.
    pub(crate) fn value(&self, name: &str) -> String {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }

    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let rest = self.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.body)).1;
        rest.split_once(after).unwrap().0.to_owned()
    }

    fn token(&self) -> String {
        if self.body.contains("name=\"csrf\"") { self.value("csrf") } else { String::new() }
    }

    async fn send(&mut self, mut request: TestRequest) -> StatusCode {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !jar.is_empty() {
            request = request.insert_header(("cookie", jar.join("; ")));
        }
        let answer = test::call_service(self.service, request.to_request()).await;
        let status = answer.status();
        self.set = answer.headers().get_all("set-cookie").map(|line| line.to_str().unwrap().to_owned()).collect();
        for line in &self.set {
            let (name, rest) = line.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
        }
        self.location =
            answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        self.body = String::from_utf8(test::read_body(answer).await.to_vec()).unwrap();
        status
    }
}
