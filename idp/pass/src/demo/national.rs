//! The demo's stand-in for the national service (デジタル認証アプリ), and PASS's registration there.

use super::announce::Addresses;
use super::run::DemoArgs;
use crate::config::AasSection;
use crate::wiring::{SystemClock, SystemEntropy};
use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use jpki::soft::Family;
use pass_core::Fault;
use pass_core::oidc::es256::SigningKey;
use pass_core::seal::{Purpose, WrappingSecret};
use pass_core::secret::Hash;
use pass_web::demo::counterpart::{Card, Client, Counterpart, Site, routes};
use pass_web::upstream::CALLBACK;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The port after the first: N+6.
pub(super) const OFFSET: u16 = 6;
const CLIENT: &str = "passdemo";

/// What stands in the demo's `pass.toml`.
pub(super) fn section(addresses: &Addresses, data: &Path) -> AasSection {
    let attributes = ["openid", "name", "address", "birthdate", "gender"];
    AasSection {
        issuer: Counterpart::issuer_at(&addresses.national),
        client_id: CLIENT.into(),
        private_key_file: key_file(data),
        key_id: None,
        scopes: attributes.map(str::to_owned).to_vec(),
        acr_values: "aal3 crl".into(),
    }
}

fn key_file(data: &Path) -> PathBuf {
    data.join("aas.pem")
}

/// Makes PASS's key at the first start.
pub(super) fn prepare_key(data: &Path) -> Result<(), Fault> {
    let path = key_file(data);
    if path.exists() {
        return Ok(());
    }
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let pem = SigningKey::generate()?;
    made.and_then(|mut file| file.write_all(pem.as_bytes()))
        .map_err(|error| Fault::because("write the demo's key for the national service", error))
}

/// The stand-in's server.
pub(super) fn serve(args: &DemoArgs, addresses: &Addresses, family: &Family) -> Result<Server, Fault> {
    let pem = std::fs::read(key_file(&args.data))
        .map_err(|error| Fault::because("read the demo's key for the national service", error))?;
    let client = Client {
        client_id: CLIENT.into(),
        redirect_uri: format!("{}{CALLBACK}", addresses.issuer),
        key: SigningKey::from_pem(&pem, None)?.public_jwk().clone(),
    };
    let card = |card: &jpki::soft::NamedCard| Card {
        name: card.name.clone(),
        what: card.what.clone(),
        pin: card.pin.clone(),
        four: card.basic_four.clone(),
    };
    let cards = family.cards().iter().map(card).collect();
    // Subjects stay the same as long as the data do.
    let subjects = WrappingSecret::new(Hash::of(&String::from_utf8_lossy(&pem)).0).derive(Purpose::PairwiseSubject);
    let service = Arc::new(Counterpart::new(&addresses.national, client, cards, subjects)?);
    let site = web::Data::new(Site { service, clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) });
    let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port + OFFSET));
    let server = HttpServer::new(move || App::new().app_data(site.clone()).configure(routes))
        .workers(1)
        .disable_signals()
        .bind(bind)
        .map_err(|error| Fault::because(format!("listen on {bind} as the national service's stand-in"), error))?;
    Ok(server.run())
}
