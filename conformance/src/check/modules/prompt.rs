//! `prompt`, `max_age`, `id_token_hint` (OpenID Connect Core 3.1.2.1).

use std::{thread, time::Duration};

use crate::check::{
    outcome::{Step, must},
    run::Run,
};

const RULES: &str = "OpenID Connect Core 3.1.2.1";

pub fn login(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let first = run.login(&party, &party.ask())?;
    thread::sleep(Duration::from_millis(1100));
    let second = run.login(&party, &party.ask().with("prompt", "login"))?;
    must(second.signed_in(), RULES, || "prompt=login did not show the sign-in page again".to_owned())?;
    same_person(&first.claims, &second.claims)?;
    if let (Some(before), Some(after)) = (first.claims["auth_time"].as_i64(), second.claims["auth_time"].as_i64()) {
        must(after > before, "OpenID Connect Core 2", || "auth_time did not move".to_owned())?;
    }
    Ok(())
}

pub fn none_without_session(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let long = "s".repeat(128);
    let error = run.error(&party, &party.ask().with("prompt", "none").with("state", &long))?;
    let known = ["login_required", "interaction_required", "account_selection_required", "consent_required"];
    must(known.contains(&error.as_str()), "OpenID Connect Core 3.1.2.6", || format!("error {error}"))
}

pub fn none_with_session(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let first = run.login(&party, &party.ask())?;
    let second = run.login(&party, &party.ask().with("prompt", "none"))?;
    same_person(&first.claims, &second.claims)?;
    must(first.claims["auth_time"] == second.claims["auth_time"], "OpenID Connect Core 2", || {
        "auth_time moved without a sign-in".to_owned()
    })
}

pub fn max_age_1(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let first = run.login(&party, &party.ask().with("max_age", "10000"))?;
    thread::sleep(Duration::from_millis(2100));
    let second = run.login(&party, &party.ask().with("max_age", "1"))?;
    must(second.signed_in(), RULES, || "max_age=1 did not show the sign-in page again".to_owned())?;
    same_person(&first.claims, &second.claims)?;
    let time = |claims: &serde_json::Value| claims["auth_time"].as_i64().unwrap_or_default();
    must(time(&second.claims) > time(&first.claims), "OpenID Connect Core 2", || "auth_time did not move".to_owned())?;
    must(time(&second.claims) > crate::check::run::now() - 300, "OpenID Connect Core 2", || {
        "auth_time is long ago".to_owned()
    })
}

pub fn max_age_10000(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let first = run.login(&party, &party.ask().with("max_age", "15000"))?;
    let second = run.login(&party, &party.ask().with("max_age", "10000"))?;
    must(!second.signed_in(), RULES, || "max_age=10000 asked for a new sign-in".to_owned())?;
    same_person(&first.claims, &second.claims)?;
    must(first.claims["auth_time"] == second.claims["auth_time"], "OpenID Connect Core 2", || {
        "auth_time moved without a sign-in".to_owned()
    })
}

pub fn id_token_hint(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let first = run.login(&party, &party.ask())?;
    let second = run.login(&party, &party.ask().with("prompt", "none").with("id_token_hint", &first.id_token))?;
    same_person(&first.claims, &second.claims)
}

fn same_person(one: &serde_json::Value, two: &serde_json::Value) -> Step<()> {
    must(one["sub"] == two["sub"], "OpenID Connect Core 2", || "sub is another one".to_owned())
}
