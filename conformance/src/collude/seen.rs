//! Everything one facility sees of one person: each value with the place it stood at.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};
use url::Url;

/// One value at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it stood: `userinfo.body.sub`, `id_token.payload.iat`, `callback.query.code`.
    pub place: String,
    /// The value as text; a number or truth value as JSON writes it.
    pub value: String,
}

/// What one facility has seen so far.
#[derive(Clone, Debug, Default)]
pub struct View {
    seen: Vec<Seen>,
}

impl View {
    /// Everything.
    #[must_use]
    pub fn all(&self) -> &[Seen] {
        &self.seen
    }

    /// Every value, wherever it was seen.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.seen.iter().map(|seen| seen.value.as_str())
    }

    fn add(&mut self, place: &str, value: &str) {
        let seen = Seen { place: place.to_owned(), value: value.to_owned() };
        if !value.is_empty() && !self.seen.contains(&seen) {
            self.seen.push(seen);
        }
    }

    /// A JSON document: every leaf, and what is inside a leaf that is a JWT.
    pub fn json(&mut self, place: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::String(text) => self.text(place, text),
            Value::Array(list) => list.iter().for_each(|one| self.json(place, one)),
            Value::Object(members) => self.members(place, members),
            Value::Bool(_) | Value::Number(_) => self.add(place, &value.to_string()),
        }
    }

    fn members(&mut self, place: &str, members: &Map<String, Value>) {
        for (name, value) in members {
            self.json(&format!("{place}.{name}"), value);
        }
    }

    /// A text; the parts of it where it is a signed JWT.
    pub fn text(&mut self, place: &str, text: &str) {
        match jwt(text) {
            Some([header, payload]) => {
                self.json(&format!("{place}.header"), &header);
                self.json(&format!("{place}.payload"), &payload);
                self.add(&format!("{place}.signature"), text.rsplit('.').next().unwrap_or_default());
            }
            None => self.add(place, text),
        }
    }

    /// The headers of an answer.
    pub fn headers(&mut self, place: &str, headers: &HeaderMap) {
        for (name, value) in headers {
            self.add(&format!("{place}.{name}"), &String::from_utf8_lossy(value.as_bytes()));
        }
    }

    /// The parameters of an address that the browser was sent to.
    pub fn query(&mut self, place: &str, url: &Url) {
        for (name, value) in url.query_pairs() {
            self.text(&format!("{place}.{name}"), &value);
        }
    }
}

/// Header and payload of a signed JWT.
fn jwt(text: &str) -> Option<[Value; 2]> {
    let parts: Vec<&str> = text.split('.').collect();
    let [header, payload, _] = parts.as_slice() else { return None };
    let read = |part: &str| serde_json::from_slice(&BASE64URL.decode(part).ok()?).ok();
    Some([read(header)?, read(payload)?])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_inside_an_answer_is_taken_apart() {
        let token =
            format!("{}.{}.c2ln", BASE64URL.encode(r#"{"alg":"ES256"}"#), BASE64URL.encode(r#"{"sub":"s1","n":1}"#));
        let mut view = View::default();
        view.json("token", &json!({"id_token": token, "list": [{"a": true}, {"a": "x.y.z"}], "none": null}));
        let told: Vec<(&str, &str)> = view.all().iter().map(|seen| (&*seen.place, &*seen.value)).collect();
        assert_eq!(
            told,
            [
                ("token.id_token.header.alg", "ES256"),
                ("token.id_token.payload.sub", "s1"),
                ("token.id_token.payload.n", "1"),
                ("token.id_token.signature", "c2ln"),
                ("token.list.a", "true"),
                ("token.list.a", "x.y.z"),
            ]
        );
    }
}
