//! Discovery and keys: bytes prepared once for each change, with an ETag.

use crate::app::App;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::oidc::keys::Prepared;

/// OpenID Connect Discovery 4.
pub async fn openid(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    answer(&request, &app.directory().discovery)
}

/// RFC 8414 3: the same document.
pub async fn oauth(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    answer(&request, &app.directory().discovery)
}

/// The JWK set.
pub async fn jwks(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    answer(&request, app.directory().keys.jwks())
}

fn answer(request: &HttpRequest, document: &Prepared) -> HttpResponse {
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|known| known == document.etag);
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .insert_header((ETAG, document.etag.as_str()))
        // Public documents: a browser application may read them.
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if fresh {
        return answer.finish();
    }
    answer.insert_header((CONTENT_TYPE, "application/json")).body(document.bytes.clone())
}
