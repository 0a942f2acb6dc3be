//! The `claims` parameter (OpenID Connect Core 5.5; `verified_claims` of OpenID Connect for Identity Assurance 1.0, 6): claims
//! asked for one by one.

use super::error::{ErrorCode, OAuthError};
pub use crate::domain::request::{ClaimAsked, ClaimsRequest, VerifiedAsked};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const MAX_BYTES: usize = 8192;
const MAX_DEPTH: usize = 12;
const MAX_CLAIMS: usize = 100;
const VERIFIED: &str = "verified_claims";
/// Elements of an array of `verified_claims`.
const MAX_VERIFIED: usize = 8;
/// Identity Assurance 1.0, `purpose`: "The minimum length MUST be 3 characters, the maximum length MUST be 300 characters."
const PURPOSE: std::ops::RangeInclusive<usize> = 3..=300;

impl ClaimsRequest {
    /// Reads the parameter. Members that are not understood are ignored (5.5), a wrong shape is refused.
    pub fn parse(json: &str) -> Result<Self, OAuthError> {
        let malformed = || OAuthError::because(ErrorCode::InvalidRequest, "The claims parameter is malformed.");
        if json.len() > MAX_BYTES || depth(json) > MAX_DEPTH {
            return Err(OAuthError::because(ErrorCode::InvalidRequest, "The claims parameter is too large."));
        }
        let all: Map<String, Value> = serde_json::from_str(json).map_err(|_| malformed())?;
        let read = |member| all.get(member).map_or_else(|| Some(BTreeMap::new()), claims).ok_or_else(malformed);
        let verified = |member| {
            let asked = all.get(member).and_then(|member| member.get(VERIFIED));
            asked.map_or_else(|| Some(Vec::new()), verified_claims).ok_or_else(malformed)
        };
        Ok(Self {
            userinfo: read("userinfo")?,
            id_token: read("id_token")?,
            verified_userinfo: verified("userinfo")?,
            verified_id_token: verified("id_token")?,
        })
    }
}

fn claims(member: &Value) -> Option<BTreeMap<String, Option<ClaimAsked>>> {
    let Some(members) = member.as_object() else { return member.is_null().then(BTreeMap::new) };
    if members.len() > MAX_CLAIMS {
        return None;
    }
    let plain = members.iter().filter(|(name, _)| *name != VERIFIED);
    plain.map(|(name, asked)| Some((name.clone(), how(asked)?))).collect()
}

/// An object or an array of them. One without `verification` or without claims asks for nothing.
fn verified_claims(asked: &Value) -> Option<Vec<VerifiedAsked>> {
    match asked {
        Value::Null => Some(Vec::new()),
        Value::Array(several) if several.len() <= MAX_VERIFIED => several.iter().map(verified).collect(),
        one => Some(vec![verified(one)?]),
    }
}

fn verified(asked: &Value) -> Option<VerifiedAsked> {
    let members = asked.as_object()?;
    let verification = members.get("verification").map_or(Some(Map::new()), |asked| asked.as_object().cloned())?;
    let wanted = members.get("claims").map_or_else(|| Some(BTreeMap::new()), claims)?;
    let purposes = members.get("claims").and_then(Value::as_object).into_iter().flatten();
    let fits = |(_, asked): (&String, &Value)| {
        let purpose = asked.get("purpose").map(|purpose| purpose.as_str().map(|text| text.chars().count()));
        purpose.is_none_or(|length| length.is_some_and(|length| PURPOSE.contains(&length)))
    };
    purposes.into_iter().all(fits).then_some(VerifiedAsked { verification, claims: wanted })
}

#[expect(clippy::option_option, reason = "outer: well-formed; inner: null in the request")]
fn how(asked: &Value) -> Option<Option<ClaimAsked>> {
    if asked.is_null() {
        return Some(None);
    }
    let members = asked.as_object()?;
    let essential = members.get("essential").map_or(Some(false), Value::as_bool)?;
    let values = match members.get("values") {
        None => None,
        Some(values) => Some(values.as_array()?.clone()),
    };
    Some(Some(ClaimAsked { essential, value: members.get("value").cloned(), values }))
}

/// How deep brackets nest, strings aside: a bound before anything is parsed.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_49_claims_parameter_is_read_as_the_standard_says() {
        let asked = ClaimsRequest::parse(
            r#"{"userinfo":{"name":{"essential":true},"phone_number":null,"x":{"colour":1}},
                "id_token":{"acr":{"essential":true,"values":["aal2-face","aal2"]}},"other":{}}"#,
        )
        .unwrap();
        assert!(asked.userinfo["name"].as_ref().unwrap().essential);
        assert!(asked.userinfo["phone_number"].is_none());
        assert!(!asked.userinfo["x"].as_ref().unwrap().essential);
        assert_eq!(asked.acr().unwrap().texts().collect::<Vec<_>>(), ["aal2-face", "aal2"]);
        let again: ClaimsRequest = serde_json::from_str(&serde_json::to_string(&asked).unwrap()).unwrap();
        assert_eq!(again, asked);
    }

    #[test]
    fn cap_52_verified_claims_are_read_apart_from_plain_ones() {
        let one = r#"{"verification":{"trust_framework":null},"claims":{"name":null,"gender":{"essential":true}}}"#;
        let asked = ClaimsRequest::parse(&format!(
            r#"{{"userinfo":{{"email":null,"verified_claims":{one}}},"id_token":{{"verified_claims":[{one},{one}]}}}}"#
        ))
        .unwrap();
        assert_eq!(asked.userinfo.keys().collect::<Vec<_>>(), ["email"]);
        assert!(asked.id_token.is_empty());
        assert_eq!((asked.verified_userinfo.len(), asked.verified_id_token.len()), (1, 2));
        assert!(asked.verified_userinfo[0].claims["gender"].as_ref().unwrap().essential);
        for bad in [
            r#"{"userinfo":{"verified_claims":1}}"#,
            r#"{"userinfo":{"verified_claims":{"verification":1,"claims":{}}}}"#,
            r#"{"userinfo":{"verified_claims":{"verification":{},"claims":{"name":{"purpose":"no"}}}}}"#,
        ] {
            assert!(ClaimsRequest::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn cap_49_a_malformed_claims_parameter_is_refused() {
        let deep = format!("{{\"userinfo\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
        let long = format!("{{\"userinfo\":{{\"{}\":null}}}}", "x".repeat(MAX_BYTES));
        for json in [
            "",
            "1",
            "[]",
            "{",
            r#"{"userinfo":1}"#,
            r#"{"userinfo":{"name":true}}"#,
            &deep,
            &long,
            r#"{"userinfo":{"name":{"essential":"yes"}}}"#,
            r#"{"id_token":{"acr":{"values":"aal2"}}}"#,
        ] {
            assert_eq!(ClaimsRequest::parse(json).unwrap_err().code(), ErrorCode::InvalidRequest);
        }
        assert!(ClaimsRequest::parse(r#"{"userinfo":null,"id_token":{}}"#).is_ok());
        assert!(ClaimsRequest::parse(r#"{"userinfo":{"a":{"value":"[[[[[[[[[[[["}}}"#).is_ok());
    }
}
