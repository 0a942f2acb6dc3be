//! `pass models list|install|verify|calibrate`: face models by manifest, never without their hash.

use super::calibrate::{self, CalibrateArgs};
use super::out::say;
use clap::Subcommand;
use face::Backend;
use face::model::{Contract, Entry, Manifest, State, golden, install, place, verify};
use pass_core::Fault;
use std::path::{Path, PathBuf};

/// Face models.
#[derive(Subcommand)]
pub enum ModelsCommand {
    /// The models PASS knows: file, role, licence, hash, address.
    List,
    /// Copy models from a folder, or fetch them from the addresses of the manifest, into a folder. A wrong hash is refused.
    Install {
        /// Folder that holds the files; without one they are fetched.
        #[arg(long)]
        from: Option<PathBuf>,
        /// Folder to put them into.
        #[arg(long)]
        to: PathBuf,
        /// Says that the licences (pass models list) are accepted.
        #[arg(long)]
        accept_licence: bool,
    },
    /// Check every file of a folder against its hash, and with the library against its golden numbers.
    Verify {
        /// The folder.
        folder: PathBuf,
        /// The ONNX Runtime library: every model computes a known answer.
        #[arg(long)]
        library: Option<PathBuf>,
    },
    /// Measure error rates on photographs of people who consented, and write a threshold set.
    Calibrate(CalibrateArgs),
}

/// Runs it.
pub fn run(command: ModelsCommand) -> Result<(), Fault> {
    match command {
        ModelsCommand::List => list(),
        ModelsCommand::Install { from: Some(from), to, accept_licence } => {
            let placed =
                install(&from, &to, accept_licence).map_err(|error| Fault::because("install models", error))?;
            for one in placed {
                say!("{one:?}");
            }
            Ok(())
        }
        ModelsCommand::Install { from: None, to, accept_licence } => fetch(&to, accept_licence),
        ModelsCommand::Verify { folder, library } => check(&folder, library.as_deref()),
        ModelsCommand::Calibrate(args) => calibrate::run(&args),
    }
}

/// Missing files are told; an altered one, or one that computes something else, is a failure.
fn check(folder: &Path, library: Option<&Path>) -> Result<(), Fault> {
    let mut bad = 0;
    for (entry, state) in verify(folder).map_err(|error| Fault::because("verify models", error))? {
        let computed = match library {
            Some(library) if state == State::Good && !entry.golden.is_empty() => {
                match golden(&entry, folder, library, Backend::Ort) {
                    Ok(off) => format!(", golden numbers within {off:.0e}"),
                    Err(why) => {
                        bad += 1;
                        format!(", {why}")
                    }
                }
            }
            _ => String::new(),
        };
        bad += usize::from(state == State::Altered);
        say!("{:60} {state:?}{computed}", entry.file);
    }
    if bad == 0 { Ok(()) } else { Err(Fault::new("a model is not the one that was pinned: install it again")) }
}

fn list() -> Result<(), Fault> {
    for entry in Manifest::embedded().models {
        say!("{} ({})\n  {} bytes, sha256 {}", entry.file, entry.contract.role(), entry.bytes, entry.sha256);
        say!("  {} - {}", entry.licence, entry.origin);
        say!("  {}", entry.url.as_deref().unwrap_or("no address: install with --from"));
        thresholds(&entry);
    }
    Ok(())
}

fn thresholds(entry: &Entry) {
    let Contract::Embedder { thresholds, .. } = &entry.contract else { return };
    for set in thresholds {
        let worth = if set.calibrated { "calibrated" } else { "not calibrated: decides about no resident" };
        say!("  threshold set {} ({worth}): {}", set.id, set.evidence);
    }
}

/// Fetches over https; the hash decides, not the address.
fn fetch(to: &Path, accept_licence: bool) -> Result<(), Fault> {
    if !accept_licence {
        return Err(Fault::new("read the licences (pass models list) and repeat with --accept-licence"));
    }
    for entry in Manifest::embedded().models {
        let Some(url) = &entry.url else { continue };
        let bytes = super::opened::block_on(download(url))?;
        let path = place(&entry, &bytes, to).map_err(|error| Fault::because("install a model", error))?;
        say!("{}", path.display());
    }
    Ok(())
}

async fn download(url: &str) -> Result<Vec<u8>, Fault> {
    let failed = |error: reqwest::Error| Fault::because(format!("fetch {url}"), error);
    let answer = reqwest::get(url).await.and_then(reqwest::Response::error_for_status).map_err(failed)?;
    answer.bytes().await.map(|bytes| bytes.to_vec()).map_err(failed)
}
