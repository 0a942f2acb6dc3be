//! Runs our plans on a running official conformance suite against a fresh demo, and compares with what is expected.

mod api;
mod expected;
mod page;
mod registered;
mod run;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{Demo, Options, demo::program, root};
use api::Api;
use expected::Exception;

/// One plan of `conformance/suite/plans.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// Our short name.
    name: String,
    /// The suite's name.
    plan: String,
    /// Configuration template beside plans.json.
    config: String,
    /// Who signs in.
    login: String,
    /// How its clients come to be.
    #[serde(default)]
    clients: Clients,
    /// Variants.
    variant: Map<String, Value>,
}

/// How the clients of a plan come to be.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Clients {
    /// The suite registers them (RFC 7591).
    #[default]
    Dynamic,
    /// An operator registered them before.
    Registered,
}

/// What became of one module.
#[derive(Clone, Debug)]
pub struct Outcome {
    plan: String,
    module: String,
    variant: Value,
    result: String,
    notes: Vec<String>,
}

/// One plan that ran.
struct Ran {
    plan: Plan,
    outcomes: Vec<Outcome>,
    seconds: u64,
}

/// What a run needs to know.
pub struct Request {
    /// Address of the suite.
    pub address: String,
    /// Bearer token, where the suite wants one.
    pub token: Option<String>,
    /// CA certificate of the suite, for PASS.
    pub ca: Option<PathBuf>,
    /// First port of the demo.
    pub port: u16,
    /// Only these plans; all where nothing is said.
    pub only: Vec<String>,
}

/// Runs the plans. `docs/conformance.md` is written where all of them ran.
///
/// # Errors
/// The suite cannot be used, or something happened that is not listed, or something listed did not happen.
pub fn suite(request: &Request) -> Result<(), String> {
    let folder = root().join("conformance/suite");
    let plans: Vec<Plan> = read(&folder.join("plans.json"))?;
    let expected: Vec<Exception> = read(&folder.join("expected.json"))?;
    if let Some(unknown) = request.only.iter().find(|name| !plans.iter().any(|plan| plan.name == **name)) {
        return Err(format!("no plan {unknown} in conformance/suite/plans.json"));
    }
    let api = Api::new(&request.address, request.token.clone())?;
    let version = api.version()?;
    let demo = Demo::start(&options(request)?);
    let mut runs = Vec::new();
    for plan in plans.iter().filter(|plan| request.only.is_empty() || request.only.contains(&plan.name)) {
        let config = fs::read_to_string(folder.join(&plan.config)).map_err(|why| format!("{}: {why}", plan.config))?;
        let mut config = run::fill(&config, &values(&demo, plan)?)?;
        let at_once = match plan.clients {
            Clients::Dynamic => run::AT_ONCE,
            Clients::Registered => 1,
        };
        if plan.clients == Clients::Registered {
            config = registered::with_clients(&demo, &request.address, &plan.name, &config)?;
        }
        let began = Instant::now();
        let rotate = || run::rotate(&program(), &demo.data().join("pass.toml"));
        let outcomes = run::plan(&api, plan, &config, at_once, &rotate)?;
        let ran = Ran { plan: plan.clone(), outcomes, seconds: began.elapsed().as_secs() };
        say(&page::line(&ran));
        runs.push(ran);
    }
    drop(demo);
    let whole = request.only.is_empty();
    let outcomes: Vec<Outcome> = runs.iter().flat_map(|ran| ran.outcomes.clone()).collect();
    let surprises = expected::surprises(&expected, &outcomes, whole);
    if whole {
        let text = page::render(&version, &runs, &expected, &surprises);
        fs::write(root().join("docs/conformance.md"), text).map_err(|why| format!("docs/conformance.md: {why}"))?;
    }
    for surprise in &surprises {
        say(surprise);
    }
    if surprises.is_empty() { Ok(()) } else { Err(format!("{} surprises", surprises.len())) }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
    serde_json::from_str(&text).map_err(|why| format!("{}: {why}", path.display()))
}

/// The demo must be reachable by https, and must reach the suite: `jwks_uri`, `request_uri`, sector identifiers,
/// back-channel logout.
fn options(request: &Request) -> Result<Options, String> {
    let address = url::Url::parse(&request.address).map_err(|why| format!("{}: {why}", request.address))?;
    let host = address.host_str().ok_or_else(|| format!("{}: no host", request.address))?;
    let port = address.port_or_known_default().unwrap_or(443);
    let mut more = vec!["--tls".to_owned(), "--allow-outgoing".to_owned(), format!("{host}:{port}")];
    if let Some(ca) = &request.ca {
        more.extend(["--trust".to_owned(), ca.display().to_string()]);
    }
    Ok(Options { port: Some(request.port), more, ..Options::default() })
}

/// What stands for the placeholders of a template.
fn values(demo: &Demo, plan: &Plan) -> Result<Vec<(&'static str, String)>, String> {
    let line = &demo.line;
    let person = line.residents.iter().find(|one| one.login_id == plan.login);
    let person = person.ok_or_else(|| format!("the demo has no resident {}", plan.login))?;
    let token = line.registration_token.clone().ok_or("the demo says no registration_token")?;
    Ok(vec![
        ("PASS_ISSUER", line.issuer.clone()),
        ("PASS_LOGIN", person.login_id.clone()),
        ("PASS_SECRET", person.login_secret.clone()),
        ("PASS_REGISTRATION_TOKEN", token),
    ])
}

#[expect(clippy::print_stdout, reason = "the table of a command")]
fn say(line: &str) {
    println!("{line}");
}
