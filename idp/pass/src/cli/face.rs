//! `pass face rotate`: the copies of faces at one facility, made anew under another key.

use super::opened::{ConfigArgs, block_on};
use super::out::say;
use crate::wiring::{SystemClock, SystemEntropy};
use clap::Subcommand;
use pass_core::{Clock, Fault};
use pass_web::face::copies::{Rotated, finish, rotate};

/// Faces at facilities.
#[derive(Subcommand)]
pub enum FaceCommand {
    /// Begin a new epoch at a facility: old copies match nothing from now on, new ones are made of the masters, nobody enrols again.
    Rotate {
        #[command(flatten)]
        config: ConfigArgs,
        /// The facility's short name: pass facility list.
        #[arg(long)]
        facility: String,
        /// Begin no new epoch: only make the copies that a rotation which was broken off left behind.
        #[arg(long)]
        finish: bool,
    },
}

/// Runs it.
pub fn run(command: FaceCommand) -> Result<(), Fault> {
    let FaceCommand::Rotate { config, facility: slug, finish: only_finish } = command;
    let opened = config.open()?;
    let wanted = slug.clone();
    let facility = block_on(opened.store.read(move |tx| pass_store::facilities::find_by_slug(tx, &wanted)))?
        .ok_or_else(|| Fault::new(format!("no facility is called {slug}: pass facility list")))?
        .id;
    let (store, keys) = (&opened.store, &opened.keys);
    let Rotated { epoch, made, removed } = if only_finish {
        let there = block_on(store.read(move |tx| pass_store::face_epochs::find(tx, facility)))?;
        block_on(finish(store, keys, &SystemEntropy, facility, there.epoch))?
    } else {
        block_on(rotate(store, keys, &SystemEntropy, facility, SystemClock.now()))?
    };
    say!("{slug}: epoch {epoch}, {made} copies made anew, {removed} removed");
    Ok(())
}
