//! `pass serve`: an installation, behind a proxy that ends TLS.

use super::opened::ConfigArgs;
use crate::config::Config;
use crate::installation::{build, open};
use crate::server::{Serving, serve};
use crate::{jobs, stop};
use clap::Args;
use pass_core::Fault;
use std::net::TcpListener;

/// `pass serve`
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs until SIGTERM.
pub fn run(args: &ServeArgs) -> Result<(), Fault> {
    let config = Config::load(&args.config.config)?;
    actix_web::rt::System::new().block_on(start(config))
}

async fn start(config: Config) -> Result<(), Fault> {
    let listener = TcpListener::bind(config.listen.address)
        .map_err(|error| Fault::because(format!("listen on {}", config.listen.address), error))?;
    let (parts, mailer) = open(&config)?;
    if !parts.store.migrated()? {
        return Err(Fault::new("the database is not at the newest version: run `pass migrate`"));
    }
    let app = build(parts).await?;
    jobs::start(&app, mailer, config.retention.periods());
    let serving = Serving { listeners: vec![listener], tls: None, workers: config.listen.workers };
    let server = serve(app, serving, |_| {})?;
    tracing::info!(issuer = config.issuer.url, address = %config.listen.address, "serving");
    let handle = server.handle();
    actix_web::rt::spawn(server);
    stop::wait(vec![handle]).await
}
