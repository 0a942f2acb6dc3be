//! The files that hold secrets: they are there, nobody else reads them, and the key does not lie beside what it opens.

use super::Finding::{Bad, Good, Note};
use super::{Check, Finding};
use crate::config::{Config, DatabaseKind};
use crate::wiring::{credential_path, load_wrapping_secret};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The checks, in the order in which they are told.
pub(super) fn checks(config: &Config) -> Vec<Check> {
    vec![
        ("wrapping secret", wrapping_secret(config)),
        ("secret beside the data", apart(config)),
        ("other secrets", others(config)),
    ]
}

fn wrapping_secret(config: &Config) -> Finding {
    let path = &config.keys.wrapping_secret_file;
    if let Err(fault) = load_wrapping_secret(path) {
        return Bad(
            fault.to_string(),
            "openssl rand -hex 32 > FILE; chmod 600 FILE. An existing installation needs its old one",
        );
    }
    if credential_path(path).is_ok_and(|path| open_to_others(&path)) {
        Bad("others can read it".into(), "chmod 600 the file; if somebody may have read it, it is no secret any more")
    } else {
        Good("readable by its owner only".into())
    }
}

/// Key and data on one disk leave together.
fn apart(config: &Config) -> Finding {
    let key = credential_path(&config.keys.wrapping_secret_file).ok().and_then(|path| folder(&path));
    let database = &config.database;
    let data = database.path.iter().chain(&database.keys_path);
    let beside = key.is_some() && data.into_iter().any(|path| folder(path) == key);
    let parent = |path: &Option<PathBuf>| path.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    if beside {
        Bad(
            "the wrapping secret lies in the folder of the data".into(),
            "move it to another folder, best another disk or a systemd credential",
        )
    } else if database.kind == DatabaseKind::Sqlite && parent(&database.path) == parent(&database.keys_path) {
        Note("both SQLite files share a folder: leave keys_path out of the main backup".into())
    } else {
        Good("apart".into())
    }
}

fn folder(path: &Path) -> Option<PathBuf> {
    path.parent().and_then(|parent| parent.canonicalize().ok())
}

/// The passwords of the database and of the mail server, and the key for the national service.
fn others(config: &Config) -> Finding {
    let from_file = std::env::var_os("PASS_DATABASE_URL").is_none();
    let aas = config.upstream.aas.iter().map(|aas| &aas.private_key_file);
    let files = config.database.url_file.iter().filter(|_| from_file).chain(&config.mail.password_file).chain(aas);
    let open: Vec<String> = files.filter(|path| open_to_others(path)).map(|path| path.display().to_string()).collect();
    if open.is_empty() {
        Good("readable by their owner only".into())
    } else {
        Bad(format!("others can read {}", open.join(" and ")), "chmod 600 the file, and change the secret in it")
    }
}

fn open_to_others(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| is_open(path, file.permissions().mode()))
}

/// What systemd itself hands over is readable by the unit alone, through an access list that shows as the group.
/// `%d` may also be a folder of the operator's own (`CREDENTIALS_DIRECTORY=... pass doctor`): that is a file like any other.
fn is_open(path: &Path, mode: u32) -> bool {
    let others = if path.starts_with("/run/credentials") { 0o007 } else { 0o077 };
    mode & others != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_systemds_own_folder_may_show_a_group() {
        let of_systemd = Path::new("/run/credentials/pass.service/wrapping.key");
        let by_hand = Path::new("/etc/pass/secret/wrapping.key");
        for (path, mode, open) in [
            (of_systemd, 0o100_400, false),
            (of_systemd, 0o100_440, false),
            (of_systemd, 0o100_444, true),
            (by_hand, 0o100_600, false),
            (by_hand, 0o100_640, true),
            (by_hand, 0o100_644, true),
        ] {
            assert_eq!(is_open(path, mode), open, "{} {mode:o}", path.display());
        }
    }
}
