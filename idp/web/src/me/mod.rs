//! The resident's own pages, below `/me`: what is known, who gets it, ways to sign in, the face, what happened.
//!
//! Each page enters through [`enter`]: without a session, or with one too weak for it, the browser goes through an
//! interaction of its own and comes back. Nothing a card proved is shown to a session opened by mail alone.

mod activity;
mod close;
mod enrol;
mod face;
mod facilities;
mod family;
mod home;
mod passkey_new;
mod passkeys;
mod reception;
mod row;
mod sharing;
mod subject;
mod withdraw;

use crate::app::App;
use crate::flow::see_other;
use crate::oidc::authorize::open;
use crate::people::{self, Resident};
use crate::problem::{Broken, Shown, Stop};
use crate::step::finish;
use crate::step::form::Form;
use crate::visit::Visit;
use actix_web::web::{self, ServiceConfig, get, post, resource};
use actix_web::{HttpRequest, HttpResponse};
use pass_core::authn::session::{Act as Wish, NotNow, may};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::interaction::{Errand, OwnErrand};
use pass_core::domain::session::Method;
use pass_core::id::AuditId;

/// Mounts `/me`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/me", get().to(home::get))
        .route("/me/facilities", get().to(facilities::list))
        .route("/me/facilities/{client_id}", get().to(facilities::one))
        .service(
            resource("/me/facilities/{client_id}/withdraw")
                .route(get().to(withdraw::get))
                .route(post().to(withdraw::post)),
        )
        .service(resource("/me/passkeys").route(get().to(passkeys::get)).route(post().to(passkeys::post)))
        .service(resource("/me/passkeys/add").route(get().to(passkey_new::get)).route(post().to(passkey_new::post)))
        .route("/me/passkeys/options", post().to(passkey_new::options))
        .service(resource("/me/face").route(get().to(face::get)).route(post().to(face::post)))
        .service(resource("/me/face/consent").route(get().to(enrol::get_consent)).route(post().to(enrol::post_consent)))
        .service(resource("/me/face/enrol").route(get().to(enrol::get)).route(post().to(enrol::post)))
        .service(resource("/me/family").route(get().to(family::get)).route(post().to(family::post)))
        .route("/me/family/return", get().to(family::come_back))
        .route("/me/family/keep", post().to(family::keep))
        .service(resource("/me/family/{child}/face").route(get().to(face::get)).route(post().to(face::post)))
        .service(
            resource("/me/family/{child}/face/consent")
                .route(get().to(enrol::get_consent))
                .route(post().to(enrol::post_consent)),
        )
        .service(resource("/me/family/{child}/face/enrol").route(get().to(enrol::get)).route(post().to(enrol::post)))
        .route("/me/activity", get().to(activity::get))
        .service(resource("/me/close").route(get().to(close::get)).route(post().to(close::post)))
        // Ways into an interaction of one's own.
        .service(resource(["/me/card", "/me/proof"]).route(get().to(proof)))
        .route("/me/stronger", get().to(stronger));
}

/// The bare address: one's own pages.
pub async fn from_the_root() -> HttpResponse {
    see_other("/me")
}

/// Be proofed with the card, also once more.
async fn proof(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = begin(&app, &visit, OwnErrand::Proof, "/me", if visit.session.is_some() { "proof" } else { "login" });
    finish(&app, &visit, shown.await)
}

/// Sign in more strongly, and go back: to the face with `for=face`, else home.
async fn stronger(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        let face = Form::parse(request.query_string())?.text("for") == "face";
        let (wants, back) = if face { (OwnErrand::Face, "/me/face") } else { (OwnErrand::Protected, "/me") };
        Ok(match enter(&app, &visit, wants, back).await? {
            Entry::In(_) => see_other(back),
            Entry::Elsewhere(first) => first,
        })
    }
    .await;
    finish(&app, &visit, shown)
}

/// Whether a visitor may see a page.
enum Entry {
    /// This resident may.
    In(Box<Resident>),
    /// Another page comes first.
    Elsewhere(HttpResponse),
}

/// Lets a visitor in whose session is strong enough for the errand; others go through an interaction that leads back.
async fn enter(app: &App, visit: &Visit, wants: OwnErrand, back: &str) -> Result<Entry, Stop> {
    let Some(session) = &visit.session else {
        return Ok(Entry::Elsewhere(begin(app, visit, wants, back, "login").await?));
    };
    let resident = people::load(app, session.account, None).await?;
    let allowed = match wants {
        OwnErrand::Home | OwnErrand::Proof => Ok(()),
        OwnErrand::Protected => may(Wish::ReadSealed, session, resident.protected_since(), visit.now),
        OwnErrand::Face => may(Wish::EnrolFace, session, resident.proofed_at(), visit.now),
        OwnErrand::Close => may(Wish::CloseAccount, session, resident.protected_since(), visit.now),
    };
    Ok(match allowed {
        Err(NotNow::SignIn(_)) => Entry::Elsewhere(begin(app, visit, wants, back, "step-up").await?),
        Err(NotNow::SignInAgain(_)) => Entry::Elsewhere(begin(app, visit, wants, back, "login").await?),
        Ok(()) | Err(NotNow::Proof) => Entry::In(Box::new(resident)),
    })
}

async fn begin(app: &App, visit: &Visit, wants: OwnErrand, back: &str, page: &str) -> Shown {
    let handle = open(app, visit, Errand::Own { wants, back: back.to_string() }).await?;
    Ok(see_other(&format!("/interaction/{handle}/{page}")))
}

/// Whether this session was opened with nothing but the card and its password, and nothing stronger has come since.
fn recovered(visit: &Visit) -> bool {
    let events = visit.session.as_ref().map(|session| session.events.as_slice()).unwrap_or_default();
    !events.is_empty() && events.iter().all(|event| event.method == Method::CardSignature)
}

/// Something this resident did.
fn event(app: &App, visit: &Visit, resident: &Resident, act: Act, detail: String) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Account(resident.account.id),
        act,
        person: Some(resident.person()),
        facility: None,
        client: None,
        detail,
    }
}
