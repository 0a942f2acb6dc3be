//! `pass agent`: the card agent on the resident's own machine, a kiosk or a counter.

use crate::agent::{Agent, CardSource};
use pass_core::Fault;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Join this machine's card reader to the browser.
#[derive(clap::Args)]
pub struct AgentArgs {
    /// Loopback address to listen on; may be given more than once
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:35990")]
    listen: Vec<SocketAddr>,
    /// Issuer that cards may sign for; may be given more than once
    #[arg(long = "issuer", value_name = "URL", required = true)]
    issuers: Vec<String>,
    /// PEM file with a CA that the issuers' certificates may chain to, beside the public ones
    #[arg(long, value_name = "FILE")]
    extra_ca: Option<PathBuf>,
    /// User of this machine to be served, by number, in place of the one who runs the agent; may be given more than once
    #[arg(long = "user", value_name = "UID")]
    users: Vec<u32>,
    /// Use the soft cards of this folder instead of a reader
    #[cfg(feature = "demo")]
    #[arg(long, value_name = "DIR")]
    soft_cards: Option<PathBuf>,
}

impl AgentArgs {
    fn agent(self) -> Result<Agent, Fault> {
        let extra_ca_pem = self.extra_ca.as_ref().map(std::fs::read).transpose();
        Ok(Agent {
            cards: self.cards()?,
            extra_ca_pem: extra_ca_pem.map_err(|error| Fault::because("read the file of --extra-ca", error))?,
            bind: self.listen,
            issuers: self.issuers,
            users: self.users,
        })
    }

    #[cfg(feature = "demo")]
    fn cards(&self) -> Result<CardSource, Fault> {
        let Some(folder) = &self.soft_cards else {
            return Ok(CardSource::Reader);
        };
        super::card::family(folder).map(CardSource::Soft)
    }

    #[cfg(not(feature = "demo"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "the demo has a choice")]
    fn cards(&self) -> Result<CardSource, Fault> {
        Ok(CardSource::Reader)
    }
}

/// Serves until it is told to end.
pub fn run(args: AgentArgs) -> Result<(), Fault> {
    let agent = args.agent()?;
    actix_web::rt::System::new().block_on(async {
        let listens = agent.bind.iter().map(|address| format!("http://{address}")).collect::<Vec<_>>().join(" ");
        let server = agent.serve()?;
        let handle = server.handle();
        tracing::info!(listens, "card agent");
        actix_web::rt::spawn(server);
        crate::stop::wait(vec![handle]).await
    })
}
