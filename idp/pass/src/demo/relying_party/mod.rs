//! The demo's two relying parties: 加賀市立図書館 and 子育て支援センター, as other organisations would write them.
//!
//! Built on `openidconnect`: authorization code flow with PKCE, state and nonce (OIDC Core 3.1), discovery at first use,
//! userinfo (5.3), an API that asks for a stronger sign-in (RFC 9470), step-up by `acr_values` and `max_age` (3.1.2.1), refresh (12) and RP-initiated logout.
//! Left out: front- and back-channel logout, signed userinfo, persistence (sessions die with the process).

mod api;
mod handlers;
mod kind;
mod login;
mod page;
mod paper;
mod provider;
mod session;
mod trouble;
mod wording;

use std::{io, net::SocketAddr, sync::Arc};

use actix_web::{App, HttpServer, dev::Server, web};

pub use kind::Kind;
use provider::Provider;
use session::Sessions;

/// One demo facility's web page and how it is registered at the issuer.
pub struct RelyingParty {
    /// Which of the two facilities: words, colours, and whether it has a step-up button.
    pub kind: Kind,
    /// Where it listens; loopback.
    pub bind: SocketAddr,
    /// Its origin as browsers see it, without a trailing slash.
    pub public_url: String,
    /// The issuer, exactly as in its discovery document.
    pub issuer: String,
    /// Registered client id.
    pub client_id: String,
    /// Registered secret, sent by `client_secret_basic`.
    pub client_secret: String,
    /// Space-separated scopes to ask for; `openid` is always among them.
    pub scope: String,
    /// One more root to trust, where the demo serves TLS with its own authority.
    pub extra_ca_pem: Option<Vec<u8>>,
}

/// What every handler shares.
struct Site {
    provider: Provider,
    sessions: Sessions,
    kind: Kind,
    cookie_name: String,
}

impl RelyingParty {
    /// Binds and answers the server to await; the issuer is asked only when somebody signs in.
    ///
    /// # Errors
    /// The address is taken, or `extra_ca_pem` is no certificate.
    pub fn serve(self) -> io::Result<Server> {
        let bind = self.bind;
        // Cookies do not keep ports apart: the two facilities and the agent share the host 127.0.0.1.
        let cookie_name = format!("{}_{}", self.kind.word(), bind.port());
        let kind = self.kind;
        let provider = Provider::new(self).map_err(io::Error::other)?;
        let site = web::Data::from(Arc::new(Site { provider, sessions: Sessions::default(), kind, cookie_name }));
        let server = HttpServer::new(move || App::new().app_data(site.clone()).configure(handlers::routes))
            .workers(1)
            .disable_signals()
            .bind(bind)?;
        Ok(server.run())
    }
}
