//! Which models of an installation may run, and which of those are there. Looks at names only; nothing is opened.

use std::path::Path;

use crate::model::{Contract, Entry, Manifest, ThresholdSet, Usage};
use crate::{Backend, FaceConfig, Unavailable};

/// What the networks are loaded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Deciding about residents: a threshold with evidence must be there.
    Deciding,
    /// Finding that evidence: no threshold is used.
    Measuring,
}

/// What will be loaded.
pub(crate) struct Plan {
    pub(crate) detector: Entry,
    /// Empty where liveness is not installed.
    pub(crate) pads: Vec<Entry>,
    pub(crate) embedder: Entry,
    pub(crate) thresholds: ThresholdSet,
}

impl Plan {
    /// Policy first, then the library, then files: the first obstacle named is the one that matters most.
    pub(crate) fn of(config: &FaceConfig, backend: Backend, purpose: Purpose) -> Result<Self, Unavailable> {
        if let Some(absent) = backend.absent() {
            return Err(absent);
        }
        let entries = permitted(config)?;
        let usable = calibrated(&entries, evaluation_allowed(config) || purpose == Purpose::Measuring)?;
        if backend == Backend::Ort && !config.library.is_file() {
            return Err(Unavailable::Library(format!("{} is missing", config.library.display())));
        }
        let dir = config.models_dir.as_path();
        let detectors: Vec<_> = entries.iter().filter(|e| matches!(e.contract, Contract::Detector { .. })).collect();
        let detector = present(dir, "detector", &detectors)?.clone();
        let embedder = present(dir, "embedder", &usable.iter().map(|(e, _)| *e).collect::<Vec<_>>())?.clone();
        let thresholds = usable.iter().find(|(e, _)| e.id == embedder.id).map(|(_, set)| (*set).clone());
        let thresholds = thresholds.expect("the embedder was taken from this list");
        Ok(Self { detector, pads: pads(dir, &entries), embedder, thresholds })
    }

    /// Whether weights or threshold are good for the demo alone.
    pub(crate) fn demo(&self) -> bool {
        self.embedder.usage == Usage::Evaluation || !self.thresholds.calibrated
    }
}

/// Evaluation weights and uncalibrated thresholds exist in the demo alone: the build and the caller must both say so.
fn evaluation_allowed(config: &FaceConfig) -> bool {
    cfg!(feature = "demo") && config.allow_evaluation
}

fn permitted(config: &FaceConfig) -> Result<Vec<Entry>, Unavailable> {
    let manifest = Manifest::of(&config.models_dir).map_err(|e| Unavailable::Model(e.to_string()))?;
    #[cfg(feature = "demo")]
    let manifest = manifest.with_evaluation();
    let allowed = evaluation_allowed(config);
    Ok(manifest.models.into_iter().filter(|e| allowed || e.usage == Usage::Production).collect())
}

/// The embedders that may decide, each with its threshold set.
fn calibrated(entries: &[Entry], any: bool) -> Result<Vec<(&Entry, &ThresholdSet)>, Unavailable> {
    let embedders = entries.iter().filter_map(|e| match &e.contract {
        Contract::Embedder { thresholds, .. } => Some((e, thresholds)),
        _ => None,
    });
    let usable = |t: &&ThresholdSet| any || t.calibrated;
    let found: Vec<_> = embedders.clone().filter_map(|(e, t)| t.iter().find(usable).map(|set| (e, set))).collect();
    match (found.is_empty(), embedders.map(|(e, _)| e.id.clone()).next()) {
        (false, _) => Ok(found),
        (true, Some(id)) => Err(Unavailable::Uncalibrated(id)),
        (true, None) => Err(Unavailable::Model("the manifest has no embedder".into())),
    }
}

/// The first that is there.
fn present<'a>(dir: &Path, role: &str, entries: &[&'a Entry]) -> Result<&'a Entry, Unavailable> {
    entries.iter().copied().find(|e| dir.join(&e.file).is_file()).ok_or_else(|| {
        let production = entries.iter().filter(|e| e.usage == Usage::Production);
        let files: Vec<_> = production.map(|e| e.file.as_str()).collect();
        Unavailable::Model(format!("no {role} in {}: {} is missing", dir.display(), files.join(" or ")))
    })
}

/// All of the liveness networks or none: the verdict is the mean of both.
fn pads(dir: &Path, entries: &[Entry]) -> Vec<Entry> {
    let pads: Vec<_> = entries.iter().filter(|e| matches!(e.contract, Contract::Liveness { .. })).cloned().collect();
    if pads.iter().all(|e| dir.join(&e.file).is_file()) { pads } else { Vec::new() }
}
