//! Sends what waits in the outbox: at once when woken, else every few seconds. Delivered at least once.

use pass_core::Fault;
use pass_core::domain::outbox::OutboxItem;
use pass_core::ports::Mailer;
use pass_web::App;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(5);
/// How long a claimed message is nobody else's.
const PATIENCE: Duration = Duration::from_secs(60);
const BATCH: i64 = 20;

pub(super) async fn run(app: Arc<App>, mailer: Arc<dyn Mailer>) {
    loop {
        if let Err(fault) = send_due(&app, &*mailer).await {
            tracing::error!(%fault, "outbox");
        }
        // Woken by whoever wrote a letter; the pause catches other nodes' letters and repeats.
        let _ = tokio::time::timeout(PAUSE, app.outbox.notified()).await;
    }
}

async fn send_due(app: &App, mailer: &dyn Mailer) -> Result<(), Fault> {
    let now = app.now();
    // Nothing due means nothing written: the look-up is a read.
    if !app.store.read_now(move |tx| pass_store::outbox::is_due(tx, now)).await? {
        return Ok(());
    }
    let due = app.store.write(move |tx| pass_store::outbox::claim_due(tx, now, PATIENCE, BATCH)).await?;
    for item in due {
        deliver(app, mailer, item).await?;
    }
    Ok(())
}

async fn deliver(app: &App, mailer: &dyn Mailer, item: OutboxItem) -> Result<(), Fault> {
    let mail = pass_web::mail::open(app, &item)?;
    let (id, now) = (item.id, app.now());
    match mailer.send(&mail).await {
        Ok(()) => app.store.write(move |tx| pass_store::outbox::mark_sent(tx, id, now)).await,
        Err(fault) => {
            tracing::warn!(%fault, tries = item.tries, "mail was not sent");
            let again = now + PAUSE * 2_u32.saturating_pow(item.tries.clamp(0, 8).unsigned_abs());
            app.store.write(move |tx| pass_store::outbox::mark_failed(tx, id, again)).await
        }
    }
}
