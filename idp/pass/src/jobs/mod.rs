//! Jobs beside the server: mail and logout notices go out, the audit chain grows, changes are noticed, old rows leave.

mod chain;
mod notice;
mod outbox;
mod purge;
mod revocation;
mod watch;

use pass_core::ports::Mailer;
use pass_store::retention::Periods;
use pass_web::App;
use std::sync::Arc;

/// Starts all jobs on this runtime; they end with it.
pub fn start(app: &Arc<App>, mailer: Arc<dyn Mailer>, periods: Periods) {
    tokio::spawn(outbox::run(app.clone(), mailer));
    tokio::spawn(chain::run(app.clone()));
    tokio::spawn(watch::run(app.clone()));
    tokio::spawn(purge::run(app.clone(), periods));
    tokio::spawn(revocation::run(app.clone()));
}
