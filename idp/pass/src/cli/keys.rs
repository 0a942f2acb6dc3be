//! `pass keys list|rotate`.

use super::opened::{ConfigArgs, block_on};
use super::out::say;
use crate::wiring::{SystemClock, SystemEntropy};
use clap::Subcommand;
use pass_core::domain::client::SigningAlg;
use pass_core::{Clock, Fault};

/// Signing keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// All keys with algorithm, state and day.
    List(ConfigArgs),
    /// The next key signs, the current one retires, a new next one is published. Serving nodes follow within a second.
    Rotate {
        #[command(flatten)]
        config: ConfigArgs,
        /// Only this algorithm: ES256, RS256 or PS256.
        #[arg(long)]
        alg: Option<String>,
    },
}

/// Runs it.
pub fn run(command: KeysCommand) -> Result<(), Fault> {
    match command {
        KeysCommand::List(config) => list(&config),
        KeysCommand::Rotate { config, alg } => rotate(&config, alg.as_deref()),
    }
}

fn list(config: &ConfigArgs) -> Result<(), Fault> {
    let store = config.open()?.store;
    for key in block_on(store.read(pass_store::signing_keys::find_all))? {
        say!("{}  {:8}  {}  since {}", key.alg.as_str(), key.state.as_str(), key.kid, key.created_at.jst_day().iso());
    }
    Ok(())
}

fn rotate(config: &ConfigArgs, alg: Option<&str>) -> Result<(), Fault> {
    let opened = config.open()?;
    let algs = match alg {
        Some(alg) => vec![SigningAlg::parse(alg).ok_or_else(|| Fault::new("--alg is ES256, RS256 or PS256"))?],
        None => SigningAlg::ALL.to_vec(),
    };
    for alg in algs {
        block_on(crate::keys::rotate(&opened.store, &opened.keys.signing, alg, SystemClock.now(), &SystemEntropy))?;
        say!("{}: rotated", alg.as_str());
    }
    list(config)
}
