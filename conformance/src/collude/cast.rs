//! Who takes part: facilities, clients, people.

use std::{process::Command, thread};

use crate::{
    ClientRow, Demo, Line, Resident,
    demo::{TO_FOLLOW, program},
    flow::Party,
};

use super::listener::Listener;

/// Two facilities, a resident who uses both, and another resident.
pub struct Pair {
    /// What the report calls them.
    pub name: &'static str,
    /// One client of each facility.
    pub clients: [String; 2],
    /// Who is looked for.
    pub resident: Resident,
    /// Somebody else.
    pub other: Resident,
}

/// Words of the protocol that discovery lists among the claims.
const OF_THE_PROTOCOL: [&str; 12] =
    ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "at_hash", "c_hash", "sid"];
const SCOPES: &str = "openid profile email address phone name birthdate gender basic4 residence age offline_access";

/// Registers what the demo does not have, and adds its clients to the line.
///
/// # Errors
/// A command of the program fails.
pub fn pairs(demo: &Demo, line: &mut Line, listener: &Listener) -> Result<[Pair; 2], String> {
    let claims = every_claim(line);
    let open = ["left", "right"].map(|name| registered(demo, name, &claims, listener));
    let [left, right] = open;
    let (left, right) = (left?, right?);
    thread::sleep(TO_FOLLOW);
    let whole = Pair {
        name: "two facilities that may have every claim",
        clients: [left.client_id.clone(), right.client_id.clone()],
        resident: line.user(0).clone(),
        other: line.ken().clone(),
    };
    line.clients.extend([left, right]);
    let city = Pair {
        name: "library and child-care centre",
        clients: ["library".to_owned(), "kosodate".to_owned()],
        resident: line.hanako().clone(),
        other: line.ken().clone(),
    };
    Ok([city, whole])
}

fn every_claim(line: &Line) -> String {
    let metadata = Party::new(line, "library").metadata().clone();
    let claims = metadata["claims_supported"].as_array().into_iter().flatten().filter_map(|claim| claim.as_str());
    claims.filter(|claim| !OF_THE_PROTOCOL.contains(claim)).collect::<Vec<_>>().join(",")
}

/// A facility and its client, as an operator makes them.
fn registered(demo: &Demo, name: &str, claims: &str, listener: &Listener) -> Result<ClientRow, String> {
    let facility = ["facility", "new", "--slug", name, "--name", name, "--organisation", name, "--least", "0"];
    let about = ["--municipality", "172065", "--purpose", "試験", "--claims", claims];
    pass(demo, &[facility.as_slice(), &about].concat())?;
    let redirect = format!("https://{name}.example/cb");
    let home = format!("https://{name}.example/out");
    let client = ["client", "new", "--facility", name, "--client-id", name, "--scopes", SCOPES];
    let logout = listener.address(name);
    let addresses = ["--redirect", &redirect, "--post-logout", &home, "--backchannel-logout", &logout];
    let said = pass(demo, &[client.as_slice(), &addresses].concat())?;
    let secret = said.lines().find_map(|line| line.strip_prefix("client_secret")).map(|rest| rest.trim().to_owned());
    Ok(ClientRow {
        client_id: name.to_owned(),
        client_secret: Some(secret.ok_or("pass client new says no secret")?),
        token_endpoint_auth_method: "client_secret_basic".to_owned(),
        redirect_uris: vec![redirect, home],
        grant_types: vec!["authorization_code".to_owned(), "refresh_token".to_owned()],
        scope: SCOPES.to_owned(),
    })
}

fn pass(demo: &Demo, words: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program());
    command.args(&words[..2]).arg("--config").arg(demo.data().join("pass.toml")).args(&words[2..]);
    let done = command.output().map_err(|why| format!("pass {} does not start: {why}", words[0]))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    Err(format!("pass {} {}: {}", words[0], words[1], String::from_utf8_lossy(&done.stderr)))
}
