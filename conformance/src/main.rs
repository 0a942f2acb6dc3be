//! `pass-conformance`: what is not a test but belongs to proof from outside.

use std::{fs, io, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use pass_conformance::{check, collude, faces, root, status, suite};

/// Proof from outside.
#[derive(Parser)]
struct Command {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Writes docs/status.md from docs/capabilities.toml and the names of the tests.
    Status {
        /// Writes nothing, and fails where the page is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Runs the official conformance suite against a fresh demo and writes docs/conformance.md.
    Suite {
        /// Address of the running suite.
        #[arg(long, env = "PASS_SUITE_URL", default_value = "https://localhost.emobix.co.uk:8443")]
        url: String,
        /// Bearer token, where the suite wants one.
        #[arg(long, env = "PASS_SUITE_TOKEN", hide_env_values = true)]
        token: Option<String>,
        /// CA certificate of the suite, which PASS is to trust.
        #[arg(long, env = "PASS_SUITE_CA")]
        ca: Option<PathBuf>,
        /// First port of the demo.
        #[arg(long, default_value_t = 9443)]
        port: u16,
        /// Only this plan of conformance/suite/plans.json (may be repeated); the page is then not written.
        #[arg(long)]
        only: Vec<String>,
    },
    /// Checks an issuer by the behaviours that the official suite tests, without the suite.
    Check(Box<CheckArgs>),
    /// Lets two facilities compare everything they ever see of one resident.
    Collude {
        /// Puts one number into what both see, as a careless issuer would: the run must then fail.
        #[arg(long)]
        plant: bool,
    },
    /// Measures the error rates of the face match on pairs of images, or its presentation attack detection on two folders.
    FaceEval(Box<faces::EvalArgs>),
    /// Measures what a search among many faces costs, on random vectors.
    FaceSearch(faces::SearchArgs),
}

/// What `check` can be told.
#[derive(Args)]
struct CheckArgs {
    /// Issuer identifier, for example https://pass.kaga.example
    issuer: String,
    /// CA certificate of the issuer.
    #[arg(long)]
    ca: Option<PathBuf>,
    /// Initial access token for dynamic registration.
    #[arg(long, env = "PASS_REGISTRATION_TOKEN", hide_env_values = true)]
    registration_token: Option<String>,
    /// JSON file with clients that are registered already: client, client2, client_secret_post.
    #[arg(long)]
    clients: Option<PathBuf>,
    /// Who signs in at the issuer's form.
    #[arg(long)]
    user: String,
    /// Their secret.
    #[arg(long, env = "PASS_CHECK_SECRET", hide_env_values = true)]
    secret: String,
    /// Listen for the issuer here: jwks_uri, request_uri, sector_identifier_uri, logout notices.
    #[arg(long, requires = "tls_folder")]
    listen: Option<String>,
    /// Folder of the listener's certificate, made where it is empty; the issuer must trust its ca.crt.
    #[arg(long, value_name = "FOLDER")]
    tls_folder: Option<PathBuf>,
    /// A proxy between this check and the issuer.
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// A command of the shell that makes the issuer rotate its keys.
    #[arg(long, value_name = "COMMAND")]
    rotate: Option<String>,
    /// Seconds that the issuer may keep a client's old keys.
    #[arg(long, value_name = "SECONDS", default_value_t = check::KEYS_KEPT)]
    keys_kept: u64,
    /// Only these modules; * stands for anything.
    #[arg(long)]
    only: Vec<String>,
    /// JSON list of excused outcomes: module, result, reason.
    #[arg(long)]
    expected: Option<PathBuf>,
    /// JSON object of the official suite's results, module to result: prints where the two differ.
    #[arg(long)]
    compare: Option<PathBuf>,
    /// Writes the outcomes here as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Writes a table here.
    #[arg(long)]
    markdown: Option<PathBuf>,
}

fn main() -> ExitCode {
    let done = match Command::parse().act {
        Act::Status { check } => status(check),
        Act::Suite { url, token, ca, port, only } => {
            suite::suite(&suite::Request { address: url, token, ca, port, only }).map_err(io::Error::other)
        }
        Act::Check(args) => checked(*args).map_err(io::Error::other),
        Act::Collude { plant } => collude::collude(plant).map_err(io::Error::other),
        Act::FaceEval(args) => faces::evaluate(&args).map_err(io::Error::other),
        Act::FaceSearch(args) => faces::search(&args).map_err(io::Error::other),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            #[expect(clippy::print_stderr, reason = "a command says why it failed")]
            {
                eprintln!("pass-conformance: {why}");
            }
            ExitCode::FAILURE
        }
    }
}

fn status(check: bool) -> io::Result<()> {
    let (page, wanted) = (status::page(&root()), status::render(&root())?);
    if !check {
        return fs::write(page, wanted);
    }
    if fs::read_to_string(&page).unwrap_or_default() == wanted {
        return Ok(());
    }
    Err(io::Error::other("docs/status.md is out of date: cargo run -p pass-conformance -- status"))
}

fn checked(args: CheckArgs) -> Result<(), String> {
    let whole = args.only.is_empty();
    let outcomes = check::check(&check::Request {
        issuer: args.issuer,
        ca: args.ca,
        registration_token: args.registration_token,
        clients: args.clients,
        user: args.user,
        secret: args.secret,
        listen: args.listen.zip(args.tls_folder),
        proxy: args.proxy,
        rotate: args.rotate,
        keys_kept: Some(args.keys_kept),
        only: args.only,
    })?;
    say(&check::told(&outcomes));
    if let Some(file) = &args.compare {
        let (same, differ) = check::agreement(&outcomes, &check::json(file)?);
        say(&format!(
            "agrees with the official suite in {same} modules, differs in {}\n{}",
            differ.len(),
            differ.join("\n")
        ));
    }
    let write = |file: &Option<PathBuf>, text: String| match file {
        Some(file) => fs::write(file, text).map_err(|why| format!("{}: {why}", file.display())),
        None => Ok(()),
    };
    write(&args.json, serde_json::to_string_pretty(&outcomes).unwrap_or_default())?;
    write(&args.markdown, check::markdown(&outcomes))?;
    let excuses: Vec<check::Excuse> = match &args.expected {
        Some(file) => serde_json::from_value(check::json(file)?).map_err(|why| format!("{}: {why}", file.display()))?,
        None => Vec::new(),
    };
    let surprises = check::surprises(&outcomes, &excuses, whole);
    if surprises.is_empty() { Ok(()) } else { Err(format!("not as it should be:\n{}", surprises.join("\n"))) }
}

#[expect(clippy::print_stdout, reason = "the report of a command")]
fn say(text: &str) {
    println!("{text}");
}
