//! Bringing model files to their folder, and telling whether they are still what was pinned. Downloading is the caller's
//! work: bytes come in, and only bytes with the right hash go out to the disk.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Entry, Manifest, ManifestError, Usage};

/// Why a model was not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The operator has not accepted the licences.
    #[error("the licences were not accepted: {0}")]
    Licence(String),
    /// The bytes are not the pinned ones.
    #[error("{file}: sha256 is {found}, {pinned} was pinned")]
    Altered {
        /// The file.
        file: String,
        /// Hash of the bytes.
        found: String,
        /// Hash of the manifest.
        pinned: String,
    },
    /// The manifest itself.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Reading or writing.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
}

/// What became of one entry during an installation.
#[derive(Debug, PartialEq, Eq)]
pub enum Placed {
    /// Copied and checked.
    Done(String),
    /// The source does not have it.
    Missing(String),
}

/// What a models folder holds for one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The pinned bytes.
    Good,
    /// No such file.
    Missing,
    /// Other bytes, or unreadable.
    Altered,
}

/// Copies the production models that `from` holds to `to`. Evaluation weights are never copied.
pub fn install(from: &Path, to: &Path, accept_licence: bool) -> Result<Vec<Placed>, InstallError> {
    let models: Vec<_> = Manifest::of(to)?.models.into_iter().filter(|e| e.usage == Usage::Production).collect();
    if !accept_licence {
        let terms: Vec<_> = models.iter().map(|e| format!("{} ({})", e.id, e.licence)).collect();
        return Err(InstallError::Licence(terms.join(", ")));
    }
    models.iter().map(|entry| copy(entry, from, to)).collect()
}

fn copy(entry: &Entry, from: &Path, to: &Path) -> Result<Placed, InstallError> {
    let source = from.join(&entry.file);
    match std::fs::read(&source) {
        Ok(bytes) => place(entry, &bytes, to).map(|_| Placed::Done(entry.id.clone())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Placed::Missing(entry.id.clone())),
        Err(e) => Err(InstallError::Io(source, e)),
    }
}

/// Writes the bytes of one entry below `dir`, if they are the pinned ones. A half-written file never has the final name.
pub fn place(entry: &Entry, bytes: &[u8], dir: &Path) -> Result<PathBuf, InstallError> {
    checked(entry, bytes)?;
    let target = dir.join(&entry.file);
    let partial = target.with_extension("partial");
    let written = target
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(&partial, bytes))
        .and_then(|()| std::fs::rename(&partial, &target));
    written.map_err(|e| InstallError::Io(target.clone(), e))?;
    Ok(target)
}

/// The state of every production model of a folder.
pub fn verify(dir: &Path) -> Result<Vec<(Entry, State)>, ManifestError> {
    let models = Manifest::of(dir)?.models.into_iter().filter(|e| e.usage == Usage::Production);
    Ok(models
        .map(|e| {
            let s = state(&e, dir);
            (e, s)
        })
        .collect())
}

fn state(entry: &Entry, dir: &Path) -> State {
    match read(entry, dir) {
        Ok(_) => State::Good,
        Err(InstallError::Io(_, e)) if e.kind() == io::ErrorKind::NotFound => State::Missing,
        Err(_) => State::Altered,
    }
}

/// The bytes of an entry, checked: what was hashed is what is loaded.
pub(crate) fn read(entry: &Entry, dir: &Path) -> Result<Vec<u8>, InstallError> {
    let path = dir.join(&entry.file);
    let bytes = std::fs::read(&path).map_err(|e| InstallError::Io(path, e))?;
    checked(entry, &bytes)?;
    Ok(bytes)
}

fn checked(entry: &Entry, bytes: &[u8]) -> Result<(), InstallError> {
    let mut found = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(found, "{byte:02x}").expect("writing to a string");
    }
    if found == entry.sha256 {
        return Ok(());
    }
    Err(InstallError::Altered { file: entry.file.clone(), found, pinned: entry.sha256.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder whose manifest knows one small file with the content "abc" (FIPS 180-4, first example).
    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        let manifest = r#"{"models": [{"id": "m", "use": "production", "file": "m.onnx", "url": null, "bytes": 3, "licence": "MIT", "origin": "us",
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "contract": {"liveness": {"side": 80, "channels": "bgr", "crop": 2.7}}}]}"#;
        std::fs::write(dir.path().join("models.json"), manifest).expect("written");
        dir
    }

    #[test]
    fn installs_what_was_pinned_and_refuses_anything_else() {
        let (from, to) = (tempfile::tempdir().expect("a folder"), folder());
        let states = || verify(to.path()).expect("a manifest")[0].1;
        assert_eq!(install(from.path(), to.path(), true).expect("runs"), [Placed::Missing("m".into())]);
        assert_eq!(states(), State::Missing);
        std::fs::write(from.path().join("m.onnx"), b"abd").expect("written");
        assert!(matches!(install(from.path(), to.path(), true), Err(InstallError::Altered { .. })));
        assert_eq!(states(), State::Missing);
        std::fs::write(from.path().join("m.onnx"), b"abc").expect("written");
        assert_eq!(install(from.path(), to.path(), true).expect("runs"), [Placed::Done("m".into())]);
        assert_eq!(states(), State::Good);
        std::fs::write(to.path().join("m.onnx"), b"abcd").expect("written");
        assert_eq!(states(), State::Altered);
    }

    #[test]
    fn nothing_is_installed_without_the_licences() {
        let (from, to) = (tempfile::tempdir().expect("a folder"), folder());
        std::fs::write(from.path().join("m.onnx"), b"abc").expect("written");
        let error = install(from.path(), to.path(), false).expect_err("refused");
        assert_eq!(error.to_string(), "the licences were not accepted: m (MIT)");
        assert!(!to.path().join("m.onnx").exists());
    }
}
