//! Certificates that were revoked after they proofed somebody: once an hour the newest list is fetched, where that is
//! configured, and compared with the proofings.
//! A resident who moved has a revoked certificate; what it proved is then withheld (`docs/claims.md`).

use pass_core::Fault;
use pass_web::App;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(3600);
/// After a list that could not be fetched.
const RETRY: Duration = Duration::from_secs(300);

pub(super) async fn run(app: Arc<App>) {
    loop {
        let fetched = app.revocation.refresh(app.now()).await;
        if let Err(fault) = &fetched {
            tracing::error!(%fault, "fetch the newest revocation list");
        }
        match close_revoked(&app).await {
            Ok(0) => {}
            Ok(closed) => tracing::info!(closed, "proofings of revoked certificates"),
            Err(fault) => tracing::error!(%fault, "compare proofings with the revocation list"),
        }
        tokio::time::sleep(if fetched.is_ok() { PAUSE } else { RETRY }).await;
    }
}

async fn close_revoked(app: &Arc<App>) -> Result<usize, Fault> {
    let key = pass_web::card::settle::card_key(app);
    let (at, job) = (app.now().seconds(), app.clone());
    // Reading and hashing a long list is work for a thread of its own.
    let revoked =
        tokio::task::spawn_blocking(move || job.revocation.of_sign_certificates().revoked(&job.anchors, &key, at));
    let revoked = revoked.await.map_err(|error| Fault::because("read the revocation list", error))?;
    pass_web::card::ended::revoke(app, &revoked).await
}
