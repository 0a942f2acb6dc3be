//! `/interaction/{id}/sign-up` and `/code`: a code by mail, for signing in and for signing up alike.
//!
//! Both pages behave the same whether the address has an account or not, so that nobody learns it from them.
//! A right code signs in to the account of the address, or opens one.

use super::form::Form;
use super::session::{Proof, sign_in};
use crate::account;
use crate::app::App;
use crate::flow::{self, Stage};
use crate::kit::{Way, WayKind};
use crate::limits::{Attempt, address};
use crate::mail;
use crate::page::code::CodeFault;
use crate::page::{Code, Page, SignUp};
use crate::problem::{Broken, Shown};
use crate::step::login::{too_many, wants_sign_in};
use crate::visit::{Visit, code_cookie, code_secret};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::mail_code::{self, Address, Issued, Keys, Sent};
use pass_core::domain::account::{CredentialKind, MailCode};
use pass_core::domain::session::Method;
use pass_core::oidc::error::{ErrorCode, OAuthError};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::mail_codes::MailCodeTaken;
use std::time::Duration;

/// In the address of the code page, after a new code was sent.
const SENT_AGAIN: &str = "sent=again";

const HOUR: Duration = Duration::from_secs(3600);

/// The sign-up page.
pub async fn get(app: web::Data<App>, request: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !stage.is_at("login") {
            return flow::go_on(&app, &visit, stage).await;
        }
        Ok(draw(&app, &visit, &stage, None))
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// The address was typed.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        let stage = flow::stage(&app, &visit, &handle).await?;
        if form.text("do") == "cancel" {
            return flow::refuse(&app, &visit, &stage, &OAuthError::new(ErrorCode::AccessDenied)).await;
        }
        if !stage.is_at("login") {
            return flow::go_on(&app, &visit, stage).await;
        }
        let typed = form.text("login");
        match send_code(&app, &request, &visit, &stage, Wish { address: typed, sign_up: true }).await? {
            Sending::Sent(secret) => Ok(wait_for_code(&app, &stage, secret, "code")),
            Sending::TooMany | Sending::TooSoon => Err(too_many()),
            Sending::NoAddress => Ok(draw(&app, &visit, &stage, Some(typed.to_string()))),
        }
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// What came of the wish for a code.
pub enum Sending {
    /// It is on its way; the secret makes this browser the one that waits for it.
    Sent(String),
    /// The text is no address.
    NoAddress,
    /// Too many wishes from one network address.
    TooMany,
    /// The address has had as many as it may have for now.
    TooSoon,
}

/// The wish for a code.
pub struct Wish<'a> {
    /// What was typed.
    pub address: &'a str,
    /// Whether it comes from the sign-up page.
    pub sign_up: bool,
}

/// Sends a code.
pub async fn send_code(
    app: &App,
    request: &HttpRequest,
    visit: &Visit,
    stage: &Stage,
    wish: Wish<'_>,
) -> Result<Sending, Fault> {
    let Ok(to) = Address::parse(wish.address) else { return Ok(Sending::NoAddress) };
    if !app.limits.allow(Attempt::Mail, address(app, request)) {
        return Ok(Sending::TooMany);
    }
    let index = to.index(&app.keys.index);
    let now = visit.now;
    let (sent, account) = app
        .store
        .read_now(move |tx| {
            let account = pass_store::credentials::find_by_lookup(tx, CredentialKind::Mail, &index)?
                .map(|credential| credential.account);
            let sent = Sent {
                last: pass_store::mail_codes::find_last(tx, &index)?,
                address_hour: pass_store::mail_codes::count_since(tx, &index, now - HOUR)?,
                address_day: pass_store::mail_codes::count_since(tx, &index, now - 24 * HOUR)?,
                // Networks are counted in memory (`limits`), below.
                network_hour: 0,
            };
            Ok((sent, account))
        })
        .await?;
    let may = |network_hour: usize| {
        let network_hour = i64::try_from(network_hour).unwrap_or(i64::MAX);
        mail_code::may_send(&Sent { network_hour, ..sent }, now).is_ok()
    };
    if !app.limits.admit_mail(address(app, request), now, may) {
        return Ok(Sending::TooSoon);
    }
    let Issued { secret, code, row } = mail_code::issue(&to, account, keys(app), now, &*app.entropy);
    let letter = mail::code(app, visit.lang, to.as_str(), &code, now)?;
    let (interaction, mut progress) = (stage.interaction.hash, stage.interaction.progress.clone());
    let changed = progress.sign_up != wish.sign_up;
    progress.sign_up = wish.sign_up;
    app.store
        .write(move |tx| {
            if changed {
                pass_store::interactions::save_progress(tx, &interaction, &progress)?;
            }
            pass_store::mail_codes::insert(tx, &row)?;
            pass_store::outbox::insert(tx, &letter)
        })
        .await?;
    app.outbox.notify_one();
    Ok(Sending::Sent(secret))
}

/// To the page that asks for the code, with the cookie of the browser that waits for it.
pub fn wait_for_code(app: &App, stage: &Stage, secret: String, page: &str) -> HttpResponse {
    let mut answer = flow::see_other(&stage.path(page));
    // Only a cookie with characters that cannot be sent fails, and ours have none.
    let _ = answer.add_cookie(&code_cookie(app, secret));
    answer
}

/// The page that asks for the code. What it says of the last try stands in the row, so that it can be loaded again.
pub async fn get_code(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let stage = flow::stage(&app, &visit, &handle).await?;
        if !wants_sign_in(&stage) {
            return flow::go_on(&app, &visit, stage).await;
        }
        let Some(row) = waiting(&app, &request).await? else {
            return Ok(flow::see_other(&stage.path("login")));
        };
        let fault = fault_of(&row, visit.now);
        let sent_again = fault.is_none() && request.query_string().split('&').any(|pair| pair == SENT_AGAIN);
        draw_code(&app, &visit, &stage, &row, Said { fault, sent_again, status: StatusCode::OK })
    }
    .await;
    super::finish(&app, &visit, shown)
}

/// The code was typed.
pub async fn post_code(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> Result<HttpResponse, Broken> {
    let mut visit = Visit::of(&app, &request, None).await?;
    let shown = typed_code(&app, &request, &mut visit, &handle, &body).await;
    super::finish(&app, &visit, shown)
}

async fn typed_code(app: &App, request: &HttpRequest, visit: &mut Visit, handle: &str, body: &str) -> Shown {
    let form = Form::parse(body)?;
    flow::checked(app, request, visit, form.get("csrf"))?;
    let stage = flow::stage(app, visit, handle).await?;
    // Pressed twice: the first one signed in. A code that comes at another step would put another account into the middle of
    // what somebody does.
    if !wants_sign_in(&stage) {
        return flow::go_on(app, visit, stage).await;
    }
    let Some(row) = waiting(app, request).await? else {
        return Ok(flow::see_other(&stage.path("login")));
    };
    if !app.limits.allow(Attempt::SignIn, address(app, request)) {
        return draw_code(app, visit, &stage, &row, Said::too_many(CodeFault::TooMany));
    }
    if form.text("do") == "again" {
        return again(app, request, visit, &stage, &row).await;
    }
    let typed = mail_code::typed_mac(&row, form.text("code"), &app.keys.index);
    let (hash, now) = (row.hash, visit.now);
    let taken =
        app.store.write(move |tx| pass_store::mail_codes::take(tx, &hash, &typed, mail_code::TRIES, now)).await?;
    match taken {
        MailCodeTaken::First(row) => right(app, visit, stage, row).await,
        // Post, redirect, get: loading the page again is no second try.
        _ => Ok(flow::see_other(&stage.path("code"))),
    }
}

async fn again(app: &App, request: &HttpRequest, visit: &Visit, stage: &Stage, row: &MailCode) -> Shown {
    let to = mail_code::address(row, &app.keys.outbox)?;
    let wish = Wish { address: to.as_str(), sign_up: stage.interaction.progress.sign_up };
    match send_code(app, request, visit, stage, wish).await? {
        Sending::Sent(secret) => Ok(wait_for_code(app, stage, secret, &format!("code?{SENT_AGAIN}"))),
        Sending::TooMany => draw_code(app, visit, stage, row, Said::too_many(CodeFault::TooMany)),
        Sending::TooSoon => draw_code(app, visit, stage, row, Said::too_many(CodeFault::TooSoon)),
        Sending::NoAddress => Ok(flow::see_other(&stage.path("login"))),
    }
}

async fn right(app: &App, visit: &mut Visit, mut stage: Stage, row: MailCode) -> Shown {
    stage.interaction.progress.sign_up = row.account.is_none();
    let (account, person) = match row.account {
        Some(account) => (account, account::person_of(app, account).await?),
        None => {
            let address = mail_code::address(&row, &app.keys.outbox)?;
            account::open(app, visit, &address).await?
        }
    };
    sign_in(app, visit, stage, Proof { account, person, method: Method::MailCode }).await
}

async fn waiting(app: &App, request: &HttpRequest) -> Result<Option<MailCode>, Fault> {
    let Some(secret) = code_secret(app, request) else { return Ok(None) };
    let hash = Hash::of(&secret);
    app.store.read_now(move |tx| pass_store::mail_codes::find(tx, &hash)).await
}

const fn keys(app: &App) -> Keys<'_> {
    Keys { index: &app.keys.index, outbox: &app.keys.outbox }
}

fn draw(app: &App, visit: &Visit, stage: &Stage, wrong: Option<String>) -> HttpResponse {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SignUp {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        wrong: wrong.is_some(),
        email: wrong.unwrap_or_default(),
        ways: vec![Way::new(WayKind::SignIn, stage.path("login"))],
    };
    let headers = stage.headers(app, page.headers());
    crate::kit::html(status, page.html(), headers)
}

/// What the code page says above its form.
struct Said {
    fault: Option<CodeFault>,
    sent_again: bool,
    status: StatusCode,
}

impl Said {
    const fn too_many(fault: CodeFault) -> Self {
        Self { fault: Some(fault), sent_again: false, status: StatusCode::TOO_MANY_REQUESTS }
    }
}

fn fault_of(row: &MailCode, now: Time) -> Option<CodeFault> {
    if row.used_at.is_some() || now >= row.expires_at {
        return Some(CodeFault::Old);
    }
    match row.tries {
        0 => None,
        tries if tries < mail_code::TRIES => Some(CodeFault::Wrong),
        _ => Some(CodeFault::Spent),
    }
}

fn draw_code(app: &App, visit: &Visit, stage: &Stage, row: &MailCode, said: Said) -> Shown {
    let to = mail_code::address(row, &app.keys.outbox)?;
    let over = matches!(fault_of(row, visit.now), Some(CodeFault::Old));
    let left = if over { 0 } else { mail_code::TRIES - row.tries };
    let page = Code {
        shell: visit.shell(app),
        csrf: visit.csrf(app),
        asker: stage.asker(visit),
        sign_up: stage.interaction.progress.sign_up,
        email: to.as_str().to_string(),
        left: u32::try_from(left).unwrap_or(0),
        fault: said.fault,
        sent_again: said.sent_again,
        outbox: app.settings.demo.then(|| "/dev/mail".to_string()),
        ways: vec![Way::new(WayKind::Others, stage.path("login"))],
    };
    let headers = stage.headers(app, page.headers());
    Ok(crate::kit::html(said.status, page.html(), headers))
}
