//! `pass keys list|rotate|remove`.

use super::opened::{ConfigArgs, block_on};
use super::out::say;
use crate::wiring::{SystemClock, SystemEntropy};
use clap::Subcommand;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::client::SigningAlg;
use pass_core::id::AuditId;
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
    /// A retired key is no longer published, at once: for a key that somebody may know. What it signed is worth nothing then.
    Remove {
        #[command(flatten)]
        config: ConfigArgs,
        /// Its `kid`.
        kid: String,
    },
}

/// Runs it.
pub fn run(command: KeysCommand) -> Result<(), Fault> {
    match command {
        KeysCommand::List(config) => list(&config),
        KeysCommand::Rotate { config, alg } => rotate(&config, alg.as_deref()),
        KeysCommand::Remove { config, kid } => remove(&config, kid),
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
        let wrapping = &opened.keys.signing;
        block_on(pass_web::signing_keys::rotate(
            &opened.store,
            wrapping,
            alg,
            &SystemEntropy,
            audit(Act::KeysRotate, alg.as_str()),
        ))?;
        say!("{}: rotated", alg.as_str());
    }
    list(config)
}

fn remove(config: &ConfigArgs, kid: String) -> Result<(), Fault> {
    let store = config.open()?.store;
    let (wanted, audit) = (kid.clone(), audit(Act::KeysRemove, &kid));
    let removed = block_on(store.write(move |tx| {
        let removed = pass_store::signing_keys::remove_retired(tx, &wanted)?;
        if removed {
            pass_store::audit::insert(tx, &audit)?;
            pass_store::changes::bump(tx, pass_store::changes::Topic::Keys)?;
        }
        Ok(removed)
    }))?;
    if !removed {
        return Err(Fault::new(format!("{kid} is no retired key: pass keys list; rotate first, then remove")));
    }
    say!("{kid}: removed");
    list(config)
}

fn audit(act: Act, detail: &str) -> AuditEvent {
    let now = SystemClock.now();
    AuditEvent {
        id: AuditId::new(now, &SystemEntropy),
        at: now,
        actor: Actor::Operator,
        act,
        person: None,
        facility: None,
        client: None,
        detail: detail.into(),
    }
}
