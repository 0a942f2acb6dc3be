//! How a serving process ends: SIGTERM or Ctrl-C, then what is running is finished.

use actix_web::dev::ServerHandle;
use pass_core::Fault;
use tokio::signal::unix::{SignalKind, signal};

/// Waits for a signal and stops the servers gracefully.
pub async fn wait(servers: Vec<ServerHandle>) -> Result<(), Fault> {
    let listen = |kind| signal(kind).map_err(|error| Fault::because("listen for signals", error));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    for server in servers {
        server.stop(true).await;
    }
    Ok(())
}
