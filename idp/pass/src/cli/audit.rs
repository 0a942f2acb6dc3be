//! `pass audit verify`: walks the chain and names the first row that does not fit.

#![expect(clippy::print_stdout, reason = "this is the command's output")]

use super::opened::{ConfigArgs, block_on};
use clap::Subcommand;
use pass_core::Fault;

/// The audit log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Checks every link of the chain and names the unlinked tail.
    Verify(ConfigArgs),
}

/// Runs it.
pub fn run(command: AuditCommand) -> Result<(), Fault> {
    let AuditCommand::Verify(config) = command;
    let walk = block_on(config.open()?.store.read(pass_store::audit::verify))?;
    println!("{} rows linked, {} waiting for the chainer.", walk.linked, walk.unlinked);
    match walk.broken_at {
        None => {
            println!("The chain holds.");
            Ok(())
        }
        Some(broken) => Err(Fault::new(format!("the chain is broken at {broken:?}"))),
    }
}
