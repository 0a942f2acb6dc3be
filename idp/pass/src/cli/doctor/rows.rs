//! The database: it answers, its tables are those of this program, and what lies in them fits.

use super::Finding::{Bad, Good, Note};
use super::{Check, Finding};
use crate::cli::opened::block_on;
use crate::config::Config;
use crate::installation::store_config;
use crate::wiring::load_wrapping_secret;
use pass_core::Fault;
use pass_core::domain::key::KeyState;
use pass_store::Store;
use pass_web::Keys;

/// The checks, in the order in which they are told. Where one makes the others senseless they are left out.
pub(super) fn checks(config: &Config) -> Vec<Check> {
    let store = match store_config(&config.database).and_then(|place| Store::open(&place)) {
        Ok(store) => store,
        Err(fault) => {
            let cure = "check [database] and that the server runs; then `pass migrate`";
            return vec![("database", Bad(fault.to_string(), cure))];
        }
    };
    let mut told = vec![("database", Good("answers".into())), ("tables", tables(&store))];
    if matches!(told[1].1, Good(_)) {
        told.extend([
            ("signing keys", signing_keys(config, &store)),
            ("facilities", facilities(&store)),
            ("staff", staff(&store)),
            ("audit chain", audit(config, &store)),
        ]);
    }
    told
}

fn tables(store: &Store) -> Finding {
    match store.migrated() {
        Ok(true) => Good("at the newest version".into()),
        Ok(false) => Bad("older than this program".into(), "pass migrate"),
        Err(fault) => unreadable(&fault),
    }
}

fn unreadable(fault: &Fault) -> Finding {
    Bad(fault.to_string(), "check the rights of the database user on every table of both schemas")
}

fn signing_keys(config: &Config, store: &Store) -> Finding {
    let rows = match block_on(store.read(pass_store::signing_keys::find_all)) {
        Ok(rows) => rows,
        Err(fault) => return unreadable(&fault),
    };
    if rows.is_empty() {
        return Note("none yet: the first start makes them".into());
    }
    let opened = load_wrapping_secret(&config.keys.wrapping_secret_file)
        .and_then(|secret| pass_core::oidc::keys::KeyRing::build(&rows, &Keys::derive(&secret).signing));
    match opened {
        Err(_) => {
            Bad("they do not open under this wrapping secret".into(), "restore the wrapping secret they were made with")
        }
        Ok(ring) => {
            let current = rows.iter().filter(|row| row.state == KeyState::Current).count();
            Good(format!(
                "{} published, {current} sign ({})",
                rows.len(),
                ring.algorithms().iter().map(|alg| alg.as_str()).collect::<Vec<_>>().join(" ")
            ))
        }
    }
}

fn facilities(store: &Store) -> Finding {
    match block_on(
        store.read(|tx| Ok((pass_store::facilities::find_all(tx)?.len(), pass_store::clients::find_all(tx)?.len()))),
    ) {
        Ok((0, _)) => Note("none yet: pass facility new".into()),
        Ok((facilities, clients)) => Good(format!("{facilities}, with {clients} clients")),
        Err(fault) => unreadable(&fault),
    }
}

fn staff(store: &Store) -> Finding {
    match block_on(store.read(pass_store::staff::find_all)) {
        Ok(all) if all.is_empty() => Note("none yet: pass staff invite".into()),
        Ok(all) => Good(format!("{}", all.len())),
        Err(fault) => unreadable(&fault),
    }
}

fn audit(config: &Config, store: &Store) -> Finding {
    let walked = load_wrapping_secret(&config.keys.wrapping_secret_file).and_then(|secret| {
        let key = Keys::derive(&secret).audit;
        block_on(store.read(move |tx| pass_store::audit::verify(tx, &key)))
    });
    match walked {
        Ok(walk) => match walk.broken_at {
            None if walk.missed_checkpoint.is_some() => Bad(
                "rows were cut off or exchanged before a signed checkpoint".into(),
                "keep the database as it is and compare with a backup (pass audit verify)",
            ),
            None => Good(format!("{} linked, {} waiting", walk.linked, walk.unlinked)),
            Some(at) => Bad(
                format!("broken at {at:?}"),
                "keep the database as it is and compare with a backup: rows were changed by hand",
            ),
        },
        Err(fault) => unreadable(&fault),
    }
}
