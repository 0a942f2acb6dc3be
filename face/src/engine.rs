//! The door of the crate.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::capture::captures;
use crate::loaded::Loaded;
use crate::plan::Plan;
use crate::score::{cosine, matches};
use crate::{Liveness, NotEnrolled, Outcome, Probe, Rejection, Template, Unavailable, Verification};

/// Where the operator put things.
#[derive(Clone, Debug, Default)]
pub struct FaceConfig {
    /// The ONNX Runtime library file.
    pub library: PathBuf,
    /// The folder of the model files.
    pub models_dir: PathBuf,
    /// Whether models and thresholds that are good for evaluation only may run. The demo alone says yes, and it takes a
    /// build with the feature `demo` as well.
    pub allow_evaluation: bool,
}

/// Loads library and models at first use, so that a server without face visitors pays nothing. One call at a time: a
/// caller that wants more opens more engines. Every call computes for tens of milliseconds, so keep it off web workers.
pub struct Engine {
    config: FaceConfig,
    loaded: Mutex<Option<Loaded>>,
}

/// What an engine runs with, for health pages and the banner of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The embedder.
    pub model: String,
    /// The threshold set that decides.
    pub threshold_set: String,
    /// Whether a result of this installation must be labelled "demo".
    pub demo: bool,
    /// Whether liveness is recorded.
    pub liveness: bool,
}

impl Engine {
    /// Costs nothing: no file is touched before the first call.
    pub fn open(config: &FaceConfig) -> Self {
        Self { config: config.clone(), loaded: Mutex::new(None) }
    }

    /// Why face is not on offer, as far as a look at the folder tells: loads nothing and never waits, so that a page may
    /// ask. [`Engine::ready`] asks the runtime itself.
    pub fn unavailable(&self) -> Option<Unavailable> {
        match self.loaded.try_lock() {
            Ok(slot) if slot.is_none() => Plan::of(&self.config).err(),
            // Loaded, or busy with it.
            _ => None,
        }
    }

    /// Loads what is not loaded yet and tells what there is, or why face is not on offer.
    pub fn ready(&self) -> Result<Ready, Unavailable> {
        self.with(|loaded| {
            Ok(Ready {
                model: loaded.model.clone(),
                threshold_set: loaded.thresholds.id.clone(),
                demo: loaded.demo,
                liveness: !loaded.pads.is_empty(),
            })
        })
    }

    /// Makes a template out of the sharpest of up to five frames (JPEG or PNG); the others must show the same person.
    pub fn enrol(&self, frames: &[&[u8]]) -> Result<Template, NotEnrolled> {
        self.with(|loaded| {
            let (best, others) = captures(loaded, frames)?;
            let embedding = best.embed(loaded)?;
            let template = Template::new(&loaded.model, &loaded.thresholds.id, &embedding);
            for other in &others {
                if !matches(cosine(template.vector(), &other.embed(loaded)?), loaded.thresholds.verify) {
                    return Err(Rejection::Different.into());
                }
            }
            Ok(template)
        })
    }

    /// Compares the sharpest of up to five frames with a template. Once: a try for each frame would multiply the false
    /// match rate.
    pub fn verify(&self, template: &Template, frames: &[&[u8]]) -> Verification {
        self.with(|loaded| compare(loaded, template, frames)).unwrap_or_else(|reason: NotEnrolled| Verification {
            outcome: reason.into(),
            liveness: Liveness::Unknown,
            threshold_set: String::new(),
        })
    }

    /// Makes the sharpest of up to five frames into something a [`crate::Gallery`] can be searched for.
    pub fn probe(&self, frames: &[&[u8]]) -> Result<Probe, NotEnrolled> {
        self.with(|loaded| {
            let (best, _) = captures(loaded, frames)?;
            Ok(Probe {
                model: loaded.model.clone(),
                thresholds: loaded.thresholds.clone(),
                vector: best.embed(loaded)?,
                liveness: best.liveness(loaded)?,
            })
        })
    }

    /// Runs `work` with everything loaded. A panic behind this line costs one answer and the loaded networks.
    pub(crate) fn with<T, E: From<Unavailable>>(&self, work: impl FnOnce(&mut Loaded) -> Result<T, E>) -> Result<T, E> {
        let mut slot = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            let loaded = match slot.take() {
                Some(loaded) => slot.insert(loaded),
                None => slot.insert(Loaded::load(&self.config)?),
            };
            work(loaded)
        }));
        guarded.unwrap_or_else(|_| {
            *slot = None;
            Err(Unavailable::Inference("the computation panicked".into()).into())
        })
    }
}

fn compare(loaded: &mut Loaded, template: &Template, frames: &[&[u8]]) -> Result<Verification, NotEnrolled> {
    if template.model() != loaded.model {
        return Err(Unavailable::OtherModel(template.model().to_owned()).into());
    }
    let (best, _) = captures(loaded, frames)?;
    let score = cosine(template.vector(), &best.embed(loaded)?);
    Ok(Verification {
        outcome: if matches(score, loaded.thresholds.verify) { Outcome::Match } else { Outcome::NoMatch },
        liveness: best.liveness(loaded)?,
        threshold_set: loaded.thresholds.id.clone(),
    })
}
