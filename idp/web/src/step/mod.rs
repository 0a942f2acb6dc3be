//! The steps of an interaction: sign in, prove, let the face be compared, agree.

pub mod card;
pub mod consent;
pub mod face;
pub mod form;
pub mod login;
pub mod make_passkey;
pub mod passkey;
pub mod proof;
pub mod session;
pub mod sign_up;

use crate::app::App;
use crate::problem::{Broken, Shown};
use crate::visit::Visit;
use actix_web::HttpResponse;

/// Puts the visit's cookies on an answer.
pub fn set_cookies(app: &App, visit: &Visit, answer: &mut HttpResponse) {
    for cookie in visit.cookies(app) {
        // Only a cookie with characters that cannot be sent fails, and ours have none.
        let _ = answer.add_cookie(&cookie);
    }
}

/// What a page handler answers with: what it shows, or an error as a page, and the visit's cookies.
pub fn finish(app: &App, visit: &Visit, shown: Shown) -> Result<HttpResponse, Broken> {
    let mut answer = shown.unwrap_or_else(|stop| stop.respond(app, visit));
    set_cookies(app, visit, &mut answer);
    Ok(answer)
}

/// A page for addresses that do not exist.
pub async fn not_found(
    app: actix_web::web::Data<App>,
    request: actix_web::HttpRequest,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    finish(&app, &visit, Err(crate::problem::PageError::not_found().into()))
}
