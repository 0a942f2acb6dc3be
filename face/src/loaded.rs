//! The networks of an installation: which may run, which are there, and all of them ready.

use std::path::Path;

use crate::backend::Network;
use crate::backend::onnx::{OnnxNetwork, Runtime};
use crate::detect::Detector;
use crate::embed::Embedder;
use crate::liveness::Pad;
use crate::model::{self, Contract, Entry, Manifest, ThresholdSet, Usage};
use crate::{FaceConfig, Unavailable};

/// What a worker runs with.
pub(crate) struct Loaded {
    pub(crate) detector: Detector,
    /// Empty where liveness is not installed.
    pub(crate) pads: Vec<Pad>,
    pub(crate) embedder: Embedder,
    pub(crate) model: String,
    pub(crate) thresholds: ThresholdSet,
    /// Weights or threshold are good for the demo alone.
    pub(crate) demo: bool,
}

impl Loaded {
    /// Policy first, then the library, then files: the first obstacle named is the one that matters most.
    pub(crate) fn load(config: &FaceConfig) -> Result<Self, Unavailable> {
        let entries = permitted(config)?;
        let usable = calibrated(&entries, evaluation_allowed(config))?;
        let runtime = Runtime::load(&config.library)?;
        let dir = config.models_dir.as_path();
        let detector = detector(&runtime, dir, &entries)?;
        let pads = pads(&runtime, dir, &entries)?;
        let (entry, thresholds) = usable
            .iter()
            .find(|(e, _)| dir.join(&e.file).exists())
            .ok_or_else(|| missing("embedder", dir, usable.iter().map(|(e, _)| *e)))?;
        Ok(Self {
            detector,
            pads,
            embedder: embedder(&runtime, dir, entry)?,
            model: entry.id.clone(),
            demo: entry.usage == Usage::Evaluation || !thresholds.calibrated,
            thresholds: (*thresholds).clone(),
        })
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
fn calibrated(entries: &[Entry], evaluation: bool) -> Result<Vec<(&Entry, &ThresholdSet)>, Unavailable> {
    let embedders = entries.iter().filter_map(|e| match &e.contract {
        Contract::Embedder { thresholds, .. } => Some((e, thresholds)),
        _ => None,
    });
    let usable = |t: &&ThresholdSet| evaluation || t.calibrated;
    let found: Vec<_> = embedders.clone().filter_map(|(e, t)| t.iter().find(usable).map(|set| (e, set))).collect();
    match (found.is_empty(), embedders.map(|(e, _)| e.id.clone()).next()) {
        (false, _) => Ok(found),
        (true, Some(id)) => Err(Unavailable::Uncalibrated(id)),
        (true, None) => Err(Unavailable::Model("the manifest has no embedder".into())),
    }
}

fn missing<'a>(role: &str, dir: &Path, entries: impl Iterator<Item = &'a Entry>) -> Unavailable {
    let files: Vec<_> = entries.filter(|e| e.usage == Usage::Production).map(|e| e.file.as_str()).collect();
    Unavailable::Model(format!("no {role} in {}: {} is missing", dir.display(), files.join(" or ")))
}

fn network(runtime: &Runtime, dir: &Path, entry: &Entry) -> Result<Box<dyn Network>, Unavailable> {
    let bytes = model::read(entry, dir).map_err(|e| Unavailable::Model(e.to_string()))?;
    Ok(Box::new(OnnxNetwork::new(runtime, &bytes)?))
}

fn detector(runtime: &Runtime, dir: &Path, entries: &[Entry]) -> Result<Detector, Unavailable> {
    let detectors = || entries.iter().filter(|e| matches!(e.contract, Contract::Detector { .. }));
    let entry = detectors().find(|e| dir.join(&e.file).exists()).ok_or_else(|| missing("detector", dir, detectors()))?;
    let Contract::Detector { side, channels, score, iou } = entry.contract else {
        unreachable!("detectors were selected");
    };
    Ok(Detector { network: network(runtime, dir, entry)?, side, channels, score, iou })
}

/// All of the liveness networks or none: the verdict is the mean of both.
fn pads(runtime: &Runtime, dir: &Path, entries: &[Entry]) -> Result<Vec<Pad>, Unavailable> {
    let wanted: Vec<_> = entries.iter().filter(|e| matches!(e.contract, Contract::Liveness { .. })).collect();
    if wanted.iter().any(|e| !dir.join(&e.file).exists()) {
        return Ok(Vec::new());
    }
    let pad = |entry: &&Entry| match entry.contract {
        Contract::Liveness { side, channels, crop } => {
            Ok(Pad { network: network(runtime, dir, entry)?, side, channels, crop })
        }
        _ => unreachable!("liveness networks were selected"),
    };
    wanted.iter().map(pad).collect()
}

fn embedder(runtime: &Runtime, dir: &Path, entry: &Entry) -> Result<Embedder, Unavailable> {
    let Contract::Embedder { side, channels, template, dimension, .. } = entry.contract else {
        unreachable!("embedders were selected");
    };
    Ok(Embedder { network: network(runtime, dir, entry)?, side, channels, template, dimension })
}
