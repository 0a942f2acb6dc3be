//! An installation opened: configuration, stores, keys and ports put together into the application.

use crate::config::{Config, DatabaseKind, DatabaseSection};
use crate::wiring::{
    Faces, GuardedHttp, OutgoingRules, SmtpMailer, SystemClock, SystemEntropy, load_wrapping_secret, revocation,
};
use pass_core::authn::session::Lifetimes;
use pass_core::ports::{FaceMatcher, Mailer, Revocation};
use pass_core::seal::WrappingSecret;
use pass_core::{Clock, Entropy, Fault};
use pass_store::Store;
use pass_web::directory::{Directory, DirectoryCell};
use pass_web::limits::Limits;
use pass_web::upstream::Upstream;
use pass_web::{App, Keys, Settings};
use std::sync::Arc;
use std::time::Duration;

/// The parts that differ between a city's server and the demo.
pub struct Parts {
    /// What pages and endpoints need to know.
    pub settings: Settings,
    /// Both stores, migrated.
    pub store: Store,
    /// The key provider's secret.
    pub secret: WrappingSecret,
    /// Face comparison.
    pub faces: Arc<dyn FaceMatcher>,
    /// Revocation data.
    pub revocation: Arc<dyn Revocation>,
    /// Roots of card certificates.
    pub anchors: jpki::Anchors,
    /// Roots of the records of the card's text application.
    pub text_anchors: jpki::TextAnchors,
    /// Whom outgoing HTTP may reach.
    pub outgoing: OutgoingRules,
    /// The national service.
    pub upstream: Option<Upstream>,
}

/// Builds the application; makes signing keys where they are missing.
pub async fn build(parts: Parts) -> Result<Arc<App>, Fault> {
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let keys = Keys::derive(&parts.secret);
    pass_web::signing_keys::fill(&parts.store, &keys.signing, clock.now(), &*entropy).await?;
    let directory = Directory::load(&parts.store, &parts.settings, &keys.signing).await?;
    Ok(Arc::new(App {
        settings: parts.settings,
        store: parts.store,
        directory: DirectoryCell::new(directory),
        keys,
        clock: clock as Arc<dyn Clock>,
        entropy: entropy as Arc<dyn Entropy>,
        faces: parts.faces,
        revocation: parts.revocation,
        outgoing: Arc::new(GuardedHttp::new(parts.outgoing)?),
        upstream: parts.upstream,
        anchors: parts.anchors,
        text_anchors: parts.text_anchors,
        outbox: tokio::sync::Notify::new(),
        client_keys: pass_web::ClientKeys::default(),
        request_objects: pass_web::RequestObjects::default(),
        galleries: pass_web::face::Galleries::default(),
        limits: Limits::default(),
    }))
}

/// Opens what a configuration file describes.
pub fn open(config: &Config) -> Result<(Parts, Arc<dyn Mailer>), Fault> {
    let store = Store::open(&store_config(&config.database)?)?;
    let anchors = anchors(config)?;
    let parts = Parts {
        settings: settings(config),
        store,
        secret: load_wrapping_secret(&config.keys.wrapping_secret_file)?,
        faces: Arc::new(Faces::new(&config.face, false)),
        revocation: revocation(config, &anchors)?,
        anchors,
        text_anchors: jpki::TextAnchors::production(),
        outgoing: config.outgoing.clone().into(),
        upstream: config.upstream.open(&config.issuer)?,
    };
    Ok((parts, Arc::new(SmtpMailer::new(&config.mail)?)))
}

/// Where the store lives.
pub fn store_config(section: &DatabaseSection) -> Result<pass_store::Config, Fault> {
    match section.kind {
        DatabaseKind::Postgres => Ok(pass_store::Config::Postgres { url: section.url()?, pool: section.pool }),
        DatabaseKind::Sqlite => {
            let missing = |key: &str| Fault::new(format!("database.{key} is missing"));
            Ok(pass_store::Config::Sqlite {
                path: section.path.clone().ok_or_else(|| missing("path"))?,
                keys_path: section.keys_path.clone().ok_or_else(|| missing("keys_path"))?,
            })
        }
    }
}

/// Production roots only; test roots are not in this program outside the demo.
pub fn anchors(config: &Config) -> Result<jpki::Anchors, Fault> {
    let production = jpki::Anchors::production();
    match &config.card.roots {
        Some(folder) => production.load_dir(folder).map_err(|error| Fault::because("load the card roots", error)),
        None => Ok(production),
    }
}

fn settings(config: &Config) -> Settings {
    let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3600);
    let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
    let times = &config.sign_in;
    Settings {
        issuer: config.issuer.url.clone(),
        city: config.issuer.city.clone(),
        https: config.issuer.url.starts_with("https://"),
        demo: false,
        agent_url: config.card.agent_url.clone(),
        trusted_proxies: config.listen.trusted_proxies.clone(),
        session: Lifetimes { idle: minutes(times.idle_minutes), absolute: hours(times.session_hours) },
        interaction: minutes(times.interaction_minutes),
        face_terms: config.face.terms(),
        evidence: config.claims.evidence.into(),
        attested: config.upstream.aas.is_some(),
        interactions_per_network: Some(times.interactions_per_network).filter(|most| *most > 0),
    }
}
