//! PASS Manager, the first room: staff sign in with a passkey, see their facility today, choose which claims it asks
//! for, connect programs, and read the audit log. A library of pages mounted by `pass` under `/manager`.
//!
//! `access` is the table of roles and doors, `duty` lets a request through it, `room` holds the handlers, `page` what
//! they show, `switches`, `attempt` and `trouble` what integrators change, try and look up, `registered` what they only see, `ceiling` and `preview` the editor of claims, `snippet` the settings to copy.
//! Left out: posters, exports and the emergency banner.

pub mod access;
pub mod attempt;
pub mod ceiling;
pub mod duty;
mod invitation;
mod named;
pub mod page;
pub mod preview;
pub mod registered;
pub mod room;
pub mod session;
pub mod snippet;
pub mod switches;
pub mod trouble;
pub mod words;

pub use invitation::{Invitation, LIFE as INVITATION_LIFE, invite, member};

use actix_web::web::{ServiceConfig, get, post, resource};

/// Mounts everything. The application is expected as `web::Data<pass_web::app::App>`.
pub fn routes(config: &mut ServiceConfig) {
    config
        // before the sign-in
        .service(resource("/manager/sign-in").route(get().to(room::sign_in::get)).route(post().to(room::sign_in::post)))
        .route("/manager/sign-in/passkey", post().to(room::sign_in::options))
        .service(
            resource("/manager/invite/{secret}")
                .route(get().to(room::invite::get))
                .route(post().to(room::invite::post)),
        )
        .route("/manager/invite/{secret}/passkey", post().to(room::invite::options))
        // behind it: `access::DOORS`
        .route("/manager", get().to(room::home::get))
        .route("/manager/switch", post().to(room::home::switch))
        .route("/manager/sign-out", post().to(room::home::sign_out))
        .service(
            resource("/manager/facility").route(get().to(room::facility::get)).route(post().to(room::facility::post)),
        )
        .route("/manager/clients", get().to(room::clients::list))
        .service(
            resource("/manager/clients/{client_id}")
                .route(get().to(room::clients::get))
                .route(post().to(room::clients::post)),
        )
        .route("/manager/clients/{client_id}/errors", get().to(room::client_errors::get))
        .service(
            resource("/manager/clients/{client_id}/try")
                .route(get().to(room::client_try::get))
                .route(post().to(room::client_try::post)),
        )
        .service(
            resource("/manager/clients/{client_id}/secret")
                .route(get().to(room::secret::get))
                .route(post().to(room::secret::post)),
        )
        .route("/manager/visits/mark", get().to(room::visits::mark))
        .service(resource("/manager/visits").route(get().to(room::visits::get)).route(post().to(room::visits::post)))
        .service(
            resource("/manager/terminals")
                .route(get().to(room::terminals::get))
                .route(post().to(room::terminals::post)),
        )
        .service(resource("/manager/people").route(get().to(room::people::get)).route(post().to(room::people::post)))
        .route("/manager/audit", get().to(room::audit::get))
        .service(resource("/manager/keys").route(get().to(room::keys::get)).route(post().to(room::keys::post)));
}
