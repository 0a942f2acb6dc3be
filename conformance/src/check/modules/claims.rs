//! Scopes and claims (OpenID Connect Core 5.1, 5.4, 5.5).

use serde_json::Value;

use crate::check::{
    outcome::{Step, Stop, must},
    run::Run,
};

const PROFILE: [&str; 14] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "preferred_username",
];
const EMAIL: [&str; 2] = ["email", "email_verified"];
const PHONE: [&str; 2] = ["phone_number", "phone_number_verified"];
const RULES: &str = "OpenID Connect Core 5.4";

pub fn profile(run: &mut Run<'_>) -> Step<()> {
    scopes(run, &["profile"]).map(drop)
}

pub fn email(run: &mut Run<'_>) -> Step<()> {
    let told = scopes(run, &["email"])?;
    run.should(told.get("name").is_none(), RULES, || "userinfo holds name, which nobody asked for".to_owned());
    Ok(())
}

pub fn address(run: &mut Run<'_>) -> Step<()> {
    scopes(run, &["address"]).map(drop)
}

pub fn phone(run: &mut Run<'_>) -> Step<()> {
    scopes(run, &["phone"]).map(drop)
}

pub fn all(run: &mut Run<'_>) -> Step<()> {
    scopes(run, &["profile", "email", "address", "phone"]).map(drop)
}

/// A login with these scopes; userinfo should hold every claim of them, of the right type.
fn scopes(run: &mut Run<'_>, scopes: &[&str]) -> Step<Value> {
    if let Some(missing) = scopes.iter().find(|scope| !run.lists("scopes_supported", scope)) {
        return Err(Stop::Skipped(format!("scopes_supported does not name {missing}")));
    }
    let party = run.usual()?;
    let tokens = run.login(&party, &party.ask().with("scope", &format!("openid {}", scopes.join(" "))))?;
    let told = run.userinfo(&tokens)?;
    let wanted = scopes.iter().flat_map(|scope| match *scope {
        "profile" => PROFILE.to_vec(),
        "email" => EMAIL.to_vec(),
        "phone" => PHONE.to_vec(),
        _ => vec!["address"],
    });
    let missing: Vec<&str> = wanted.filter(|claim| told.get(claim).is_none()).collect();
    run.should(missing.is_empty(), RULES, || format!("userinfo does not hold {missing:?}"));
    types(&told)?;
    Ok(told)
}

/// OpenID Connect Core 5.1: the types of the standard claims; nothing empty.
fn types(told: &Value) -> Step<()> {
    let rules = "OpenID Connect Core 5.1";
    for (name, value) in told.as_object().into_iter().flatten() {
        let right = match name.as_str() {
            "email_verified" | "phone_number_verified" => value.is_boolean(),
            "updated_at" => value.is_number(),
            "address" => value.is_object(),
            "birthdate" => value.as_str().is_some_and(is_birthdate),
            _ => !value.is_null() && value != "",
        };
        must(right, rules, || format!("{name} is empty or of another type"))?;
    }
    Ok(())
}

fn is_birthdate(text: &str) -> bool {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>()[..] {
        [year] => digits(year, 4),
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    }
}

/// OpenID Connect Core 5.5.1: an essential claim comes from where it was asked for, and from nowhere else.
pub fn essential(run: &mut Run<'_>) -> Step<()> {
    if run.says("claims_parameter_supported") != true {
        return Err(Stop::Skipped("claims_parameter_supported is not true".to_owned()));
    }
    let party = run.usual()?;
    let tokens = run.login(&party, &party.ask().with("claims", r#"{"userinfo":{"name":{"essential":true}}}"#))?;
    let told = run.userinfo(&tokens)?;
    run.should(told["name"].is_string(), "OpenID Connect Core 5.5.1", || "userinfo does not hold name".to_owned());
    run.should(tokens.claims.get("name").is_none(), "OpenID Connect Core 5.5.1", || {
        "the ID token holds name".to_owned()
    });
    Ok(())
}
