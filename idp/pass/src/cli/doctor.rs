//! `pass doctor`: checks a real installation and says what to do about each fault.

#![expect(clippy::print_stdout, reason = "this is the command's output")]

use super::opened::{ConfigArgs, block_on};
use crate::config::{Config, DatabaseKind};
use crate::installation::{anchors, store_config};
use crate::wiring::{Faces, load_wrapping_secret};
use pass_core::domain::key::KeyState;
use pass_core::ports::FaceMatcher;
use pass_core::Fault;
use pass_store::Store;
use pass_web::Keys;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

/// What a check found.
enum Finding {
    /// As it should be.
    Ok(String),
    /// Works, but worth knowing.
    Note(String),
    /// Wrong, and what to do.
    Bad(String, &'static str),
}

use Finding::{Bad, Note, Ok as Good};

/// Runs every check; fails if one does.
pub fn run(args: &ConfigArgs) -> Result<(), Fault> {
    let config = Config::load(&args.config)?;
    let mut bad = 0;
    let mut say = |name: &str, finding: Finding| match finding {
        Good(what) => println!("OK    {name:<22} {what}"),
        Note(what) => println!("NOTE  {name:<22} {what}"),
        Bad(what, cure) => {
            bad += 1;
            println!("BAD   {name:<22} {what}\n      {:<22} -> {cure}", "");
        }
    };
    say("configuration", Good(args.config.display().to_string()));
    say("issuer", issuer(&config));
    say("wrapping secret", wrapping_secret(&config));
    say("secret beside the data", apart(&config));
    match database(&config) {
        Ok(store) => {
            say("database", Good("answers".into()));
            say("tables", tables(&store));
            say("signing keys", signing_keys(&config, &store));
            say("facilities", facilities(&store));
            say("staff", staff(&store));
            say("audit chain", audit(&store));
        }
        Err(fault) => say("database", Bad(fault.to_string(), "check [database] and that the server runs; then `pass migrate`")),
    }
    say("mail server", mail(&config));
    say("card roots", roots(&config));
    say("revocation list", revocation(&config));
    say("face match", face(&config));
    say("listening address", listening(&config));
    if bad == 0 { Ok(()) } else { Err(Fault::new(format!("{bad} of the checks failed"))) }
}

fn issuer(config: &Config) -> Finding {
    if config.issuer.url.starts_with("https://") {
        Good(config.issuer.url.clone())
    } else {
        Note(format!("{} is plain http: for a trial on this machine only", config.issuer.url))
    }
}

fn wrapping_secret(config: &Config) -> Finding {
    let path = &config.keys.wrapping_secret_file;
    if let Err(fault) = load_wrapping_secret(path) {
        return Bad(fault.to_string(), "openssl rand -hex 32 > FILE; chmod 600 FILE. An existing installation needs its old one");
    }
    let open = std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0);
    if open { Bad("others can read it".into(), "chmod 600 the file") } else { Good("readable by its owner only".into()) }
}

/// Key and data on one disk leave together.
fn apart(config: &Config) -> Finding {
    let folder = |path: &Path| path.parent().and_then(|parent| parent.canonicalize().ok());
    let key = folder(&config.keys.wrapping_secret_file);
    let data = config.database.path.iter().chain(&config.database.keys_path);
    let beside = key.is_some() && data.into_iter().any(|path| folder(path) == key);
    if beside {
        Bad("the wrapping secret lies in the folder of the data".into(), "move it to another folder, best another disk or a systemd credential")
    } else if config.database.kind == DatabaseKind::Sqlite && folder_of(&config.database.path) == folder_of(&config.database.keys_path) {
        Note("both SQLite files share a folder: leave keys_path out of the main backup".into())
    } else {
        Good("apart".into())
    }
}

fn folder_of(path: &Option<std::path::PathBuf>) -> Option<&Path> {
    path.as_deref().and_then(Path::parent)
}

fn database(config: &Config) -> Result<Store, Fault> {
    let store = Store::open(&store_config(&config.database)?)?;
    store.migrated()?;
    Ok(store)
}

fn tables(store: &Store) -> Finding {
    match store.migrated() {
        Ok(true) => Good("at the newest version".into()),
        Ok(false) => Bad("older than this program".into(), "pass migrate"),
        Err(fault) => Bad(fault.to_string(), "check the rights of the database user"),
    }
}

fn signing_keys(config: &Config, store: &Store) -> Finding {
    let rows = match block_on(store.read(pass_store::signing_keys::find_all)) {
        Ok(rows) => rows,
        Err(fault) => return Bad(fault.to_string(), "pass migrate"),
    };
    if rows.is_empty() {
        return Note("none yet: the first start makes them".into());
    }
    let opened = load_wrapping_secret(&config.keys.wrapping_secret_file)
        .and_then(|secret| pass_core::oidc::keys::KeyRing::build(&rows, &Keys::derive(&secret).signing));
    match opened {
        Err(_) => Bad("they do not open under this wrapping secret".into(), "restore the wrapping secret they were made with"),
        Ok(ring) => {
            let current = rows.iter().filter(|row| row.state == KeyState::Current).count();
            Good(format!("{} published, {current} sign ({})", rows.len(), ring.algorithms().iter().map(|alg| alg.as_str()).collect::<Vec<_>>().join(" ")))
        }
    }
}

fn facilities(store: &Store) -> Finding {
    match block_on(store.read(|tx| Ok((pass_store::facilities::find_all(tx)?.len(), pass_store::clients::find_all(tx)?.len())))) {
        Ok((0, _)) => Note("none yet: pass facility new".into()),
        Ok((facilities, clients)) => Good(format!("{facilities}, with {clients} clients")),
        Err(fault) => Bad(fault.to_string(), "pass migrate"),
    }
}

fn staff(store: &Store) -> Finding {
    match block_on(store.read(pass_store::staff::find_all)) {
        Ok(all) if all.is_empty() => Note("none yet: pass staff invite".into()),
        Ok(all) => Good(format!("{}", all.len())),
        Err(fault) => Bad(fault.to_string(), "pass migrate"),
    }
}

fn audit(store: &Store) -> Finding {
    match block_on(store.read(pass_store::audit::verify)) {
        Ok(walk) => match walk.broken_at {
            None => Good(format!("{} linked, {} waiting", walk.linked, walk.unlinked)),
            Some(at) => Bad(format!("broken at {at:?}"), "keep the database as it is and compare with a backup: rows were changed by hand"),
        },
        Err(fault) => Bad(fault.to_string(), "pass migrate"),
    }
}

fn mail(config: &Config) -> Finding {
    let place = format!("{}:{}", config.mail.host, config.mail.port);
    let reached = place
        .to_socket_addrs()
        .ok()
        .and_then(|mut all| all.next())
        .is_some_and(|address| TcpStream::connect_timeout(&address, Duration::from_secs(3)).is_ok());
    if reached { Good(place) } else { Bad(format!("{place} does not answer"), "check [mail] host and port, and that the mail server runs") }
}

fn roots(config: &Config) -> Finding {
    match anchors(config) {
        Err(fault) => Bad(fault.to_string(), "put the published root certificates into [card] roots; others are refused"),
        Ok(anchors) => match anchors.roots().count() {
            0 => Note("none: residents cannot be proofed by card here".into()),
            count => Good(format!("{count} pinned")),
        },
    }
}

fn revocation(config: &Config) -> Finding {
    let Some(path) = &config.card.sign_crl else {
        return Note("none: proofs record \"revocation: not checked\"".into());
    };
    let read = std::fs::read(path).map_err(|error| error.to_string());
    match read.and_then(|list| jpki::RevocationData::from_der(&[list]).map_err(|error| error.to_string())) {
        Ok(_) => Good(path.display().to_string()),
        Err(error) => Bad(error, "fetch the list again; until then card proofs are refused"),
    }
}

fn face(config: &Config) -> Finding {
    if config.face.library.is_none() && config.face.models.is_none() {
        return Note("not configured: faces are unavailable, everything else works".into());
    }
    match Faces::new(&config.face, false).unavailable() {
        None => Good("library and models are there".into()),
        Some(why) => Note(format!("unavailable: {why}. Everything else works")),
    }
}

fn listening(config: &Config) -> Finding {
    let address = config.listen.address;
    if !address.ip().is_loopback() {
        return Note(format!("{address} is reachable without the proxy: TLS must end in front of it"));
    }
    Good(address.to_string())
}
