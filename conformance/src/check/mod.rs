//! `pass-conformance check ISSUER`: the behaviours that the OpenID Foundation's suite tests, against any issuer, by our own
//! code, without a JVM and in less than a minute. Modules have the suite's names.
//!
//! Left out: the response types beside `code`, FAPI, identity assurance; and what only a person can judge on a picture, where
//! the check asks for the behaviour instead (was there a sign-in page again, no redirect).

mod browser;
mod ca;
mod jose;
mod listener;
mod modules;
mod outcome;
mod party;
mod report;
mod run;
mod token;
mod wire;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use reqwest::{Certificate, Proxy, blocking::Client, redirect::Policy};
use serde_json::Value;

use crate::wild;
use browser::User;
pub use ca::Files;
use listener::Listener;
pub use outcome::{Note, Outcome, Verdict};
use outcome::{Step, Stop};
pub use report::{Excuse, surprises};
use run::{Issuer, Run, unlocked};

/// What a run needs to know.
#[derive(Default)]
pub struct Request {
    /// Issuer identifier.
    pub issuer: String,
    /// CA certificate of the issuer, where it is not a usual one.
    pub ca: Option<PathBuf>,
    /// Initial access token for registrations.
    pub registration_token: Option<String>,
    /// File of clients that were registered beforehand.
    pub clients: Option<PathBuf>,
    /// Who signs in.
    pub user: String,
    /// Their secret.
    pub secret: String,
    /// Where to listen for the issuer, for example `127.0.0.1:9500`, and the folder of the certificate.
    pub listen: Option<(String, PathBuf)>,
    /// A proxy between the check and the issuer.
    pub proxy: Option<String>,
    /// A command of the shell that makes the issuer rotate its keys.
    pub rotate: Option<String>,
    /// Seconds that the issuer may keep a client's old keys; [`KEYS_KEPT`] where nothing is said.
    pub keys_kept: Option<u64>,
    /// Only modules of these patterns.
    pub only: Vec<String>,
}

/// An issuer may wait a little between two looks at the same address.
pub const KEYS_KEPT: u64 = 6;

/// Most of a run is waiting.
const AT_ONCE: usize = 8;

/// Runs the modules; their outcomes in the order of the list.
///
/// # Errors
/// The issuer cannot be reached, or a file cannot be read.
pub fn check(request: &Request) -> Result<Vec<Outcome>, String> {
    let issuer = issuer(request)?;
    let chosen = |id: &str| request.only.is_empty() || request.only.iter().any(|pattern| wild::matches(pattern, id));
    let modules: Vec<_> = modules::ALL.iter().filter(|module| chosen(module.id)).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(module) = modules.get(at) else { return };
                    let outcome = one(&issuer, module.id, module.check);
                    unlocked(&done).push((at, outcome));
                }
            });
        }
    });
    let mut done = std::mem::take(&mut *unlocked(&done));
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
}

fn one(issuer: &Issuer, module: &'static str, check: fn(&mut Run<'_>) -> Step<()>) -> Outcome {
    let (began, mut run) = (Instant::now(), Run::new(issuer));
    let ended = check(&mut run);
    let (mut notes, exchange) = run.end();
    match ended {
        Ok(()) => {}
        Err(Stop::Failed(clause, text)) => notes.push(Note { verdict: Verdict::Failed, clause, text }),
        Err(Stop::Skipped(text)) => notes.push(Note { verdict: Verdict::Skipped, clause: "", text }),
    }
    let verdict = notes.iter().map(|note| note.verdict).max().unwrap_or(Verdict::Passed);
    let exchange = if verdict >= Verdict::Warning { exchange } else { Vec::new() };
    Outcome { module, verdict, notes, exchange, seconds: began.elapsed().as_secs_f32() }
}

fn issuer(request: &Request) -> Result<Issuer, String> {
    let listener = match &request.listen {
        Some((address, folder)) => Some(Arc::new(Listener::start(address, folder)?)),
        None => None,
    };
    let prepared = request.clients.as_deref().map(json).transpose()?;
    let http = client(request)?;
    let url = format!("{}/.well-known/openid-configuration", request.issuer.trim_end_matches('/'));
    let metadata = http.get(&url).send().and_then(|answer| answer.error_for_status()?.json());
    Ok(Issuer {
        url: request.issuer.clone(),
        metadata: metadata.map_err(|why| format!("{url}: {why}"))?,
        user: User { id: request.user.clone(), secret: request.secret.clone() },
        registration_token: request.registration_token.clone(),
        prepared,
        listener,
        rotate: request.rotate.clone(),
        keys_kept: Duration::from_secs(request.keys_kept.unwrap_or(KEYS_KEPT)),
        http,
    })
}

fn client(request: &Request) -> Result<Client, String> {
    // No proxy of the environment: what is checked is the issuer.
    let mut builder = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(20)).no_proxy();
    if let Some(address) = &request.proxy {
        builder = builder.proxy(Proxy::all(address).map_err(|why| format!("{address}: {why}"))?);
    }
    if let Some(path) = request.ca.as_deref() {
        let pem = fs::read(path).map_err(|why| format!("{}: {why}", path.display()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|why| format!("{}: {why}", path.display()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|why| format!("no HTTP client: {why}"))
}

/// Reads a JSON file.
///
/// # Errors
/// It is not there, or no JSON.
pub fn json(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
    serde_json::from_str(&text).map_err(|why| format!("{}: {why}", path.display()))
}

pub use report::{agreement, markdown, told};
