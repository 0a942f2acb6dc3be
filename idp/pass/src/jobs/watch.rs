//! Notices changes of clients, facilities and keys made by other nodes or by the command line, and reads them again.

use pass_web::App;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn run(app: Arc<App>) {
    let mut known = None;
    loop {
        match app.store.read_now(pass_store::changes::versions).await {
            Ok(versions) => {
                if known.as_ref().is_some_and(|known| *known != versions)
                    && let Err(fault) = app.reload().await
                {
                    tracing::error!(%fault, "reload");
                }
                known = Some(versions);
            }
            Err(fault) => tracing::error!(%fault, "watch for changes"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
