//! Pictures that a page sends: three frames of the camera in hidden fields, or one uploaded file.

use crate::problem::{PageError, Stop};
use crate::step::form::Form;
use actix_multipart::Multipart;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use futures_util::TryStreamExt;
use pass_core::secret::from_base64url;
use zeroize::Zeroize;

/// Largest body: three frames of at most 1280 px in base64, or one photograph.
pub const LIMIT: usize = 9 * 1024 * 1024;

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

/// Reads either form of a picture page.
pub async fn read(request: &HttpRequest, mut payload: web::Payload) -> Result<Posted, Stop> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return upload(Multipart::new(request.headers(), payload)).await;
    }
    let mut body = Vec::new();
    while let Some(chunk) = payload.try_next().await.map_err(|_| PageError::form())? {
        if body.len() + chunk.len() > LIMIT {
            return Err(PageError::form().into());
        }
        body.extend_from_slice(&chunk);
    }
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    body.zeroize();
    let mut pictures = Vec::new();
    for (name, value) in &mut fields {
        if name.starts_with("frame") && !value.is_empty() {
            pictures.push(from_base64url(value).unwrap_or_default());
            value.zeroize();
        }
    }
    pictures.truncate(3);
    Ok(Posted { form: Form::of(fields), pictures })
}

async fn upload(mut parts: Multipart) -> Result<Posted, Stop> {
    let (mut fields, mut pictures, mut total) = (Vec::new(), Vec::new(), 0);
    while let Some(mut part) = parts.try_next().await.map_err(|_| PageError::form())? {
        let name = part.name().unwrap_or_default().to_string();
        let mut body = Vec::new();
        while let Some(chunk) = part.try_next().await.map_err(|_| PageError::form())? {
            total += chunk.len();
            if total > LIMIT {
                return Err(PageError::form().into());
            }
            body.extend_from_slice(&chunk);
        }
        if name == "photo" {
            pictures.push(body);
        } else {
            fields.push((name, String::from_utf8(body).unwrap_or_default()));
        }
    }
    pictures.truncate(3);
    Ok(Posted { form: Form::of(fields), pictures })
}
