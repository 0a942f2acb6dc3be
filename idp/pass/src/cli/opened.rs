//! What most commands begin with: a configuration file, its store, its keys.

use crate::config::Config;
use crate::installation::store_config;
use crate::wiring::load_wrapping_secret;
use clap::Args;
use pass_core::Fault;
use pass_store::Store;
use pass_web::Keys;
use std::path::PathBuf;

/// `--config FILE`
#[derive(Args, Clone, Debug)]
pub struct ConfigArgs {
    /// The configuration file.
    #[arg(long, default_value = "/etc/pass/pass.toml", env = "PASS_CONFIG")]
    pub config: PathBuf,
}

/// An installation as commands need it.
pub struct Opened {
    /// The document.
    pub config: Config,
    /// Both stores, migrated.
    pub store: Store,
    /// Derived keys.
    pub keys: Keys,
}

impl ConfigArgs {
    /// Opens the installation; says so where its tables are old.
    pub fn open(&self) -> Result<Opened, Fault> {
        let config = Config::load(&self.config)?;
        let store = Store::open(&store_config(&config.database)?)?;
        if !store.migrated()? {
            return Err(Fault::new("the database is not at the newest version: run `pass migrate`"));
        }
        let keys = Keys::derive(&load_wrapping_secret(&config.keys.wrapping_secret_file)?);
        Ok(Opened { config, store, keys })
    }
}

/// Runs a command's asynchronous part.
pub fn block_on<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::because("start the runtime", error))?
        .block_on(work)
}
