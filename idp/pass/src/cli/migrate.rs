//! `pass migrate`: the tables at the newest version.

use super::opened::ConfigArgs;
use super::out::say;
use crate::config::Config;
use crate::installation::store_config;
use pass_core::Fault;
use pass_store::Store;

/// Brings both stores to the newest version.
pub fn run(args: &ConfigArgs) -> Result<(), Fault> {
    let config = Config::load(&args.config)?;
    Store::open(&store_config(&config.database)?)?.migrate()?;
    say!("The database is at the newest version.");
    Ok(())
}
