//! Sends what waits in the outbox: at once when woken, else every few seconds. Delivered at least once.

use super::notice;
use pass_core::Fault;
use pass_core::domain::outbox::{Letter, Message, OutboxItem};
use pass_core::ports::{Mail, Mailer};
use pass_web::App;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

const PAUSE: Duration = Duration::from_secs(5);
/// How long a claimed message is nobody else's.
const PATIENCE: Duration = Duration::from_secs(60);
const BATCH: i64 = 20;
/// Notices on their way at once. A facility that does not answer holds one for seconds, and must not hold up mail.
const NOTICES: usize = 100;

pub(super) async fn run(app: Arc<App>, mailer: Arc<dyn Mailer>) {
    let room = Arc::new(Semaphore::new(NOTICES));
    loop {
        match send_due(&app, &*mailer, &room).await {
            Ok(claimed) if claimed == BATCH as usize => continue,
            Ok(_) => {}
            Err(fault) => tracing::error!(%fault, "outbox"),
        }
        // Woken by whoever wrote a message; the pause catches other nodes' messages and repeats.
        let _ = tokio::time::timeout(PAUSE, app.outbox.notified()).await;
    }
}

/// Claims a batch and says how many it held.
async fn send_due(app: &Arc<App>, mailer: &dyn Mailer, room: &Arc<Semaphore>) -> Result<usize, Fault> {
    let now = app.now();
    // Nothing due means nothing written: the look-up is a read.
    if !app.store.read_now(move |tx| pass_store::outbox::is_due(tx, now)).await? {
        return Ok(0);
    }
    let due = app.store.write(move |tx| pass_store::outbox::claim_due(tx, now, PATIENCE, BATCH)).await?;
    let claimed = due.len();
    for item in due {
        match Message::open(&item, &app.keys.outbox) {
            Ok(Message::Mail(letter)) => settle(app, &item, mail(mailer, letter).await).await?,
            Ok(Message::Logout(notice)) => {
                let permit = room.clone().acquire_owned().await;
                let app = app.clone();
                tokio::spawn(async move {
                    let done = notice::deliver(&app, &notice).await;
                    if let Err(fault) = settle(&app, &item, done).await {
                        tracing::error!(%fault, "outbox");
                    }
                    drop(permit);
                });
            }
            // One that cannot be read must not keep the others waiting.
            Err(fault) => settle(app, &item, Err(fault)).await?,
        }
    }
    Ok(claimed)
}

async fn mail(mailer: &dyn Mailer, letter: Letter) -> Result<(), Fault> {
    mailer.send(&Mail { to: letter.to, subject: letter.subject, body: letter.body }).await
}

/// Marks it as delivered, or as due again: the pause doubles with each try.
async fn settle(app: &App, item: &OutboxItem, delivered: Result<(), Fault>) -> Result<(), Fault> {
    let (id, now) = (item.id, app.now());
    match delivered {
        Ok(()) => app.store.write(move |tx| pass_store::outbox::mark_sent(tx, id, now)).await,
        Err(fault) => {
            tracing::warn!(%fault, tries = item.tries, "a message was not delivered");
            let again = now + PAUSE * 2_u32.saturating_pow(item.tries.clamp(0, 8).unsigned_abs());
            app.store.write(move |tx| pass_store::outbox::mark_failed(tx, id, again)).await
        }
    }
}

#[cfg(test)]
mod tests;
