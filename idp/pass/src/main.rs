//! The binary `pass`: one program, its parts as sub-commands.

use clap::Parser;
use pass_app::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    Cli::parse().run()
}
