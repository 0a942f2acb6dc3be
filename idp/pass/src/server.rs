//! The HTTP server: routes, limits on bodies, and how it stops.

use actix_web::dev::Server;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App as Actix, HttpResponse, HttpServer};
use pass_core::Fault;
use pass_web::App;
use std::net::TcpListener;
use std::sync::Arc;

/// Largest body of an ordinary request; picture pages count for themselves.
const BODY: usize = 256 * 1024;

/// Where and how to serve.
pub struct Serving {
    /// Listening sockets.
    pub listeners: Vec<TcpListener>,
    /// TLS of our own; behind a proxy there is none.
    pub tls: Option<rustls::ServerConfig>,
    /// Worker threads.
    pub workers: usize,
}

/// Starts serving. `more` mounts what only the demo has.
pub fn serve<F>(app: Arc<App>, serving: Serving, more: F) -> Result<Server, Fault>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let data = web::Data::from(app);
    let mut server = HttpServer::new(move || {
        Actix::new()
            .wrap(pass_web::transport::headers(&data.settings))
            .wrap(pass_web::too_large::answers())
            .app_data(data.clone())
            .app_data(web::PayloadConfig::new(BODY))
            .app_data(web::JsonConfig::default().limit(BODY))
            // Routes are tried in this order: the protocol, which programs call all day, comes before the patterns of pages.
            .configure(pass_web::routes)
            .route("/health", web::get().to(health))
            .configure(pass_admin::routes)
            .configure(more.clone())
            .default_service(web::to(pass_web::step::not_found))
    })
    .workers(serving.workers)
    .shutdown_timeout(5)
    .disable_signals();
    for listener in serving.listeners {
        server = match &serving.tls {
            Some(tls) => server.listen_rustls_0_23(listener, tls.clone()),
            None => server.listen_auto_h2c(listener),
        }
        .map_err(|error| Fault::because("listen", error))?;
    }
    Ok(server.run())
}

/// Whether the server answers and what rests: for proxies and operators. No secret, no version.
async fn health(app: web::Data<App>) -> HttpResponse {
    let store = app.store.read_now(pass_store::changes::versions).await.is_ok();
    let face = app.faces.unavailable().map_or("ready", |why| why.key());
    let body = serde_json::json!({ "store": if store { "ready" } else { "unavailable" }, "face": face });
    if store { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}
