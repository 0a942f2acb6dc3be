//! Notices changes of clients, facilities, keys and faces made by other nodes or by the command line, and reads them again.

use pass_store::changes::Topic;
use pass_web::App;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn run(app: Arc<App>) {
    let mut known = None;
    loop {
        match app.store.read_now(pass_store::changes::versions).await {
            Ok(versions) => {
                if let Some(known) = &known {
                    take_in(&app, known, &versions).await;
                }
                app.galleries.forget_idle(app.now());
                known = Some(versions);
            }
            Err(fault) => tracing::error!(%fault, "watch for changes"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn take_in(app: &App, known: &BTreeMap<String, i64>, now: &BTreeMap<String, i64>) {
    let changed = |topic: Topic| known.get(topic.as_str()) != now.get(topic.as_str());
    if Topic::ALL.into_iter().filter(|topic| *topic != Topic::Faces).any(changed)
        && let Err(fault) = app.reload().await
    {
        tracing::error!(%fault, "reload");
    }
    if changed(Topic::Faces)
        && let Err(fault) = pass_web::face::gallery::refresh(app).await
    {
        tracing::error!(%fault, "take in changes of faces");
    }
}
