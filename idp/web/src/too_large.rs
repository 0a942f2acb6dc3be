//! Bodies that are too large (RFC 9110 15.5.14): programs are told in JSON, people on a page in their language, never in the
//! words of the HTTP library.

use crate::app::App;
use crate::page::error_page::ErrorKind;
use crate::problem::PageError;
use crate::visit::Visit;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::middleware::{ErrorHandlerResponse, ErrorHandlers};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

/// Where programs post, and the error they know.
const PROGRAMS: [(&str, &str); 5] = [
    ("/token", "invalid_request"),
    ("/introspect", "invalid_request"),
    ("/revoke", "invalid_request"),
    ("/userinfo", "invalid_request"),
    ("/register", "invalid_client_metadata"),
];

/// Answers in the place of the library's own.
pub fn answers() -> ErrorHandlers<BoxBody> {
    ErrorHandlers::new().handler(StatusCode::PAYLOAD_TOO_LARGE, replace)
}

fn replace(answer: ServiceResponse<BoxBody>) -> actix_web::Result<ErrorHandlerResponse<BoxBody>> {
    // A page of ours that says so stays.
    let bare = answer.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !bare {
        return Ok(ErrorHandlerResponse::Response(answer.map_into_left_body()));
    }
    let request = answer.into_parts().0;
    Ok(ErrorHandlerResponse::Future(Box::pin(async move {
        let told = told(&request).await;
        Ok(ServiceResponse::new(request, told).map_into_right_body())
    })))
}

async fn told(request: &HttpRequest) -> HttpResponse {
    let path = request.path();
    let program = PROGRAMS.iter().find(|(known, _)| path == *known || path.starts_with(&format!("{known}/")));
    if let Some((_, error)) = program {
        return HttpResponse::PayloadTooLarge()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(json!({ "error": error, "error_description": "The request is too large." }));
    }
    let Some(app) = request.app_data::<web::Data<App>>() else { return HttpResponse::PayloadTooLarge().finish() };
    match Visit::of(app, request, None).await {
        Ok(visit) => {
            PageError::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorKind::Request, "request_too_large").respond(app, &visit)
        }
        Err(_) => HttpResponse::PayloadTooLarge().finish(),
    }
}
