//! `pass-conformance`: what is not a test but belongs to proof from outside.

use std::{fs, io, process::ExitCode};

use clap::{Parser, Subcommand};
use pass_conformance::{root, status};

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
}

fn main() -> ExitCode {
    let done = match Command::parse().act {
        Act::Status { check } => status(check),
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
