//! What the demo says: warnings at start, then where everything is, for people or as one line of JSON.

#![expect(clippy::print_stderr, reason = "this is the command's output")]

use super::manifest::Manifest;
use super::run::DemoArgs;
use jpki::soft::Family;
use serde_json::json;
use std::path::Path;

/// The demo serves on when nobody reads what it says.
macro_rules! tell {
    ($($words:tt)*) => { crate::cli::out::line_if_read(format_args!($($words)*)) };
}

/// Where everything is.
pub struct Addresses {
    /// The issuer.
    pub issuer: String,
    /// The library's page.
    pub library: String,
    /// The child-care centre's page.
    pub kosodate: String,
    /// The card agent.
    pub agent: String,
    /// The stand-in for the national service.
    pub national: String,
}

impl Addresses {
    /// Ports as in `docs/architecture.md`: relying parties and agent are on 127.0.0.1, so that flows are truly cross-site.
    pub fn of(args: &DemoArgs) -> Self {
        let scheme = if args.tls { "https" } else { "http" };
        let at = |offset: u16| format!("http://127.0.0.1:{}", args.port + offset);
        Self {
            issuer: format!("{scheme}://localhost:{}", args.port),
            library: at(2),
            kosodate: at(3),
            agent: args.agent.clone().unwrap_or_else(|| at(4)),
            national: at(super::national::OFFSET),
        }
    }
}

/// Before anything listens.
pub fn warn_aloud() {
    eprintln!("PASS demo: test authenticator ON, soft cards and their test roots ON, demo face thresholds ON.");
    eprintln!("PASS demo: anybody on this machine can sign in as anybody. Never use it for real people.");
}

/// When everything answers.
pub fn ready(
    args: &DemoArgs,
    addresses: &Addresses,
    manifest: &Manifest,
    family: &Family,
    ca: Option<&Path>,
    pairing: &str,
) {
    if args.json {
        tell!("{}", line(addresses, manifest, family, ca, pairing));
    } else {
        banner(args, addresses, manifest, pairing);
    }
}

fn line(
    addresses: &Addresses,
    manifest: &Manifest,
    family: &Family,
    ca: Option<&Path>,
    pairing: &str,
) -> serde_json::Value {
    let cards: Vec<_> = family
        .cards()
        .iter()
        .map(|card| {
            json!({
                "name": card.name,
                "pin": card.pin,
                "text_pin": card.text_pin,
                "signature_password": card.signature_password,
                "number_b": card.number_b,
                "what": card.what,
            })
        })
        .collect();
    json!({
        "issuer": addresses.issuer,
        "relying_parties": { "library": addresses.library, "kosodate": addresses.kosodate },
        "manager": format!("{}/manager", addresses.issuer),
        "outbox": format!("{}/dev/mail", addresses.issuer),
        "agent": addresses.agent,
        "national": addresses.national,
        "clients": manifest.clients,
        "residents": manifest.residents,
        "virtual_cards": cards,
        "staff": manifest.staff,
        "registration_token": manifest.registration_token,
        "kiosk": { "url": format!("{}/kiosk/kosodate", addresses.issuer), "code": pairing },
        "ca": ca,
    })
}

fn banner(args: &DemoArgs, addresses: &Addresses, manifest: &Manifest, pairing: &str) {
    let Addresses { issuer, library, kosodate, agent, national } = addresses;
    tell!("PASS demo is ready (data in {}; remove with: pass demo --reset)", args.data.display());
    tell!("  Issuer            {issuer}/.well-known/openid-configuration");
    tell!("  Library           {library}/          press「PASSでログイン」");
    tell!("  Child-care centre {kosodate}/");
    tell!("  Your own pages    {issuer}/me");
    tell!("  PASS Manager      {issuer}/manager     one click");
    tell!(
        "  Reception         {issuer}/kiosk/kosodate     code {pairing}, good for ten minutes; more in Manager, 端末"
    );
    tell!("  Mail outbox       {issuer}/dev/mail");
    tell!("  Card agent        {agent}           virtual cards: pass card --list --data {}", args.data.display());
    tell!("  App, a sample     {national}           stands in for デジタル認証アプリ: a sample card and its PIN");
    let data = args.data.display();
    tell!("  Commands          pass client list --config {data}/pass.toml");
    for resident in manifest.residents.iter().take(3) {
        let card = resident.signature_password.as_deref().unwrap_or("-");
        tell!(
            "  {}  test id {}  secret {}  card password {card}",
            resident.name,
            resident.login_id,
            resident.login_secret
        );
    }
    tell!("デモ環境：顔の照合器とカードは見本です。 Stop with Ctrl-C.");
}
