//! The stand-in as a small site: its page for people, its endpoints for programs.

use super::authorize::{Answered, Stopped};
use super::{Authorized, Counterpart, REALM};
use crate::flow::see_other;
use crate::kit::{Lang, Shell, assets, show};
use crate::page::agent_sign::SampleCard;
use crate::page::counterpart::PinFault;
use crate::page::{Counterpart as Page, CounterpartRefused};
use crate::step::form::Form;
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse};
use pass_core::ports::HttpRequest as Asked;
use pass_core::secret::token;
use pass_core::{Clock, Entropy, Fault};
use std::sync::Arc;

/// The stand-in with what it needs of the world.
pub struct Site {
    /// The stand-in.
    pub service: Arc<Counterpart>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// Mounts it; a [`Site`] must be in the application's data.
pub fn routes(config: &mut ServiceConfig) {
    let at = |path: &str| format!("{REALM}{path}");
    config
        .service(resource(at("/protocol/openid-connect/auth")).route(web::get().to(ask)).route(web::post().to(answer)))
        .service(
            resource([
                at("/.well-known/openid-configuration"),
                at("/protocol/openid-connect/token"),
                at("/protocol/openid-connect/userinfo"),
                at("/protocol/openid-connect/certs"),
            ])
            .to(program),
        )
        .configure(assets::routes);
}

/// The page.
async fn ask(site: web::Data<Site>, request: HttpRequest) -> HttpResponse {
    match site.service.authorize(request.query_string()) {
        Ok(authorized) => draw(&site, &request, &authorized, None, ""),
        Err(stopped) => stop(&request, stopped),
    }
}

/// Its form.
async fn answer(site: web::Data<Site>, request: HttpRequest, body: String) -> HttpResponse {
    let authorized = match site.service.authorize(request.query_string()) {
        Ok(authorized) => authorized,
        Err(stopped) => return stop(&request, stopped),
    };
    let now = site.clock.now();
    let Ok(form) = Form::parse(&body) else { return stop(&request, Stopped::Here("the form is too large")) };
    if !site.service.state().close_page(form.text("csrf"), now) {
        return stop(&request, Stopped::Here("the page is too old, or its form was sent before"));
    }
    if form.text("do") == "cancel" {
        return see_other(&site.service.cancel(&authorized));
    }
    let card = form.text("card");
    match site.service.tell(&authorized, (card, form.text("pin")), now, &*site.entropy) {
        (Answered::Back, address) => see_other(&address),
        (Answered::Wrong, _) => draw(&site, &request, &authorized, Some(PinFault::Wrong), card),
        (Answered::Locked, _) => draw(&site, &request, &authorized, Some(PinFault::Locked), card),
    }
}

/// Discovery, keys, tokens and userinfo.
async fn program(site: web::Data<Site>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let answered =
        asked(&request, &body).and_then(|asked| site.service.answer(&asked, site.clock.now(), &*site.entropy));
    match answered {
        Ok(answer) => {
            let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            HttpResponse::build(status)
                .insert_header(("cache-control", "no-store"))
                .content_type("application/json")
                .body(answer.into_body())
        }
        Err(fault) => {
            tracing::warn!(%fault, "the stand-in of the national service");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

fn asked(request: &HttpRequest, body: &Bytes) -> Result<Asked, Fault> {
    let fault = |cause| Fault::because("read a request to the stand-in", cause);
    let mut asked = Asked::new(body.to_vec());
    *asked.method_mut() = request.method().as_str().parse().map_err(|_| Fault::new("read a method"))?;
    *asked.uri_mut() = request.uri().to_string().parse().map_err(|_| Fault::new("read an address"))?;
    if let Some(bearer) = request.headers().get("authorization") {
        let bearer = bearer.to_str().map_err(|_| Fault::new("read a header"))?.parse().map_err(fault)?;
        asked.headers_mut().insert("authorization", bearer);
    }
    Ok(asked)
}

fn draw(
    site: &Site,
    request: &HttpRequest,
    authorized: &Authorized,
    fault: Option<PinFault>,
    chosen: &str,
) -> HttpResponse {
    let csrf = token(&*site.entropy);
    site.service.state().open_page(&csrf, site.clock.now());
    let card = |card: &super::Card| SampleCard {
        name: card.name.clone(),
        what: card.what.clone(),
        chosen: card.name == chosen,
    };
    let page = Page {
        shell: shell(request),
        csrf,
        back: site.service.client.redirect_uri.clone(),
        scopes: authorized.scopes.clone(),
        cards: site.service.cards.iter().map(card).collect(),
        fault,
    };
    show(if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

fn stop(request: &HttpRequest, stopped: Stopped) -> HttpResponse {
    match stopped {
        Stopped::Back(address) => see_other(&address),
        Stopped::Here(why) => {
            let page = CounterpartRefused { shell: shell(request), why: why.into() };
            show(StatusCode::BAD_REQUEST, &page)
        }
    }
}

fn shell(request: &HttpRequest) -> Shell {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Shell {
        lang: Lang::choose(None, None, None, header("accept-language").as_deref()),
        city: String::new(),
        here: String::new(),
        host: header("host").unwrap_or_default(),
        demo: true,
    }
}
