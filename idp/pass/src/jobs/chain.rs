//! The one chainer: links audit rows in order, so that no write waits for the head of the chain. Leased, so that of several
//! nodes only one chains.

use pass_core::Fault;
use pass_store::leases;
use pass_web::App;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(2);
const LEASE: Duration = Duration::from_secs(20);
const BATCH: i64 = 500;

pub(super) async fn run(app: Arc<App>) {
    let mut holder = [0; 16];
    app.entropy.fill(&mut holder);
    loop {
        match link(&app, holder).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(PAUSE).await,
            Err(fault) => {
                tracing::error!(%fault, "audit chain");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Links one batch; says whether there may be more.
async fn link(app: &App, holder: [u8; 16]) -> Result<bool, Fault> {
    if app.store.read_now(|tx| pass_store::audit::find_unlinked(tx, 1)).await?.is_empty() {
        return Ok(false);
    }
    let now = app.now();
    app.store
        .write(move |tx| {
            if !leases::take(tx, leases::AUDIT_CHAIN, &holder, now, now + LEASE)? {
                return Ok(false);
            }
            let (_, linked) = pass_store::audit::chain(tx, BATCH)?;
            Ok(linked as i64 == BATCH)
        })
        .await
}
