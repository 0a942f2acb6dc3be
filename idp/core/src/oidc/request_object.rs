//! Request objects (RFC 9101, OpenID Connect Core 6): signed parameters, by value or by reference. What they say wins over the
//! query, and the ordinary list of checks runs over the result: there is no second copy of any check.
//!
//! Left out: unsigned and encrypted objects, and parameters that only the object may carry.

use super::client_keys;
use super::error::{ErrorCode, OAuthError};
use super::jwt;
use super::params::Params;
use crate::Time;
use crate::domain::client::Client;
use serde_json::{Map, Value};
use std::time::Duration;

/// Longest object that is read.
pub const MAX_OBJECT: usize = 16_384;
/// Clocks of others differ by so much.
const SKEW: Duration = Duration::from_secs(30);
/// Members that are claims of the JWT and no parameters.
const JWT_CLAIMS: [&str; 7] = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"];

/// How a request brings its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Brought {
    /// In the parameter `request`.
    Value(String),
    /// At an address that the client registered.
    At {
        /// As it was registered: another fragment means another content (OpenID Connect Core 6.2.1).
        uri: String,
        /// Where it is fetched: without the fragment.
        address: String,
    },
}

/// What a client that may send objects brought. A client that may not is refused by the list of checks.
pub fn brought(params: &Params, client: &Client) -> Result<Option<Brought>, OAuthError> {
    let (value, at) = (params.get("request"), params.get("request_uri"));
    match (value, at) {
        // RFC 9101 5: "MUST NOT be used together".
        (Some(_), Some(_)) if client.flags.request_object || client.flags.request_uri => {
            Err(OAuthError::because(ErrorCode::InvalidRequest, "The request object came twice."))
        }
        (Some(object), None) if client.flags.request_object => Ok(Some(Brought::Value(object.to_owned()))),
        (None, Some(uri)) if client.flags.request_uri => {
            // RFC 9101 10.4: only addresses known before, compared as they were registered; nothing else is fetched.
            if client.metadata.request_uris.iter().any(|known| known == uri) {
                let address = uri.split('#').next().unwrap_or(uri);
                Ok(Some(Brought::At { uri: uri.to_owned(), address: address.to_owned() }))
            } else {
                Err(OAuthError::because(ErrorCode::InvalidRequestUri, "The request_uri is not registered."))
            }
        }
        _ => Ok(None),
    }
}

/// Why an object is not used.
#[derive(Clone)]
pub struct Unread {
    /// What is said.
    pub error: OAuthError,
    /// Where to: the request as the object has it, once its signature holds (RFC 9101 6.3: "MUST only use the parameters in
    /// the Request Object"). None: the request as it came.
    pub effective: Option<Params>,
}

impl From<OAuthError> for Unread {
    fn from(error: OAuthError) -> Self {
        Self { error, effective: None }
    }
}

/// The request with what the object says. `keys` is the client's JWK set.
pub fn merge(
    params: &Params,
    object: &str,
    client: &Client,
    keys: Option<&Value>,
    issuer: &str,
    now: Time,
) -> Result<Params, Unread> {
    // What the object says must not hide that something came twice outside (RFC 6749 3.1).
    params.refuse_repeats()?;
    let claims = verified(object, client, keys).ok_or_else(|| invalid("its signature or header is not acceptable"))?;
    proven(params, &claims, client, issuer, now)
        .map_err(|error| Unread { error, effective: Some(addressed(params, &claims)) })
}

/// Where an answer goes by an object whose signature holds: a member that is no text hides the parameter outside.
fn addressed(params: &Params, claims: &Map<String, Value>) -> Params {
    let mut addressed = params.clone();
    for name in ["redirect_uri", "state", "response_mode"] {
        match claims.get(name).map(Value::as_str) {
            Some(Some(text)) => addressed.set(name, text),
            Some(None) => addressed.remove(name),
            None => {}
        }
    }
    addressed
}

fn proven(
    params: &Params,
    claims: &Map<String, Value>,
    client: &Client,
    issuer: &str,
    now: Time,
) -> Result<Params, OAuthError> {
    meant_for_us(claims, client, issuer)?;
    within_time(claims, now)?;
    let mut merged = params.clone();
    merged.remove("request");
    merged.remove("request_uri");
    for (name, value) in claims.iter().filter(|(name, _)| !JWT_CLAIMS.contains(&name.as_str())) {
        // RFC 9101 4: "request and request_uri parameters MUST NOT be included in Request Objects".
        if name == "request" || name == "request_uri" {
            return Err(invalid("it holds another one"));
        }
        let text = parameter(value).ok_or_else(|| invalid("a member is no parameter"))?;
        // OpenID Connect Core 6.1: both are sent outside too, and "MUST match".
        let outside = params.get(name).filter(|_| name == "client_id" || name == "response_type");
        if outside.is_some_and(|outside| outside != text) {
            return Err(invalid("client_id or response_type differ inside and outside"));
        }
        merged.set(name, &text);
    }
    Ok(merged)
}

fn verified(object: &str, client: &Client, keys: Option<&Value>) -> Option<Map<String, Value>> {
    if object.len() > MAX_OBJECT {
        return None;
    }
    let verifier = client_keys::verifier(object, keys?, client.metadata.request_object_signing_alg)?;
    jwt::verify(object, &verifier).map(|(_, claims)| claims)
}

fn meant_for_us(claims: &Map<String, Value>, client: &Client, issuer: &str) -> Result<(), OAuthError> {
    // RFC 9101 4: iss is the client, aud the authorization server.
    if claims.get("iss").is_some_and(|iss| iss != client.client_id.as_str()) {
        return Err(invalid("its iss is another"));
    }
    let names_us = match claims.get("aud") {
        None => true,
        Some(Value::Array(all)) => all.iter().any(|one| one == issuer),
        Some(one) => one == issuer,
    };
    if names_us { Ok(()) } else { Err(invalid("it is for another audience")) }
}

fn within_time(claims: &Map<String, Value>, now: Time) -> Result<(), OAuthError> {
    let time = |name: &str| match claims.contains_key(name) {
        false => Ok(None),
        true => jwt::numeric_date(claims, name).map(Some).ok_or_else(|| invalid("a time of it is no time")),
    };
    if time("exp")?.is_some_and(|expires| now >= expires + SKEW) {
        return Err(invalid("it has expired"));
    }
    for name in ["nbf", "iat"] {
        if time(name)?.is_some_and(|begins| begins > now + SKEW) {
            return Err(invalid("it is not valid yet"));
        }
    }
    Ok(())
}

/// A member as a parameter would have brought it: `claims` is an object, `max_age` a number.
fn parameter(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) => None,
    }
}

/// The document at the address could not be had.
pub fn unfetched(detail: String) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequestUri).detail(detail)
}

fn invalid(detail: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequestObject).detail(detail)
}

#[cfg(test)]
mod tests;
