//! A browser without pictures: cookies, forms, redirects within the issuer.

use super::parts::Call;
use super::{ISSUER, TestPass};
use actix_web::body::MessageBody;
use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use actix_web::test::TestRequest;
use scraper::{Html, Selector};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// What came back.
pub(crate) struct Reply {
    /// Status.
    pub(crate) status: StatusCode,
    /// `Location`.
    pub(crate) location: String,
    /// Body as text.
    pub(crate) body: String,
    cookies: Vec<String>,
}

impl Reply {
    pub(super) async fn read<B: MessageBody>(answer: ServiceResponse<B>) -> Self {
        let status = answer.status();
        let text = |name| answer.headers().get_all(name).map(|value| value.to_str().unwrap().to_string());
        let (location, cookies) = (text(LOCATION).next().unwrap_or_default(), text(SET_COOKIE).collect());
        let body = actix_web::test::read_body(answer).await;
        Self { status, location, cookies, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// An attribute of the first element that fits.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let page = Html::parse_document(&self.body);
        page.select(&Selector::parse(selector).unwrap()).next()?.attr(name).map(str::to_string)
    }

    /// Whether there is such an element.
    pub(crate) fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.body).select(&Selector::parse(selector).unwrap()).next().is_some()
    }

    /// The text of every element that fits.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        page.select(&Selector::parse(selector).unwrap()).map(|one| one.text().collect()).collect()
    }

    /// The members of a slip: claim to the values as they are sent, in the order of the page.
    pub(crate) fn slip(&self) -> BTreeMap<String, Vec<String>> {
        const ID: &str = "pass-consent-item-";
        let page = Html::parse_document(&self.body);
        let (items, data) = (Selector::parse(&format!("[id^='{ID}']")).unwrap(), Selector::parse("data").unwrap());
        let of = |item: scraper::ElementRef<'_>| {
            let claim = item.attr("id").unwrap().strip_prefix(ID).unwrap().to_string();
            (claim, item.select(&data).map(|one| one.attr("value").unwrap().to_string()).collect())
        };
        page.select(&items).map(of).collect()
    }

    /// A parameter of the address that the browser was sent to.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&self.location).ok()?;
        let fragment = url::form_urlencoded::parse(url.fragment().unwrap_or_default().as_bytes());
        let found = url.query_pairs().chain(fragment).find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }
}

/// One browser.
pub(crate) struct Browser {
    call: Call,
    jar: RefCell<BTreeMap<String, String>>,
    /// Where it is.
    at: RefCell<String>,
    requests: Cell<usize>,
}

impl Browser {
    pub(super) fn new(call: Call) -> Self {
        Self { call, jar: RefCell::default(), at: RefCell::default(), requests: Cell::new(0) }
    }

    /// The line to the issuer, for another program.
    pub(super) fn wire(&self) -> Call {
        self.call.clone()
    }

    /// Requests made so far.
    pub(crate) fn requests(&self) -> usize {
        self.requests.get()
    }

    /// The address it shows.
    pub(crate) fn at(&self) -> String {
        self.at.borrow().clone()
    }

    /// Opens a page and follows redirects within the issuer.
    pub(crate) async fn open(&self, path: &str) -> Reply {
        let reply = self.get(path).await;
        self.follow(reply).await
    }

    /// One GET.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        let path = path.strip_prefix(ISSUER).unwrap_or(path);
        *self.at.borrow_mut() = path.to_string();
        self.send(TestRequest::get().uri(path)).await
    }

    /// Sends the fields of a form of the page it shows, the token added.
    pub(crate) async fn submit(&self, page: &Reply, fields: &[(&str, &str)]) -> Reply {
        self.submit_at(&self.at(), page, fields).await
    }

    /// One POST of a form to the page it stood on, wherever the browser is by now: another tab.
    pub(crate) async fn submit_at(&self, path: &str, page: &Reply, fields: &[(&str, &str)]) -> Reply {
        let token = page.attribute("input[name=csrf]", "value").unwrap_or_else(|| panic!("no form: {}", page.body));
        let shown = page.attribute("input[name=shown]", "value");
        let capture = page.attribute("input[name=capture]", "value");
        let hidden = [("csrf", Some(token.as_str())), ("shown", shown.as_deref()), ("capture", capture.as_deref())];
        let hidden = hidden.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let fields: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        self.post(path, &fields).await
    }

    /// The same, then follows.
    pub(crate) async fn press(&self, page: &Reply, fields: &[(&str, &str)]) -> Reply {
        let reply = self.submit(page, fields).await;
        self.follow(reply).await
    }

    /// One POST of a form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = (CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(TestRequest::post().uri(path).insert_header(form).set_payload(body)).await
    }

    /// Goes where a reply sends it, while that is within the issuer.
    pub(crate) async fn follow(&self, mut reply: Reply) -> Reply {
        while reply.status == StatusCode::SEE_OTHER {
            let here = reply.location.strip_prefix(ISSUER).unwrap_or(&reply.location).to_string();
            if !here.starts_with('/') {
                break;
            }
            reply = self.get(&here).await;
        }
        reply
    }

    /// A request with the cookies of this browser.
    pub(crate) async fn send(&self, mut request: TestRequest) -> Reply {
        for (name, value) in self.jar.borrow().iter() {
            request = request.cookie(Cookie::new(name.clone(), value.clone()));
        }
        self.requests.set(self.requests.get() + 1);
        let reply = (self.call)(request).await;
        for cookie in reply.cookies.iter().map(|text| Cookie::parse(text.clone()).unwrap()) {
            let (name, value) = (cookie.name().to_string(), cookie.value().to_string());
            let mut jar = self.jar.borrow_mut();
            if value.is_empty() {
                jar.remove(&name)
            } else {
                jar.insert(name, value)
            };
        }
        reply
    }

    /// The form token of this browser, from a page that has a form.
    pub(crate) async fn token_of(&self, path: &str) -> String {
        let page = self.open(path).await;
        page.attribute("[name=csrf]", "value").unwrap_or_else(|| panic!("no form at {path}: {}", page.body))
    }

    /// A cookie it holds.
    pub(crate) fn cookie(&self, name: &str) -> String {
        self.jar.borrow().get(name).cloned().unwrap_or_else(|| panic!("no cookie {name}"))
    }

    /// Has another browser's cookie from now on.
    pub(crate) fn take_cookie(&self, other: &Self, name: &str) {
        self.jar.borrow_mut().insert(name.into(), other.cookie(name));
    }

    /// Forgets a cookie.
    pub(crate) fn drop_cookie(&self, name: &str) {
        self.jar.borrow_mut().remove(name);
    }

    /// Signs in with the test authenticator on the sign-in page it shows.
    pub(crate) async fn test_sign_in(&self, page: &Reply, login: &str) -> Reply {
        self.press(page, &[("do", "test"), ("login", login), ("secret", "secret")]).await
    }

    /// Opens `/me` and signs in with the test authenticator.
    pub(crate) async fn sign_in_at_home(&self, login: &str) -> Reply {
        let page = self.open("/me").await;
        let home = self.test_sign_in(&page, login).await;
        assert_eq!(self.at(), "/me");
        home
    }

    /// Opens a page and signs in by a mailed code, ending where that leads.
    pub(crate) async fn mail_sign_in(&self, pass: &TestPass, path: &str, address: &str) -> Reply {
        let page = self.open(path).await;
        let page = self.press(&page, &[("do", "mail"), ("login", address)]).await;
        let code = pass.code(address).await;
        self.press(&page, &[("do", "code"), ("code", &code)]).await
    }
}
