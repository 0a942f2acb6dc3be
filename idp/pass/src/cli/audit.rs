//! `pass audit verify`: walks the chain, names the first row that does not fit, and checks the signed checkpoints.

use super::opened::{ConfigArgs, block_on};
use super::out::say;
use clap::Subcommand;
use pass_core::Fault;
use pass_core::domain::audit::Checkpoint;
use pass_core::oidc::keys::KeyRing;

/// The audit log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Checks every link of the chain and every checkpoint, and names the unlinked tail.
    Verify(ConfigArgs),
}

/// Runs it.
pub fn run(command: AuditCommand) -> Result<(), Fault> {
    let AuditCommand::Verify(config) = command;
    let opened = config.open()?;
    let key = opened.keys.audit.clone();
    let (walk, checkpoints, keys) = block_on(opened.store.read(move |tx| {
        let checkpoints = pass_store::audit::find_checkpoints(tx)?;
        Ok((pass_store::audit::verify(tx, &key)?, checkpoints, pass_store::signing_keys::find_all(tx)?))
    }))?;
    say!("{} rows linked, {} waiting for the chainer.", walk.linked, walk.unlinked);
    if let Some(broken) = walk.broken_at {
        return Err(Fault::new(format!("the chain is broken at {broken:?}")));
    }
    if let Some(sequence) = walk.missed_checkpoint {
        return Err(Fault::new(format!(
            "the chain does not run through the checkpoint at row {sequence}: rows were cut off or exchanged"
        )));
    }
    let ring = KeyRing::build(&keys, &opened.keys.signing)?;
    let (mut held, mut keyless) = (0, 0);
    for checkpoint in &checkpoints {
        let message = Checkpoint::message(&checkpoint.link, checkpoint.made_at);
        match ring.verifies_bytes(&checkpoint.kid, &message, &checkpoint.signature) {
            Some(true) => held += 1,
            None => keyless += 1,
            Some(false) => {
                let sequence = checkpoint.link.sequence;
                return Err(Fault::new(format!("the signature of the checkpoint at row {sequence} is not ours")));
            }
        }
    }
    say!("{held} checkpoints signed by keys at hand, {keyless} by keys no longer kept.");
    let signed = checkpoints.last().map_or(0, |checkpoint| checkpoint.link.sequence);
    say!(
        "{} rows since the last checkpoint: only a copy elsewhere shows whether some were cut off.",
        walk.to.sequence - signed
    );
    say!("The chain holds.");
    Ok(())
}
