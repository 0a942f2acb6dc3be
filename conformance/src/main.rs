//! `pass-conformance`: what is not a test but belongs to proof from outside.

use std::{fs, io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use pass_conformance::{collude, root, status, suite};

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
    /// Lets two facilities compare everything they ever see of one resident.
    Collude {
        /// Puts one number into what both see, as a careless issuer would: the run must then fail.
        #[arg(long)]
        plant: bool,
    },
}

fn main() -> ExitCode {
    let done = match Command::parse().act {
        Act::Status { check } => status(check),
        Act::Suite { url, token, ca, port, only } => {
            suite::suite(&suite::Request { address: url, token, ca, port, only }).map_err(io::Error::other)
        }
        Act::Collude { plant } => collude::collude(plant).map_err(io::Error::other),
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
