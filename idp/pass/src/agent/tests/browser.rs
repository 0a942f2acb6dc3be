//! What a browser sends to the agent.

use super::issuer::StandIn;
use super::{Desk, HOST, routes};
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::{App, test, web};
use std::pin::Pin;
use std::rc::Rc;

type Answer = Pin<Box<dyn Future<Output = Page>>>;

/// Calls the agent in process.
pub(super) struct Browser(Box<dyn Fn(test::TestRequest) -> Answer>);

/// An answer.
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) location: String,
    pub(super) body: String,
    headers: actix_web::http::header::HeaderMap,
}

/// The query of `GET /sign`.
pub(super) fn query(issuer: &str, ticket: &str, back: &str) -> String {
    let pairs = [("issuer", issuer), ("ticket", ticket), ("back", back), ("lang", "ja")];
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Where the issuer counts a proof.
pub(super) fn back_of(issuer: &StandIn) -> String {
    format!("{}/interaction/a-handle/proof/return", issuer.url)
}

/// Where the issuer takes a login.
pub(super) fn login_back_of(issuer: &StandIn) -> String {
    format!("{}/interaction/a-handle/card/return", issuer.url)
}

/// Where the issuer would take a signed consent.
pub(super) fn consent_back_of(issuer: &StandIn) -> String {
    format!("{}/interaction/a-handle/consent/return", issuer.url)
}

const NAVIGATION: [(&str, &str); 3] = [("host", HOST), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];

impl Browser {
    pub(super) async fn new(desk: web::Data<Desk>) -> Self {
        let service = Rc::new(test::init_service(App::new().app_data(desk).configure(routes)).await);
        Self(Box::new(move |request| {
            let service = service.clone();
            Box::pin(async move { Page::of(test::call_service(&*service, request.to_request()).await).await })
        }))
    }

    /// From the issuer's page, as its ticket says.
    pub(super) async fn open(&self, issuer: &StandIn, ticket: &str) -> Page {
        let coming = ticket.starts_with("login") || ticket.starts_with("recovery");
        let back = match ticket {
            consent if consent.starts_with("consent") => consent_back_of(issuer),
            _ if coming => login_back_of(issuer),
            _ => back_of(issuer),
        };
        self.get(&query(&issuer.url, ticket, &back), &[]).await
    }

    pub(super) async fn get(&self, query: &str, changed: &[(&str, &str)]) -> Page {
        let headers = [&NAVIGATION[..], &[("sec-fetch-site", "cross-site")]].concat();
        (self.0)(request(Method::GET, &format!("/sign?{query}"), &headers, changed)).await
    }

    pub(super) async fn sign(&self, page: &Page, password: &str) -> Page {
        self.send(page, &[("do", "sign"), ("password", password)]).await
    }

    pub(super) async fn send(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        self.post(page, fields, &[]).await
    }

    pub(super) async fn post(&self, page: &Page, fields: &[(&str, &str)], changed: &[(&str, &str)]) -> Page {
        self.post_as(&page.cookie(), &page.token(), fields, changed).await
    }

    pub(super) async fn post_as(
        &self,
        cookie: &str,
        token: &str,
        fields: &[(&str, &str)],
        changed: &[(&str, &str)],
    ) -> Page {
        let (origin, cookie) = (format!("http://{HOST}"), format!("pass-agent={cookie}"));
        let ours = [("sec-fetch-site", "same-origin"), ("origin", &origin), ("cookie", &cookie)];
        let form: Vec<_> = [("csrf", token)].iter().chain(fields).copied().collect();
        (self.0)(request(Method::POST, "/sign", &[&NAVIGATION[..], &ours].concat(), changed).set_form(form)).await
    }
}

fn request(method: Method, uri: &str, headers: &[(&str, &str)], changed: &[(&str, &str)]) -> test::TestRequest {
    let request = test::TestRequest::with_uri(uri).method(method);
    headers.iter().chain(changed).fold(request, |request, header| request.insert_header(*header))
}

impl Page {
    async fn of(answer: ServiceResponse) -> Self {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = String::from_utf8(test::read_body(answer).await.to_vec()).unwrap();
        let location = headers.get("location").map_or("", |value| value.to_str().unwrap()).to_string();
        Self { status, location, body, headers }
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The secret of the cookie.
    pub(super) fn cookie(&self) -> String {
        between(self.header("set-cookie"), "pass-agent=", ";")
    }

    /// The token of its forms.
    pub(super) fn token(&self) -> String {
        between(&self.body, "name=\"csrf\" value=\"", "\"")
    }

    /// The code of a problem page.
    pub(super) fn code(&self) -> String {
        between(&self.body, "id=\"pass-card-problem-code\">", "<")
    }
}

fn between(text: &str, before: &str, after: &str) -> String {
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    rest.split_once(after).map_or("", |(found, _)| found).to_string()
}
