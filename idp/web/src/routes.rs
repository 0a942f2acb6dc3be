//! The route table: every URL of the issuer and of the resident on one screen.

use crate::{card, kiosk, kit::assets, me, oidc, step, upstream};
use actix_web::web::{self, ServiceConfig, delete, get, post, put, resource};

/// Mounts everything.
pub fn routes(config: &mut ServiceConfig) {
    config
        // the protocol
        .route("/.well-known/openid-configuration", get().to(oidc::metadata::openid))
        .route("/.well-known/oauth-authorization-server", get().to(oidc::metadata::oauth))
        .route("/jwks", get().to(oidc::metadata::jwks))
        .service(resource("/authorize").route(get().to(oidc::authorize::get)).route(post().to(oidc::authorize::post)))
        .route("/token", post().to(oidc::token::post))
        .service(resource("/userinfo").route(get().to(oidc::userinfo::get)).route(post().to(oidc::userinfo::post)))
        .route("/introspect", post().to(oidc::tokens::introspect))
        .route("/revoke", post().to(oidc::tokens::revoke))
        .route("/register", post().to(oidc::register::create))
        .service(
            resource("/register/{client_id}")
                .route(get().to(oidc::register::read))
                .route(put().to(oidc::register::replace))
                .route(delete().to(oidc::register::remove)),
        )
        .service(resource("/session/end").route(get().to(oidc::logout::get)).route(post().to(oidc::logout::post)))
        .route("/session/ended", get().to(oidc::logout::ended))
        .route("/session/check", get().to(oidc::check_session::get))
        // an interaction, step by step
        .service(
            web::scope("/interaction/{handle}")
                .service(
                    resource(["/login", "/step-up"])
                        .route(get().to(step::login::get))
                        .route(post().to(step::login::post)),
                )
                .route("/passkey-options", post().to(step::passkey::options))
                .service(resource("/sign-up").route(get().to(step::sign_up::get)).route(post().to(step::sign_up::post)))
                .service(
                    resource("/code")
                        .route(get().to(step::sign_up::get_code))
                        .route(post().to(step::sign_up::post_code)),
                )
                .service(resource("/card").route(get().to(step::card::get)).route(post().to(step::card::post)))
                .service(
                    resource("/card/return").route(get().to(step::card::come_back)).route(post().to(step::card::post)),
                )
                .service(
                    resource("/passkey")
                        .route(get().to(step::make_passkey::get))
                        .route(post().to(step::make_passkey::post)),
                )
                .route("/passkey/options", post().to(step::make_passkey::options))
                .service(resource("/proof").route(get().to(step::proof::get)).route(post().to(step::proof::post)))
                .route("/proof/return", get().to(step::proof::come_back))
                .service(
                    resource("/proof/done").route(get().to(step::proof::done)).route(post().to(step::proof::confirm)),
                )
                .service(resource("/face").route(get().to(step::face::get)).route(post().to(step::face::post)))
                .service(
                    resource("/consent").route(get().to(step::consent::get)).route(post().to(step::consent::post)),
                ),
        )
        // the card agent's calls
        .route("/card/statement", post().to(card::endpoints::statement))
        .route("/card/result", post().to(card::endpoints::result))
        // the national service, on the way there and back
        .service(
            resource("/federation/aas/start")
                .route(get().to(upstream::start::get))
                .route(post().to(upstream::start::post)),
        )
        .route(upstream::CALLBACK, get().to(upstream::callback::get))
        // the resident's own pages, and who types the bare address
        .route("/", get().to(me::from_the_root))
        .configure(me::routes)
        // the reception on a device of a facility
        .configure(kiosk::routes)
        .configure(assets::routes);
}
