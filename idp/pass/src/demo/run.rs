//! Starts everything of the demo on loopback: issuer, library, child-care centre, card agent, outbox, and their data.

use super::announce::{self, Addresses};
use super::city::{self, Places};
use super::manifest::Manifest;
use super::relying_party::{Kind, RelyingParty};
use super::{national, residents, settings_file, smtp, tls};
use crate::agent::{Agent, CardSource};
use crate::config::{FaceSection, IssuerSection, MailSection, MailSecurity, UpstreamSection};
use crate::installation::{Parts, build};
use crate::server::{Serving, serve};
use crate::wiring::{
    Faces, OpenHost, OutgoingRules, SmtpMailer, SystemClock, SystemEntropy, load_wrapping_secret, make_wrapping_secret,
};
use crate::{jobs, stop};
use actix_web::web;
use clap::Args;
use jpki::RevocationData;
use jpki::soft::Family;
use pass_core::authn::session::Lifetimes;
use pass_core::claims::verified::EvidenceRelease;
use pass_core::ports::Revocation;
use pass_core::{Clock, Fault};
use pass_store::Store;
use pass_store::retention::Periods;
use pass_web::{App, Settings};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// `pass demo`
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// Folder of the demo's data.
    #[arg(long, default_value = ".pass-demo")]
    pub data: PathBuf,
    /// Port of the issuer; all other ports follow from it.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Serve https with a certificate made at start.
    #[arg(long)]
    pub tls: bool,
    /// Forget everything first.
    #[arg(long)]
    pub reset: bool,
    /// Print one line of JSON when everything answers.
    #[arg(long)]
    pub json: bool,
    /// A PostgreSQL database instead of the files in the data folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Another card agent than the demo's own.
    #[arg(long, value_name = "URL")]
    pub agent: Option<String>,
    /// File with certificates of more CAs for requests to relying parties; repeat for several.
    #[arg(long, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
    /// A relying party's host in the local network that may be reached; repeat for several.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub allow_outgoing: Vec<OpenHost>,
}

/// Runs until SIGTERM or Ctrl-C.
pub fn run(args: DemoArgs) -> Result<(), Fault> {
    actix_web::rt::System::new().block_on(start(args))
}

async fn start(args: DemoArgs) -> Result<(), Fault> {
    prepare_folder(&args)?;
    announce::warn_aloud();
    let files = if args.tls { Some(tls::open_or_make(&args.data)?) } else { None };
    let listeners = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
        .into_iter()
        .filter_map(|ip| bind(SocketAddr::new(ip, args.port)).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let family = open_family(&args.data)?;
    let addresses = Addresses::of(&args);
    let ca = files.as_ref().map(|files| files.ca.clone());
    let app = build(parts(&args, &addresses, &family, ca)?).await?;
    let manifest = populate(&app, &args, &family).await?;
    app.reload().await?;
    let code = city::pairing_code(&app).await?;
    settings_file::write(&args, &addresses)?;

    let outbox = smtp::Outbox::default();
    let mail = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, args.port + 5))
        .await
        .map_err(|error| Fault::because("listen as the demo's mail server", error))?;
    tokio::spawn(smtp::serve(mail, outbox.clone()));
    jobs::start(&app, Arc::new(SmtpMailer::new(&mail_section(&args))?), Periods::default());

    let tls = files.as_ref().map(tls::server_config).transpose()?;
    let source = web::Data::from(Arc::new(outbox_source(outbox)));
    let issuer = serve(app, Serving { listeners, tls, workers: 2 }, move |config| {
        config.app_data(source.clone()).configure(pass_web::demo::routes);
    })?;
    let ca = files.as_ref().map(|files| read(&files.ca)).transpose()?;
    let others = [
        relying_party(Kind::Library, "library", 2, &args, &addresses, &manifest, ca.clone())?,
        relying_party(Kind::Kosodate, "kosodate", 3, &args, &addresses, &manifest, ca.clone())?,
        agent(&args, &addresses, open_family(&args.data)?, ca)?,
        national::serve(&args, &addresses, &family)?,
    ];
    announce::ready(&args, &addresses, &manifest, &family, files.as_ref().map(|files| files.ca.as_path()), &code);
    let mut handles = vec![issuer.handle()];
    handles.extend(others.iter().map(actix_web::dev::Server::handle));
    for server in others {
        tokio::spawn(server);
    }
    tokio::spawn(issuer);
    stop::wait(handles).await
}

fn prepare_folder(args: &DemoArgs) -> Result<(), Fault> {
    if args.reset && args.data.exists() {
        // Only a folder that a demo made is removed.
        if !args.data.join("wrapping.key").exists()
            && std::fs::read_dir(&args.data).is_ok_and(|mut all| all.next().is_some())
        {
            return Err(Fault::new(format!("{} does not look like a demo's folder: not removed", args.data.display())));
        }
        std::fs::remove_dir_all(&args.data).map_err(|error| Fault::because("remove the demo's data", error))?;
    }
    std::fs::create_dir_all(&args.data).map_err(|error| Fault::because("make the demo's folder", error))?;
    national::prepare_key(&args.data)?;
    let key = args.data.join("wrapping.key");
    if key.exists() { Ok(()) } else { make_wrapping_secret(&key, &SystemEntropy) }
}

/// IPv6 may be missing on a machine; IPv4 may not.
fn bind(address: SocketAddr) -> Result<Option<TcpListener>, Fault> {
    match TcpListener::bind(address) {
        Ok(listener) => Ok(Some(listener)),
        Err(_) if address.is_ipv6() => Ok(None),
        Err(error) => Err(Fault::because(format!("listen on {address} (choose another with --port)"), error)),
    }
}

fn open_family(data: &Path) -> Result<Family, Fault> {
    Family::open_or_create(data, SystemClock.now().seconds())
        .map_err(|error| Fault::because("make the demo's cards", error))
}

/// Revocation data of the demo's own CA.
struct FamilyLists {
    sign: RevocationData,
    login: RevocationData,
}

impl Revocation for FamilyLists {
    fn of_sign_certificates(&self) -> RevocationData {
        self.sign.clone()
    }

    fn of_login_certificates(&self) -> RevocationData {
        self.login.clone()
    }
}

fn parts(args: &DemoArgs, addresses: &Addresses, family: &Family, ca: Option<PathBuf>) -> Result<Parts, Fault> {
    let config = match &args.database {
        Some(url) => pass_store::Config::Postgres { url: url.clone(), pool: 12 },
        None => pass_store::Config::Sqlite {
            path: args.data.join("pass.sqlite3"),
            keys_path: args.data.join("keys.sqlite3"),
        },
    };
    let store = Store::open(&config)?;
    store.migrate()?;
    Ok(Parts {
        settings: Settings {
            issuer: addresses.issuer.clone(),
            city: "加賀市".into(),
            https: args.tls,
            demo: true,
            agent_url: Some(addresses.agent.clone()),
            trusted_proxies: Vec::new(),
            session: Lifetimes::default(),
            interaction: Duration::from_secs(30 * 60),
            // Everybody is at one address here, measurements too.
            interactions_per_network: None,
            face_terms: Default::default(),
            evidence: EvidenceRelease::Pairwise,
            attested: true,
        },
        store,
        secret: load_wrapping_secret(&args.data.join("wrapping.key"))?,
        faces: Arc::new(Faces::new(&face_section(), true)),
        revocation: Arc::new(FamilyLists { sign: family.revocation(), login: family.login_revocation() }),
        anchors: family.anchors(),
        text_anchors: family.text_anchors(),
        outgoing: OutgoingRules {
            danger_allow_loopback: true,
            trust: args.trust.iter().cloned().chain(ca).collect(),
            allow: args.allow_outgoing.clone(),
        },
        upstream: UpstreamSection { aas: Some(national::section(addresses, &args.data)) }
            .open(&IssuerSection { url: addresses.issuer.clone(), city: String::new() })?,
    })
}

/// Library and models where the Makefile puts them.
pub(super) fn face_section() -> FaceSection {
    let path = |name: &str, otherwise: &str| {
        Some(std::env::var_os(name).map_or_else(|| PathBuf::from(otherwise), PathBuf::from))
    };
    FaceSection {
        library: path("PASS_FACE_LIBRARY", "target/onnxruntime/libonnxruntime.so"),
        models: path("PASS_FACE_MODELS", "../shared/face-models"),
        ..FaceSection::default()
    }
}

/// Where the demo's mails go.
pub(super) fn mail_section(args: &DemoArgs) -> MailSection {
    MailSection {
        host: "127.0.0.1".into(),
        port: args.port + 5,
        security: MailSecurity::None,
        from: "PASS 加賀市（デモ） <pass@localhost>".into(),
        user: None,
        password_file: None,
    }
}

/// Writes the demo's data at the first start; later starts find it.
async fn populate(app: &App, args: &DemoArgs, family: &Family) -> Result<Manifest, Fault> {
    let path = args.data.join("demo.json");
    if let Some(manifest) = Manifest::load(&path)? {
        return Ok(manifest);
    }
    let mut manifest = Manifest::default();
    let places = Places { port: args.port };
    city::found(&app.store, &places, app.now(), &*app.entropy, &mut manifest).await?;
    residents::move_in(app, family, &mut manifest).await?;
    manifest.save(&path)?;
    Ok(manifest)
}

fn outbox_source(outbox: smtp::Outbox) -> pass_web::demo::outbox::Source {
    Box::new(move || outbox.list().into_iter().map(|taken| (taken.to, taken.message)).collect())
}

fn relying_party(
    kind: Kind,
    client_id: &str,
    offset: u16,
    args: &DemoArgs,
    addresses: &Addresses,
    manifest: &Manifest,
    ca: Option<Vec<u8>>,
) -> Result<actix_web::dev::Server, Fault> {
    let client =
        manifest.client(client_id).ok_or_else(|| Fault::new("the demo's manifest lacks a client; try --reset"))?;
    let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port + offset));
    RelyingParty {
        kind,
        bind,
        public_url: format!("http://{bind}"),
        issuer: addresses.issuer.clone(),
        client_id: client.client_id.clone(),
        client_secret: client.client_secret.clone(),
        scope: client.scope.clone(),
        extra_ca_pem: ca,
    }
    .serve()
    .map_err(|error| Fault::because(format!("start the {client_id}"), error))
}

fn agent(
    args: &DemoArgs,
    addresses: &Addresses,
    family: Family,
    ca: Option<Vec<u8>>,
) -> Result<actix_web::dev::Server, Fault> {
    Agent {
        bind: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, args.port + 4))],
        issuers: vec![addresses.issuer.clone()],
        cards: CardSource::Soft(family),
        users: Vec::new(),
        extra_ca_pem: ca,
    }
    .serve()
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(path).map_err(|error| Fault::because(format!("read {}", path.display()), error))
}
