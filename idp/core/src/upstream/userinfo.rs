//! Userinfo (OpenID Connect Core 5.3): the four attributes, with the access token of the same visit.

use super::attributes::{Attributes, attributes};
use super::{Known, Refusal, Tokens, Told};
use crate::domain::attested::Attested;
use crate::ports::{HttpRequest, Outgoing};
use crate::{Fault, Time};
use serde_json::{Map, Value};

/// What userinfo says about whom the ID token named.
pub async fn read(
    outgoing: &dyn Outgoing,
    known: &Known,
    tokens: &Tokens,
    told: &Told,
    now: Time,
) -> Result<Result<Attested, Refusal>, Fault> {
    let Some(endpoint) = known.metadata.userinfo_endpoint() else { return Ok(Err(Refusal::Unreachable)) };
    let mut request = HttpRequest::new(Vec::new());
    *request.uri_mut() =
        endpoint.as_str().parse().map_err(|cause| Fault::because("read the address of userinfo", cause))?;
    // RFC 6750 2.1
    let bearer = format!("Bearer {}", tokens.access_token.secret());
    let bearer = bearer.parse().map_err(|cause| Fault::because("write an access token", cause))?;
    request.headers_mut().insert("authorization", bearer);
    let accept = "application/json".parse().map_err(|cause| Fault::because("write a header", cause))?;
    request.headers_mut().insert("accept", accept);
    let Ok(answer) = outgoing.exchange(request).await else { return Ok(Err(Refusal::Unreachable)) };
    if !answer.status().is_success() {
        return Ok(Err(Refusal::Failed));
    }
    Ok(checked(answer.body(), told, now))
}

fn checked(body: &[u8], told: &Told, now: Time) -> Result<Attested, Refusal> {
    let claims: Map<String, Value> = serde_json::from_slice(body).map_err(|_| Refusal::Incomplete)?;
    // OpenID Connect Core 5.3.2: "The sub Claim in the UserInfo Response MUST be verified to exactly match".
    if claims.get("sub").and_then(Value::as_str) != Some(&told.who.subject) {
        return Err(Refusal::Subject);
    }
    let Attributes { name, address, birthdate, sex } = attributes(&claims).ok_or(Refusal::Incomplete)?;
    Ok(Attested { who: told.who.clone(), name, address, birthdate, sex, level: told.level, told_at: now })
}
