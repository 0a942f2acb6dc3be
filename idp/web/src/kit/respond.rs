//! The answer that carries a page: status, body and the headers that keep the page to itself.
//!
//! Implements the Content-Security-Policy of `docs/architecture.md` (section on pages): nothing is allowed that a page
//! did not ask for. `form-action` is widened by the origin a form's answer may redirect to, because Chromium applies it
//! to redirects as well.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, PERMISSIONS_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use url::{Origin, Url};

use crate::page::Page;

/// What a page needs beyond text and its style sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageHeaders {
    script: bool,
    camera: bool,
    form_to: Vec<String>,
    frames: Vec<String>,
}

impl PageHeaders {
    /// Text, style sheet, pictures and forms to ourselves.
    pub fn plain() -> PageHeaders {
        PageHeaders::default()
    }

    /// Also scripts of our own, which may call us.
    pub fn script() -> PageHeaders {
        PageHeaders { script: true, ..PageHeaders::default() }
    }

    /// Also the camera.
    pub fn camera() -> PageHeaders {
        PageHeaders { script: true, camera: true, ..PageHeaders::default() }
    }

    /// Lets forms lead to the origin of this address (a proven redirect_uri, the card agent). Anything that is not an
    /// address is left out.
    pub fn form_to(mut self, address: &str) -> PageHeaders {
        if let Ok(url) = Url::parse(address) {
            let source = match url.origin() {
                origin @ Origin::Tuple(..) => origin.ascii_serialization(),
                Origin::Opaque(_) => format!("{}:", url.scheme()),
            };
            if !self.form_to.contains(&source) {
                self.form_to.push(source);
            }
        }
        self
    }

    /// Lets this address be loaded in a frame of the page. Anything without an origin is left out.
    pub fn frame(mut self, address: &str) -> PageHeaders {
        let origin = Url::parse(address).map(|url| url.origin()).ok().filter(Origin::is_tuple);
        let source = origin.map(|origin| origin.ascii_serialization());
        self.frames.extend(source.filter(|source| !self.frames.contains(source)));
        self
    }

    /// The policy as the header says it.
    pub fn policy(&self) -> String {
        let mut policy = String::from("default-src 'none'; style-src 'self'; img-src 'self' data:");
        if self.script {
            policy.push_str("; script-src 'self'; connect-src 'self'");
        }
        if self.camera {
            policy.push_str("; media-src 'self' blob:");
        }
        if !self.frames.is_empty() {
            policy.push_str("; frame-src ");
            policy.push_str(&self.frames.join(" "));
        }
        policy.push_str("; form-action 'self'");
        for origin in &self.form_to {
            policy.push(' ');
            policy.push_str(origin);
        }
        policy.push_str("; frame-ancestors 'none'; base-uri 'none'");
        policy
    }

    fn permissions(&self) -> &'static str {
        match (self.script, self.camera) {
            (_, true) => "camera=(self), microphone=(), geolocation=(), publickey-credentials-get=(self)",
            (true, false) => {
                "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
            }
            (false, false) => "camera=(), microphone=(), geolocation=(), publickey-credentials-get=()",
        }
    }
}

/// A page with the headers it asks for itself.
pub fn show<P: Page>(status: StatusCode, page: &P) -> HttpResponse {
    html(status, page.html(), page.headers())
}

/// A rendered page with these headers.
pub fn html(status: StatusCode, body: String, headers: PageHeaders) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, headers.policy()))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PERMISSIONS_POLICY, headers.permissions()))
        .body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_only_what_was_asked_for() {
        let cases = [
            (PageHeaders::plain(), "form-action 'self';"),
            (PageHeaders::script(), "script-src 'self'; connect-src 'self'; form-action 'self';"),
            (PageHeaders::camera(), "media-src 'self' blob:;"),
            (PageHeaders::plain().form_to("https://rp.example/cb?x=1"), "form-action 'self' https://rp.example;"),
            (PageHeaders::plain().form_to("http://127.0.0.1:9002/cb"), "form-action 'self' http://127.0.0.1:9002;"),
            (PageHeaders::plain().form_to("jp.example.app:/cb"), "form-action 'self' jp.example.app:;"),
            (PageHeaders::plain().form_to("x; script-src *"), "form-action 'self';"),
            (PageHeaders::script().frame("https://rp.example/out?x=1"), "; frame-src https://rp.example; form-action"),
            (PageHeaders::plain().frame("x; script-src *"), "data:; form-action 'self';"),
        ];
        for (headers, part) in cases {
            assert!(headers.policy().contains(part), "{} has no {part}", headers.policy());
            assert!(headers.policy().starts_with("default-src 'none'; style-src 'self'"));
            assert!(!headers.policy().contains('*') && !headers.policy().contains("unsafe"));
        }
        assert!(!PageHeaders::plain().policy().contains("script-src"));
    }

    #[test]
    fn every_page_answer_carries_the_security_headers() {
        let answer = html(StatusCode::BAD_REQUEST, "x".into(), PageHeaders::plain());
        let header = |name: &str| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        for (name, want) in [
            ("content-type", "text/html; charset=utf-8"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(header(name).as_deref(), Some(want));
        }
        assert!(header("content-security-policy").is_some() && header("permissions-policy").is_some());
    }
}
