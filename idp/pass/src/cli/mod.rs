//! The command line: one binary, its parts as sub-commands.

mod agent;
mod audit;
mod calibrate;
#[cfg(feature = "demo")]
pub(crate) mod card;
mod client;
mod doctor;
mod face;
mod facility;
mod initial_access_token;
mod keys;
mod migrate;
mod models;
mod opened;
pub(crate) mod out;
mod serve;
mod staff;
mod token;

use clap::{Parser, Subcommand};
use pass_core::Fault;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// PASS: an OpenID Connect issuer for a city and its facilities.
#[derive(Parser)]
#[command(version, about = "PASS: an OpenID Connect issuer for a city and its facilities")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The whole of PASS on this machine, with everything fake labelled as such.
    #[cfg(feature = "demo")]
    Demo(crate::demo::DemoArgs),
    /// Serve an installation.
    Serve(serve::ServeArgs),
    /// Bring the database to the newest version.
    Migrate(opened::ConfigArgs),
    /// Check an installation and say what to do about each fault.
    Doctor(opened::ConfigArgs),
    /// Facilities.
    #[command(subcommand)]
    Facility(facility::FacilityCommand),
    /// Clients of facilities.
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Staff of PASS Manager.
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// The card agent on a resident's or counter's machine.
    Agent(agent::AgentArgs),
    /// Virtual cards of the demo.
    #[cfg(feature = "demo")]
    Card(card::CardArgs),
    /// Faces at facilities.
    #[command(subcommand)]
    Face(face::FaceCommand),
    /// Face models.
    #[command(subcommand)]
    Models(models::ModelsCommand),
    /// Signing keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Tokens.
    #[command(subcommand)]
    Token(token::TokenCommand),
}

impl Cli {
    /// Runs the command; faults are printed once.
    #[expect(clippy::print_stderr, reason = "this is the command's output")]
    pub fn run(self) -> ExitCode {
        let filter = EnvFilter::try_from_env("PASS_LOG")
            .unwrap_or_else(|_| EnvFilter::new("warn,pass_app=info,pass_web=info,pass_admin=info"));
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
        // One provider for every TLS connection of the process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        match self.command.run() {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                eprintln!("pass: {fault}");
                ExitCode::FAILURE
            }
        }
    }
}

impl Command {
    fn run(self) -> Result<(), Fault> {
        match self {
            #[cfg(feature = "demo")]
            Self::Demo(args) => crate::demo::run(args),
            Self::Serve(args) => serve::run(&args),
            Self::Migrate(args) => migrate::run(&args),
            Self::Doctor(args) => doctor::run(&args),
            Self::Facility(command) => facility::run(command),
            Self::Client(command) => client::run(command),
            Self::Staff(command) => staff::run(command),
            Self::Agent(args) => agent::run(args),
            #[cfg(feature = "demo")]
            Self::Card(args) => card::run(args),
            Self::Face(command) => face::run(command),
            Self::Models(command) => models::run(command),
            Self::Keys(command) => keys::run(command),
            Self::Audit(command) => audit::run(command),
            Self::Token(command) => token::run(command),
        }
    }
}
