//! The one chainer: links audit rows in order, so that no write waits for the head of the chain. Leased, so that of several
//! nodes only one chains.

use pass_core::Fault;
use pass_core::domain::audit::Checkpoint;
use pass_store::leases;
use pass_web::App;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(2);
const LEASE: Duration = Duration::from_secs(20);
const BATCH: i64 = 500;
const HOUR: Duration = Duration::from_secs(3600);

pub(super) async fn run(app: Arc<App>) {
    let mut holder = [0; 16];
    app.entropy.fill(&mut holder);
    loop {
        match link(&app, holder).await {
            Ok(true) => {}
            Ok(false) => {
                if let Err(fault) = checkpoint(&app).await {
                    tracing::error!(%fault, "audit checkpoint");
                }
                tokio::time::sleep(PAUSE).await;
            }
            Err(fault) => {
                tracing::error!(%fault, "audit chain");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Signs where the chain stands, once an hour: an end that was cut off is missed, and purging stops there.
async fn checkpoint(app: &App) -> Result<(), Fault> {
    let now = app.now();
    let (latest, head) =
        app.store.read(|tx| Ok((pass_store::audit::latest_checkpoint(tx)?, pass_store::audit::head(tx)?))).await?;
    let due = latest.is_none_or(|latest| now.since(latest.made_at) >= HOUR && latest.link.sequence < head.sequence);
    if !due || head.sequence == 0 {
        return Ok(());
    }
    let (kid, signature) = app.directory().keys.sign_bytes(&Checkpoint::message(&head, now))?;
    let checkpoint = Checkpoint { link: head, made_at: now, kid, signature };
    app.store.write(move |tx| pass_store::audit::insert_checkpoint(tx, &checkpoint)).await
}

/// Links one batch; says whether there may be more.
async fn link(app: &App, holder: [u8; 16]) -> Result<bool, Fault> {
    if app.store.read_now(|tx| pass_store::audit::find_unlinked(tx, 1)).await?.is_empty() {
        return Ok(false);
    }
    let (now, key) = (app.now(), app.keys.audit.clone());
    app.store
        .write(move |tx| {
            if !leases::take(tx, leases::AUDIT_CHAIN, &holder, now, now + LEASE)? {
                return Ok(false);
            }
            let (_, linked) = pass_store::audit::chain(tx, &key, BATCH)?;
            Ok(linked as i64 == BATCH)
        })
        .await
}
