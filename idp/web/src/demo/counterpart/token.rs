//! The token endpoint (OpenID Connect Core 3.1.3; RFC 7523 2.2 and 3; RFC 7636 4.6).

use super::state::{Granted, Taken};
use super::{Counterpart, bend, lock};
use pass_core::oidc::es256;
use pass_core::ports::HttpRequest;
use pass_core::secret::{base64url, token};
use pass_core::{Entropy, Fault, Time};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// An assertion that lives longer is none.
const LONGEST: Duration = Duration::from_secs(300);
/// Clocks of others differ by so much.
const SKEW: Duration = Duration::from_secs(5);

type Fields = BTreeMap<String, String>;

/// `error` and its description.
type Refused = (&'static str, &'static str);

pub(super) fn answer(
    service: &Counterpart,
    request: &HttpRequest,
    now: Time,
    entropy: &dyn Entropy,
) -> Result<(u16, Value), Fault> {
    let checked = fields(request).and_then(|fields| {
        client(service, request, &fields, now)?;
        granted(service, &fields, now).map(|granted| (fields, granted))
    });
    let (fields, granted) = match checked {
        Ok(checked) => checked,
        Err((error, why)) => {
            let status = if error == "invalid_client" { 401 } else { 400 };
            return Ok((status, json!({ "error": error, "error_description": why })));
        }
    };
    let access = token(entropy);
    let id_token = id_token(service, &granted, &access, now)?;
    let scope =
        std::iter::once("openid").chain(granted.scopes.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    service.state().add_token(&access, &fields["code"], granted, now);
    Ok((
        200,
        json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": scope,
            "id_token": id_token,
        }),
    ))
}

fn fields(request: &HttpRequest) -> Result<Fields, Refused> {
    let mut fields = Fields::new();
    for (name, value) in url::form_urlencoded::parse(request.body()).into_owned() {
        if fields.insert(name, value).is_some() {
            return Err(("invalid_request", "a parameter stands twice"));
        }
    }
    Ok(fields)
}

/// RFC 7523 3, by our own code and not by that of who relies on us.
fn client(service: &Counterpart, request: &HttpRequest, fields: &Fields, now: Time) -> Result<(), Refused> {
    let refused = |why| Err(("invalid_client", why));
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if request.headers().contains_key("authorization") || fields.contains_key("client_secret") {
        return refused("clients prove themselves by private_key_jwt alone");
    }
    if text("client_assertion_type") != ASSERTION {
        return refused("client_assertion_type is another");
    }
    let Some(claims) = es256::verify(text("client_assertion"), &service.client.key) else {
        return refused("the signature of the assertion does not hold");
    };
    let said = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let named = |name: &str| !fields.contains_key(name) || text(name) == service.client.client_id;
    if said("iss") != service.client.client_id || said("sub") != service.client.client_id || !named("client_id") {
        return refused("iss, sub or client_id is another");
    }
    if said("aud") != service.at("token") {
        return refused("aud is not the token endpoint");
    }
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64).map(Time::from_seconds);
    let Some(until) = seconds("exp").filter(|until| *until > now && *until <= now + LONGEST) else {
        return refused("exp is missing, past or far away");
    };
    if seconds("iat").is_some_and(|at| at > now + SKEW) {
        return refused("iat lies in the future");
    }
    if said("jti").is_empty() || !service.state().is_new(said("jti"), until, now) {
        return refused("jti is missing or was used before");
    }
    Ok(())
}

fn granted(service: &Counterpart, fields: &Fields, now: Time) -> Result<Granted, Refused> {
    let refused = |why| Err(("invalid_grant", why));
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if text("grant_type") != "authorization_code" {
        return Err(("unsupported_grant_type", "codes alone"));
    }
    let granted = match service.state().take_code(text("code"), now) {
        Taken::Good(granted) => granted,
        Taken::Used => return refused("the code was used before"),
        Taken::Late => return refused("the code has expired"),
        Taken::Unknown => return refused("the code is unknown"),
    };
    if text("redirect_uri") != granted.redirect_uri {
        return refused("redirect_uri is another");
    }
    // RFC 7636 4.6
    if base64url(&Sha256::digest(text("code_verifier").as_bytes())) != granted.challenge {
        return refused("code_verifier does not fit");
    }
    Ok(granted)
}

fn id_token(service: &Counterpart, granted: &Granted, access: &str, now: Time) -> Result<String, Fault> {
    let client = &service.client.client_id;
    // OpenID Connect Core 3.1.3.6
    let at_hash = base64url(&Sha256::digest(access.as_bytes())[..16]);
    let claims = json!({
        "iss": service.issuer(),
        "sub": service.subject(&granted.card),
        "aud": client,
        "azp": client,
        "iat": now.seconds(),
        "exp": now.seconds() + 300,
        "auth_time": granted.at.seconds(),
        "nonce": granted.nonce,
        "acr": granted.acr,
        "at_hash": at_hash,
    });
    let mut claims: Map<String, Value> = claims.as_object().cloned().unwrap_or_default();
    let bent = *lock(&service.bend);
    if let Some(change) = bent.claims {
        change(&mut claims);
    }
    let signed = lock(&service.key).sign(&claims, "JWT")?;
    Ok(bent.header.and_then(|change| bend::header(&signed, change)).unwrap_or(signed))
}
