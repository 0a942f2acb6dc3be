//! Plans whose clients are registered beforehand, by `pass client new` as an operator does it.

use std::{process::Command, thread};

use serde_json::{Value, json};

use crate::{
    Demo,
    demo::{TO_FOLLOW, program},
};

/// The sandbox facility of the demo, which may have every claim.
const FACILITY: &str = "sandbox";
/// What the plans of a profile ask for.
const RESPONSE_TYPES: [(&str, &[&str]); 2] = [
    ("implicit", &["id_token", "id_token token"]),
    ("hybrid", &["code id_token", "code token", "code id_token token"]),
];
const SCOPES: &str = "openid profile email address phone offline_access";

/// The configuration of a plan, with three clients of its own instead of the ones that register themselves.
///
/// With registered clients the suite's addresses hold an alias, and modules of one alias cannot run side by side.
///
/// # Errors
/// The configuration is no JSON object, or a client is refused.
pub fn with_clients(demo: &Demo, suite: &str, plan: &str, config: &str) -> Result<String, String> {
    let mut config: Value = serde_json::from_str(config).map_err(|why| format!("the configuration: {why}"))?;
    let alias = format!("pass-{plan}");
    let base = format!("{}/test/a/{alias}", suite.trim_end_matches('/'));
    config["alias"] = json!(alias);
    config["description"] = json!("PASS OIDC, registered clients");
    for (number, (place, auth)) in
        [("client", "basic"), ("client2", "basic"), ("client_secret_post", "post")].iter().enumerate()
    {
        let id = format!("{alias}-{}", number + 1);
        config[place] = json!({"client_id": id, "client_secret": new(demo, &id, auth, &base, plan)?});
    }
    thread::sleep(TO_FOLLOW);
    Ok(config.to_string())
}

/// Registers one client; gives its secret.
fn new(demo: &Demo, id: &str, auth: &str, base: &str, plan: &str) -> Result<String, String> {
    let mut command = Command::new(program());
    command.args(["client", "new", "--config"]).arg(demo.data().join("pass.toml"));
    command.args(["--facility", FACILITY, "--client-id", id, "--name", id, "--auth", auth, "--scopes", SCOPES]);
    // The plans send PKCE in one module only, and ask for RS256 where nothing is registered.
    command.args(["--no-pkce", "--id-token-alg", "RS256"]);
    command.arg("--redirect").arg(format!("{base}/callback"));
    command.arg("--post-logout").arg(format!("{base}/post_logout_redirect"));
    // A client with a logout address too many is told of what a module does not expect: only these plans have one.
    if plan.starts_with("back-channel") {
        command.arg("--backchannel-logout").arg(format!("{base}/backchannel_logout")).arg("--backchannel-session");
    }
    if plan.starts_with("front-channel") {
        command.arg("--frontchannel-logout").arg(format!("{base}/frontchannel_logout")).arg("--frontchannel-session");
    }
    if plan.starts_with("session-management") {
        command.arg("--session-management");
    }
    for (kind, types) in RESPONSE_TYPES {
        if plan.contains(kind) {
            command.args(types.iter().flat_map(|one| ["--response-type", one]));
        }
    }
    let made = command.output().map_err(|why| format!("pass client new does not start: {why}"))?;
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    let secret = said.lines().find_map(|line| line.strip_prefix("client_secret")).map(|rest| rest.trim().to_owned());
    secret.ok_or_else(|| format!("pass client new {id}: {said}{}", String::from_utf8_lossy(&made.stderr)))
}
