//! The networks of an installation, ready to run.

use std::path::Path;

use crate::backend::{Network, Runtime};
use crate::detect::Detector;
use crate::embed::Embedder;
use crate::liveness::Pad;
use crate::model::{self, Contract, Entry, ThresholdSet};
use crate::picture::Picture;
use crate::plan::{Plan, Purpose};
use crate::{Backend, FaceConfig, Unavailable, tensor};

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
    pub(crate) fn load(config: &FaceConfig, backend: Backend, purpose: Purpose) -> Result<Self, Unavailable> {
        let plan = Plan::of(config, backend, purpose)?;
        let folder = Folder { runtime: Runtime::load(backend, &config.library)?, dir: &config.models_dir };
        Ok(Self {
            detector: folder.detector(&plan.detector)?,
            pads: plan.pads.iter().map(|entry| folder.pad(entry)).collect::<Result<_, _>>()?,
            embedder: folder.embedder(&plan.embedder)?,
            demo: plan.demo(),
            model: plan.embedder.id,
            thresholds: plan.thresholds,
        })
    }
}

struct Folder<'a> {
    runtime: Runtime,
    dir: &'a Path,
}

impl Folder<'_> {
    /// A file with the wrong hash goes no further than here.
    fn network(&self, entry: &Entry) -> Result<Box<dyn Network>, Unavailable> {
        let bytes = model::read(entry, self.dir).map_err(|e| Unavailable::Model(e.to_string()))?;
        let network = self.runtime.network(&bytes, tensor::shape(entry.contract.side()));
        network.map_err(|why| misfit(entry, &why))
    }

    // Each network computes once before it is taken: one of the wrong shape is found here, not before a resident.

    fn detector(&self, entry: &Entry) -> Result<Detector, Unavailable> {
        let Contract::Detector { side, channels, score, iou } = entry.contract else { return Err(other_role(entry)) };
        let mut detector = Detector { network: self.network(entry)?, side, channels, score, iou };
        detector.find(&blank(side)).map_err(|why| misfit(entry, &why))?;
        Ok(detector)
    }

    fn pad(&self, entry: &Entry) -> Result<Pad, Unavailable> {
        let Contract::Liveness { side, channels, crop } = entry.contract else { return Err(other_role(entry)) };
        let mut pad = Pad { network: self.network(entry)?, side, channels, crop };
        pad.of_crop(&blank(side)).map_err(|why| misfit(entry, &why))?;
        Ok(pad)
    }

    fn embedder(&self, entry: &Entry) -> Result<Embedder, Unavailable> {
        let Contract::Embedder { side, channels, template, dimension, .. } = entry.contract else {
            return Err(other_role(entry));
        };
        let mut embedder = Embedder { network: self.network(entry)?, side, channels, template, dimension };
        embedder.embed(&blank(side)).map_err(|why| misfit(entry, &why))?;
        Ok(embedder)
    }
}

fn blank(side: usize) -> Picture {
    Picture::from_rgb(side, side, vec![128; 3 * side * side])
}

fn other_role(entry: &Entry) -> Unavailable {
    Unavailable::Model(format!("{} has another role", entry.id))
}

fn misfit(entry: &Entry, why: &Unavailable) -> Unavailable {
    Unavailable::Model(format!("{} does not fit its manifest: {why}", entry.id))
}
