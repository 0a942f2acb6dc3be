//! `/session/check`: the frame that tells a relying party's frame whether the session changed (Session Management 3.2).

use crate::kit::assets;
use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

/// The frame: a script and nothing to see or to press. Any site may frame it, and is told only of a `session_state` that was
/// made for its own origin.
pub async fn get() -> HttpResponse {
    let script = assets::url("check-session.js");
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>PASS</title><script src=\"{script}\"></script></head><body></body></html>"
    );
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; form-action 'none'; base-uri 'none'",
        ))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body)
}
