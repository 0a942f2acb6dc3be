//! `pass migrate`: the tables at the newest version.

use super::opened::ConfigArgs;
use crate::config::Config;
use crate::installation::store_config;
use pass_core::Fault;
use pass_store::Store;

/// Brings both stores to the newest version.
#[expect(clippy::print_stdout, reason = "this is the command's output")]
pub fn run(args: &ConfigArgs) -> Result<(), Fault> {
    let config = Config::load(&args.config)?;
    Store::open(&store_config(&config.database)?)?.migrate()?;
    println!("The database is at the newest version.");
    Ok(())
}
