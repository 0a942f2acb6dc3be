//! Old rows leave, in small batches, as the retention table says (`docs/privacy.md`).

use pass_core::{Fault, Time};
use pass_store::retention::{self, Periods};
use pass_web::App;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(600);
const BATCH: i64 = 500;
const RETIRED: Duration = Duration::from_secs(30 * 24 * 3600);

pub(super) async fn run(app: Arc<App>, periods: Periods) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let now = app.now();
        app.limits.sweep(now);
        app.request_objects.sweep(now);
        if let Err(fault) = pass_web::card::ended::lapse(&app).await {
            tracing::error!(%fault, "end lapsed proofings");
        }
        if let Err(fault) = pass_web::face::ending::remind(&app).await {
            tracing::error!(%fault, "tell of faces that end soon");
        }
        if let Err(fault) = retired_keys(&app, now).await {
            tracing::error!(%fault, "remove retired signing keys");
        }
        if let Err(fault) = orphans(&app, now).await {
            tracing::error!(%fault, "remove keys without a person");
        }
        if let Err(fault) = purge(&app, now, periods).await {
            tracing::error!(%fault, "purge");
        }
    }
}

/// What a retired key signed may come back for a month (`core::oidc::keys`); then it is no longer published.
async fn retired_keys(app: &App, now: Time) -> Result<(), Fault> {
    let before = now - RETIRED;
    app.store
        .write(move |tx| {
            if pass_store::signing_keys::purge(tx, before)? > 0 {
                pass_store::changes::bump(tx, pass_store::changes::Topic::Keys)?;
            }
            Ok(())
        })
        .await
}

/// A person's key is written first; where the person was not written after it, the key goes.
async fn orphans(app: &App, now: Time) -> Result<(), Fault> {
    let before = now - PAUSE;
    for person in app.store.read(move |tx| pass_store::person_keys::find_orphans(tx, before, BATCH)).await? {
        app.store.write_keys(move |tx| pass_store::person_keys::erase(tx, person)).await?;
    }
    Ok(())
}

/// Batch after batch, each a commit of its own, until nothing is left to go.
async fn purge(app: &App, now: Time, periods: Periods) -> Result<(), Fault> {
    loop {
        let gone = app.store.write(move |tx| retention::purge(tx, now, &periods, BATCH)).await?;
        let total: usize = gone.iter().map(|(_, rows)| rows).sum();
        if total == 0 {
            return Ok(());
        }
        tracing::info!(?gone, "purged");
    }
}
