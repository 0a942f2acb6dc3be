//! The card agent: a small server on the resident's own machine that joins browser and card reader.
//!
//! It shows the statement, takes password or PIN on a page of its own, asks the card, posts what it signed to the issuer and
//! sends the browser back (architecture 7.11). Both secrets end here. It serves the user who runs it ([`peer`]) and nobody else. No database, no keys of an issuer.
//! Left out: phones, starting with the desktop session.

mod answer;
mod cards;
mod guard;
mod issuer;
mod peer;
mod sign;
mod stage;
mod visit;

#[cfg(test)]
#[cfg(feature = "demo")]
mod tests;

pub use cards::CardSource;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, dev::Server, web};
use issuer::Issuer;
use pass_core::Fault;
use std::net::SocketAddr;
use visit::Visits;

/// What the agent is told.
pub struct Agent {
    /// Loopback addresses to listen on.
    pub bind: Vec<SocketAddr>,
    /// The issuers it signs for: nobody else is asked or shown anything.
    pub issuers: Vec<String>,
    /// Where the cards are.
    pub cards: CardSource,
    /// A CA that the issuers' certificates may chain to, beside the public ones.
    pub extra_ca_pem: Option<Vec<u8>>,
    /// Users of this machine that are served, by number. None: the one who runs the agent, and nobody else.
    pub users: Vec<u32>,
}

impl Agent {
    /// Binds, and gives the server to be awaited. Signals are the caller's.
    pub fn serve(self) -> Result<Server, Fault> {
        let bind = self.bind.clone();
        let desk = web::Data::new(self.desk()?);
        let mut server =
            HttpServer::new(move || App::new().app_data(desk.clone()).wrap(from_fn(peer::served)).configure(routes));
        for address in bind {
            server = server
                .bind(address)
                .map_err(|error| Fault::because(format!("listen on {address} as card agent"), error))?;
        }
        Ok(server.workers(1).shutdown_timeout(2).disable_signals().run())
    }

    fn desk(self) -> Result<Desk, Fault> {
        if let Some(open) = self.bind.iter().find(|address| !address.ip().is_loopback()) {
            return Err(Fault::new(format!("the card agent listens on loopback only, not on {open}")));
        }
        if self.issuers.is_empty() {
            return Err(Fault::new("the card agent needs an issuer that it may sign for"));
        }
        let ca = self.extra_ca_pem.as_deref();
        let issuers = self.issuers.iter().map(|url| Issuer::new(url, ca)).collect::<Result<_, _>>()?;
        let nobody = || Fault::new("the card agent cannot find out which user runs it (/proc/self/status)");
        let users = match self.users {
            none if none.is_empty() => vec![peer::own_user().ok_or_else(nobody)?],
            named => named,
        };
        Ok(Desk {
            users,
            hosts: self.bind.iter().map(ToString::to_string).collect(),
            issuers,
            cards: self.cards,
            card: tokio::sync::Mutex::new(()),
            visits: Visits::default(),
        })
    }
}

/// What all requests share.
struct Desk {
    /// The values of `Host` that mean us.
    hosts: Vec<String>,
    /// The users whose browsers are served.
    users: Vec<u32>,
    issuers: Vec<Issuer>,
    cards: CardSource,
    /// Held while a card is at work.
    card: tokio::sync::Mutex<()>,
    visits: Visits,
}

/// The agent's two pages, and a word for whoever opens its address by hand.
fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/sign").get(sign::show).post(sign::act))
        .route("/", web::get().to(answer::greeting))
        .configure(pass_web::kit::assets::routes);
}
