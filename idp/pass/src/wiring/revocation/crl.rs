//! Revocation by lists: files that the operator keeps fresh, or that the job fetches into a folder.

use super::http::AuthorityHttp;
use super::login_not_checked;
use crate::config::CrlSection;
use jpki::certificate::Purpose;
use jpki::revocation::Asked;
use jpki::{Anchors, RevocationData};
use pass_core::ports::{Answer, Revocation};
use pass_core::{Fault, Time};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A list of all certificates of a country is large.
const MOST: usize = 128 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(120);

/// A list of each authority in a file, read at each proof: proofs by card are rare, and a stale copy in memory would be a trap.
pub struct CrlFile {
    sign: Option<PathBuf>,
    login: Option<PathBuf>,
}

impl CrlFile {
    /// Without a path every proof records "not checked".
    pub const fn new(sign: Option<PathBuf>, login: Option<PathBuf>) -> Self {
        Self { sign, login }
    }
}

impl Revocation for CrlFile {
    fn of_sign_certificates(&self) -> RevocationData {
        of_file(self.sign.as_deref())
    }

    fn of_login_certificates(&self) -> RevocationData {
        of_file(self.login.as_deref())
    }

    fn about<'a>(&'a self, asked: Asked<'a>, _: Time) -> Answer<'a, RevocationData> {
        let path = match asked.purpose {
            Purpose::Sign => self.sign.clone(),
            Purpose::Auth => self.login.clone(),
        };
        Box::pin(in_a_thread(move || of_file(path.as_deref())))
    }
}

fn of_file(path: Option<&Path>) -> RevocationData {
    let Some(path) = path else { return RevocationData::none("no revocation list is configured") };
    let read = std::fs::read(path).map_err(|error| error.to_string());
    usable(read.and_then(|list| RevocationData::from_der(&[list]).map_err(|error| error.to_string())))
}

/// Lists in a folder, where new ones are fetched to.
pub struct CrlFolder {
    section: CrlSection,
    anchors: Anchors,
    http: AuthorityHttp,
}

impl CrlFolder {
    /// With the certificates of more CAs for the fetching.
    pub fn new(section: &CrlSection, anchors: Anchors, trust: &[PathBuf]) -> Result<Self, Fault> {
        Ok(Self { section: section.clone(), anchors, http: AuthorityHttp::new(trust, PATIENCE)? })
    }

    /// What lies there, with the operator's own limit of age.
    pub fn load(section: &CrlSection) -> Result<RevocationData, String> {
        let lists = RevocationData::load_dir(&section.folder).map_err(|error| error.to_string())?;
        Ok(match section.max_age_hours {
            Some(hours) => lists.at_most_old(i64::from(hours) * 3600),
            None => lists,
        })
    }

    async fn fetch(&self, address: &str, now: Time) -> Result<(), Fault> {
        let list = self.http.get(address, MOST).await?;
        let (anchors, path, folder) = (self.anchors.clone(), self.path_of(address), self.section.folder.clone());
        tokio::task::spawn_blocking(move || {
            let kept = std::fs::read(&path).ok().and_then(|kept| made(&kept, &anchors, now));
            let new = made(&list, &anchors, now).ok_or_else(|| {
                Fault::new("what was fetched is no current revocation list of a root of ours; the old one is kept")
            })?;
            // Somebody between here and there could send an old list, on which the newest names are missing.
            if kept.is_some_and(|kept| new < kept) {
                return Err(Fault::new("an older revocation list than before was fetched; the newer one is kept"));
            }
            place(&folder, &path, &list).map_err(|error| Fault::because("keep a revocation list", error))
        })
        .await
        .map_err(|error| Fault::because("read a revocation list", error))?
    }

    /// A name of its own for each address.
    fn path_of(&self, address: &str) -> PathBuf {
        let name: String = Sha256::digest(address)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        self.section.folder.join(format!("fetched-{name}.crl"))
    }
}

impl Revocation for CrlFolder {
    fn of_sign_certificates(&self) -> RevocationData {
        usable(Self::load(&self.section))
    }

    fn of_login_certificates(&self) -> RevocationData {
        if self.section.login { self.of_sign_certificates() } else { login_not_checked() }
    }

    fn about<'a>(&'a self, asked: Asked<'a>, _: Time) -> Answer<'a, RevocationData> {
        let section = self.section.clone();
        let unchecked = asked.purpose == Purpose::Auth && !section.login;
        Box::pin(in_a_thread(move || if unchecked { login_not_checked() } else { usable(Self::load(&section)) }))
    }

    fn refresh(&self, now: Time) -> Answer<'_, Result<(), Fault>> {
        Box::pin(async move {
            let mut outcome = Ok(());
            for address in &self.section.urls {
                // One that fails does not keep the others away.
                if let Err(fault) = self.fetch(address, now).await {
                    outcome = Err(fault);
                }
            }
            outcome
        })
    }
}

/// No list at all, though one is configured: proofs are refused instead of passing unchecked.
fn usable(read: Result<RevocationData, String>) -> RevocationData {
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "the revocation list cannot be used");
        RevocationData::unavailable()
    })
}

/// A long list takes a while to read: not on a thread that answers requests.
async fn in_a_thread(read: impl FnOnce() -> RevocationData + Send + 'static) -> RevocationData {
    tokio::task::spawn_blocking(read).await.unwrap_or_else(|_| RevocationData::unavailable())
}

/// When a list was made, if it is current and a root of ours signed it.
fn made(list: &[u8], anchors: &Anchors, now: Time) -> Option<i64> {
    let data = RevocationData::from_der(&[list.to_vec()]).ok()?;
    let lists = data.lists(anchors, now.seconds());
    lists.first().filter(|list| list.usable).map(|list| list.this_update)
}

/// Whole or not at all.
fn place(folder: &Path, path: &Path, list: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let partial = path.with_extension("part");
    let mut file = std::fs::File::create(&partial)?;
    file.write_all(list)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)
}
