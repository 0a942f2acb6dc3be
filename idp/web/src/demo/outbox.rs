//! `/dev/mail`: what the demo's mail server took, for people; `/dev/mail.json` for tests.

use super::letter::{Letter, read};
use crate::app::App;
use crate::kit::{date, show};
use crate::page::Outbox;
use crate::page::outbox::MailLine;
use crate::problem::{Broken, PageError};
use crate::step::finish;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

/// Where the messages come from: recipient and raw message, newest first.
pub type Source = Box<dyn Fn() -> Vec<(String, String)> + Send + Sync>;

/// The page.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    source: web::Data<Source>,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    if !app.settings.demo {
        return finish(&app, &visit, Err(PageError::not_found().into()));
    }
    let line = |letter: Letter| MailLine {
        at: letter.at.map_or(letter.date, |at| date::moment(visit.lang, at.0).plain()),
        to: letter.to,
        subject: letter.subject,
        body: letter.body,
    };
    let mails = letters(&source).map(line).collect();
    finish(&app, &visit, Ok(show(StatusCode::OK, &Outbox { shell: visit.shell(&app), mails })))
}

/// The same as text.
pub async fn json(app: web::Data<App>, source: web::Data<Source>) -> HttpResponse {
    if !app.settings.demo {
        return HttpResponse::NotFound().finish();
    }
    let line = |letter: Letter| json!({ "to": letter.to, "subject": letter.subject, "body": letter.body, "date": letter.date });
    let all: Vec<Value> = letters(&source).map(line).collect();
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(all)
}

fn letters(source: &Source) -> impl Iterator<Item = Letter> {
    source().into_iter().map(|(to, message)| read(to, &message))
}
