//! Userinfo (OpenID Connect Core 5.3): of the four what was asked for.

use super::{Counterpart, lock};
use pass_core::Time;
use pass_core::ports::HttpRequest;
use serde_json::{Map, Value, json};

pub(super) fn answer(service: &Counterpart, request: &HttpRequest, now: Time) -> (u16, Value) {
    let bearer = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let Some(granted) = service.state().token(token, now).cloned() else {
        return (401, json!({ "error": "invalid_token" }));
    };
    let Some(card) = service.card(&granted.card) else { return (401, json!({ "error": "invalid_token" })) };
    let mut claims = Map::from_iter([("sub".to_owned(), Value::from(service.subject(&card.name)))]);
    for (name, value) in super::ATTRIBUTES.iter().zip(&card.four) {
        if granted.scopes.iter().any(|scope| scope == name) {
            claims.insert((*name).to_owned(), Value::from(value.as_str()));
        }
    }
    if let Some(change) = lock(&service.bend).userinfo {
        change(&mut claims);
    }
    (200, Value::Object(claims))
}
