//! Request objects (OpenID Connect Core 6, RFC 9101), and what is not signed.

use serde_json::json;

use crate::check::{
    browser::End,
    jose::{OwnKey, unsigned},
    outcome::{Step, Stop, must},
    party::{Ask, Party},
    run::{Run, now},
};

const ALGS: &str = "request_object_signing_alg_values_supported";
const SIGNED_ONLY: &str = "the issuer takes signed request objects only";

pub fn id_token_unsigned(run: &mut Run<'_>) -> Step<()> {
    must(!run.lists("id_token_signing_alg_values_supported", "none"), "RFC 8725 3.2", || {
        "ID tokens without a signature are offered".to_owned()
    })?;
    Err(Stop::Skipped("the issuer signs every ID token".to_owned()))
}

pub fn unsigned_by_value(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let object = |ask: &Ask| unsigned(&claims(ask));
    either(run, &party, "request", "request_not_supported", &object)
}

pub fn unsigned_by_reference(run: &mut Run<'_>) -> Step<()> {
    if run.says(ALGS).is_array() && !run.lists(ALGS, "none") {
        return Err(Stop::Skipped(SIGNED_ONLY.to_owned()));
    }
    if run.says("request_uri_parameter_supported") == false {
        let party = run.usual()?;
        let error = run.error(&party, &party.ask().with("request_uri", "https://rp.check.example/object"))?;
        return must(error == "request_uri_not_supported", "OpenID Connect Core 3.1.2.6", || format!("error {error}"));
    }
    let party = run.usual()?;
    either(run, &party, "request_uri", "request_uri_not_supported", &|_| "https://rp.check.example/object".to_owned())
}

/// Understood, or refused by the error that says so.
fn either(run: &mut Run<'_>, party: &Party, name: &str, refusal: &str, object: &dyn Fn(&Ask) -> String) -> Step<()> {
    if run.says(ALGS).is_array() && !run.lists(ALGS, "none") {
        return Err(Stop::Skipped(SIGNED_ONLY.to_owned()));
    }
    let ask = party.ask();
    let sent = ask.clone().with(name, &object(&ask));
    let walk = run.walk(party, &sent)?;
    let params = run.params(&walk, &ask)?;
    let get = |name: &str| params.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
    must(!get("code").is_empty() || get("error") == refusal, "OpenID Connect Core 3.1.2.6", || {
        format!("error {}", get("error"))
    })
}

pub fn redirect_uri_inside(run: &mut Run<'_>) -> Step<()> {
    if run.says(ALGS).is_array() && !run.lists(ALGS, "none") {
        return Err(Stop::Skipped(SIGNED_ONLY.to_owned()));
    }
    let party = run.usual()?;
    let ask = party.ask().without("redirect_uri");
    let object = unsigned(&claims(&party.ask()));
    let walk = run.walk(&party, &ask.with("request", &object))?;
    match walk.end {
        End::Page(page) => must(page.status >= 400, "RFC 9101 6.3", || format!("no error: {}", page.line())),
        End::Left { url, .. } => {
            must(party.redirect_uris.iter().any(|one| url.as_str().starts_with(one)), "RFC 9101 6.3", || {
                "sent elsewhere".to_owned()
            })
        }
    }
}

pub fn request_uri_unsigned(run: &mut Run<'_>) -> Step<()> {
    by_reference_at_all(run)?;
    if !run.lists(ALGS, "none") {
        return Err(Stop::Skipped(SIGNED_ONLY.to_owned()));
    }
    by_reference(run, None)
}

/// OpenID Connect Discovery 3: left out means true; who registers dynamically relies on it.
fn by_reference_at_all(run: &Run<'_>) -> Step<()> {
    must(run.says("request_uri_parameter_supported") != false, "OpenID Connect Discovery 3", || {
        "request_uri_parameter_supported is false".to_owned()
    })
}

pub fn request_uri_signed(run: &mut Run<'_>) -> Step<()> {
    by_reference_at_all(run)?;
    must(run.lists(ALGS, "RS256"), "OpenID Connect Core 6", || format!("{ALGS} does not name RS256"))?;
    by_reference(run, Some(OwnKey::new("object")))
}

/// A request that stands at an address of the client's.
fn by_reference(run: &mut Run<'_>, key: Option<OwnKey>) -> Step<()> {
    let listener = run.listener()?;
    let path = crate::flow::random();
    let address = format!("{}#part", listener.url(&path));
    let mut members = json!({ "request_uris": [address], "request_object_signing_alg": if key.is_some() { "RS256" } else { "none" } });
    if let Some(key) = &key {
        members["jwks"] = json!({ "keys": [key.jwk()] });
    }
    let party = run.party(members)?;
    let ask = party.ask();
    let mut object = claims(&ask);
    object["iss"] = json!(party.id);
    object["aud"] = json!(run.issuer.url);
    object["iat"] = json!(now());
    object["exp"] = json!(now() + 120);
    listener.put(&path, key.as_ref().map_or_else(|| unsigned(&object), |key| key.sign(&object)));
    // OAuth wants these two outside as well (OpenID Connect Core 6.1).
    let mut outside = ask.clone();
    outside.params.retain(|(name, _)| ["client_id", "response_type", "scope"].contains(&name.as_str()));
    outside.params.push(("request_uri".to_owned(), address));
    run.login(&party, &outside).map(drop)
}

fn claims(ask: &Ask) -> serde_json::Value {
    ask.params.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<serde_json::Map<_, _>>().into()
}
