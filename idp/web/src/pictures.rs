//! Pictures that a page sends: three frames of the camera in hidden fields, or one uploaded file.
//!
//! What a body may cost is settled before it is read: its bytes are counted as they arrive, names, headers and boundaries
//! with them, only the fields of the two forms are taken, and there are few of them. Callers ask first whether this browser
//! may send a picture here at all.

use crate::problem::{PageError, Stop};
use crate::step::form::Form;
use actix_multipart::{Field, Multipart};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, web};
use futures_util::{Stream, StreamExt, TryStreamExt};
use pass_core::secret::from_base64url;
use std::time::Duration;
use tokio::sync::Semaphore;
use zeroize::{Zeroize, Zeroizing};

/// Largest body: three frames of at most 1280 px in base64, or one photograph.
pub const LIMIT: usize = 9 * 1024 * 1024;

/// Most fields of a body, whatever their names.
const PARTS: usize = 32;

/// Longest value that is no picture.
const SHORT: usize = 1024;

/// Most pictures of a body.
const PICTURES: usize = 3;

/// What was posted. The pictures are wiped when dropped.
pub struct Posted {
    /// The other fields.
    pub form: Form,
    /// JPEG or PNG, not looked at yet.
    pub pictures: Vec<Vec<u8>>,
}

impl Drop for Posted {
    fn drop(&mut self) {
        self.pictures.iter_mut().for_each(Zeroize::zeroize);
    }
}

/// What a field of these forms is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Frame,
    Photo,
}

/// The fields of the page's two forms; there are no others.
fn kind(name: &str) -> Option<Kind> {
    match name {
        "csrf" | "do" | "capture" | "signature" | "failures" | "took" => Some(Kind::Word),
        "frame1" | "frame2" | "frame3" => Some(Kind::Frame),
        "photo" => Some(Kind::Photo),
        _ => None,
    }
}

/// Bodies that are read at the same time, so that who sends slowly holds no more memory than this many bodies.
static OPEN: Semaphore = Semaphore::const_new(48);
/// How long sending one may take: nine megabytes over a slow line.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads either form of a picture page.
pub async fn read(request: &HttpRequest, payload: web::Payload) -> Result<Posted, Stop> {
    let _open = OPEN.try_acquire().map_err(|_| PageError::busy())?;
    tokio::time::timeout(PATIENCE, whole(request, payload)).await.map_err(|_| PageError::form())?
}

async fn whole(request: &HttpRequest, payload: web::Payload) -> Result<Posted, Stop> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    // RFC 9110 15.5.14: a body that says it is too large is not read.
    if header(CONTENT_LENGTH).and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > LIMIT) {
        return Err(PageError::form().into());
    }
    let counted = counted(payload);
    if header(CONTENT_TYPE).is_some_and(|value| value.starts_with("multipart/form-data")) {
        return upload(Multipart::new(request.headers(), counted)).await;
    }
    frames(counted).await
}

/// The same bytes, and an error as soon as there are more than the limit.
fn counted<S>(payload: S) -> impl Stream<Item = Result<Bytes, PayloadError>> + 'static
where
    S: Stream<Item = Result<Bytes, PayloadError>> + 'static,
{
    let mut left = LIMIT;
    payload.map(move |chunk| {
        let chunk = chunk?;
        left = left.checked_sub(chunk.len()).ok_or(PayloadError::Overflow)?;
        Ok(chunk)
    })
}

async fn frames(payload: impl Stream<Item = Result<Bytes, PayloadError>>) -> Result<Posted, Stop> {
    let mut payload = std::pin::pin!(payload);
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = payload.try_next().await.map_err(|_| PageError::form())? {
        body.extend_from_slice(&chunk);
    }
    fields(&body)
}

/// The fields of `application/x-www-form-urlencoded`.
fn fields(body: &[u8]) -> Result<Posted, Stop> {
    let mut taken = Taken::default();
    for (name, value) in url::form_urlencoded::parse(body) {
        match taken.next(&name)? {
            Kind::Word if value.len() <= SHORT => taken.words.push((name.into_owned(), value.into_owned())),
            Kind::Frame if value.is_empty() => {}
            Kind::Frame => {
                let mut value = value.into_owned();
                taken.picture(from_base64url(&value).unwrap_or_default());
                value.zeroize();
            }
            Kind::Word | Kind::Photo => return Err(PageError::form().into()),
        }
    }
    Ok(taken.posted())
}

async fn upload(mut parts: Multipart) -> Result<Posted, Stop> {
    let mut taken = Taken::default();
    while let Some(part) = parts.try_next().await.map_err(|_| PageError::form())? {
        let name = part.name().unwrap_or_default().to_string();
        match taken.next(&name)? {
            Kind::Photo => {
                let photo = value(part, LIMIT).await?;
                taken.picture(photo);
            }
            Kind::Word | Kind::Frame => {
                let word = String::from_utf8(value(part, SHORT).await?).unwrap_or_default();
                taken.words.push((name, word));
            }
        }
    }
    Ok(taken.posted())
}

async fn value(mut part: Field, limit: usize) -> Result<Vec<u8>, Stop> {
    let mut body = Vec::new();
    while let Some(chunk) = part.try_next().await.map_err(|_| PageError::form())? {
        if body.len() + chunk.len() > limit {
            body.zeroize();
            return Err(PageError::form().into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What was taken of a body so far.
#[derive(Default)]
struct Taken {
    seen: usize,
    words: Vec<(String, String)>,
    pictures: Vec<Vec<u8>>,
}

impl Taken {
    /// One more field, of a known name and not one too many.
    fn next(&mut self, name: &str) -> Result<Kind, Stop> {
        self.seen += 1;
        kind(name).filter(|_| self.seen <= PARTS).ok_or_else(|| PageError::form().into())
    }

    fn picture(&mut self, mut picture: Vec<u8>) {
        if self.pictures.len() < PICTURES { self.pictures.push(picture) } else { picture.zeroize() }
    }

    fn posted(mut self) -> Posted {
        Posted { form: Form::of(std::mem::take(&mut self.words)), pictures: std::mem::take(&mut self.pictures) }
    }
}

// A body that is refused half-way leaves no picture behind.
impl Drop for Taken {
    fn drop(&mut self) {
        self.pictures.iter_mut().for_each(Zeroize::zeroize);
    }
}

#[cfg(test)]
mod tests;
