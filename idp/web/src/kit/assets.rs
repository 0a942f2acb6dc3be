//! Style sheet, drawings and scripts: compiled in, named by a hash of their bytes, cached for a year.
//!
//! One hash covers the whole set, so that a module may import its neighbour by name.

use std::fmt::Write;
use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

/// A file that every installation serves.
pub struct Asset {
    /// Its name in `/static/{hash}/{name}`.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal)*) => { &[$(Asset { name: $name, bytes: include_bytes!(concat!("../../assets/", $name)) }),*] };
}

/// All of them.
pub static ALL: &[Asset] = assets![
    "pass.css" "mark.svg" "facility.svg" "library.svg" "kosodate.svg"
    "passkey.js" "camera.js" "form-post.js" "copy.js" "live.js" "signing-out.js" "check-session.js"
    "kiosk.js" "kiosk-key.js" "kiosk-pair.js"
];

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in ALL {
        hash.update(asset.name);
        hash.update(asset.bytes.len().to_be_bytes());
        hash.update(asset.bytes);
    }
    hash.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
});

/// The address of an asset.
pub fn url(name: &str) -> String {
    debug_assert!(find(name).is_some(), "no asset is called {name}");
    format!("/static/{}/{name}", *HASH)
}

/// The asset of that name.
pub fn find(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}

/// Mounts `/static`.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/static/{hash}/{name}", web::get().to(serve));
}

async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    let Some(asset) = find(&name) else {
        return HttpResponse::NotFound().finish();
    };
    let tag = format!("\"{}\"", *HASH);
    // A page made by another version may still ask for its own hash: it gets today's file, and may not keep it.
    let keep = if hash == *HASH { "public, max-age=31536000, immutable" } else { "no-cache" };
    let fresh =
        request.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|known| holds(known, &tag));
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((ETAG, tag))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .insert_header((CONTENT_TYPE, kind(asset.name)));
    if fresh { answer.finish() } else { answer.body(asset.bytes) }
}

/// RFC 9110 13.1.2: weak comparison.
fn holds(known: &str, tag: &str) -> bool {
    known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
