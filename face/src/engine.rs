//! The door of the crate.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::capture::{Capture, captures, turning};
use crate::loaded::Loaded;
use crate::plan::{Plan, Purpose};
use crate::score::{cosine, matches};
use crate::{
    Backend, Challenge, Liveness, NotEnrolled, Outcome, Probe, Rejection, Template, Unavailable, Verification,
};

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
    backend: Backend,
    purpose: Purpose,
    loaded: Mutex<Option<InUse>>,
}

struct InUse {
    loaded: Loaded,
    last: Instant,
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
        Self::with_backend(config, Backend::Ort)
    }

    /// The same with another runtime.
    pub fn with_backend(config: &FaceConfig, backend: Backend) -> Self {
        Self::for_purpose(config, backend, Purpose::Deciding)
    }

    pub(crate) fn for_purpose(config: &FaceConfig, backend: Backend, purpose: Purpose) -> Self {
        Self { config: config.clone(), backend, purpose, loaded: Mutex::new(None) }
    }

    /// Drops the networks if they have had no work for so long; the next call loads them again. Never waits.
    pub fn unload_idle(&self, idle: Duration) -> bool {
        let Ok(mut slot) = self.loaded.try_lock() else { return false };
        let unload = slot.as_ref().is_some_and(|used| used.last.elapsed() >= idle);
        if unload {
            *slot = None;
        }
        unload
    }

    /// Whether the networks are in memory, or at work.
    pub fn is_loaded(&self) -> bool {
        self.loaded.try_lock().map_or(true, |slot| slot.is_some())
    }

    /// Why face is not on offer, as far as a look at the folder tells: loads nothing and never waits, so that a page may
    /// ask. [`Engine::ready`] asks the runtime itself.
    pub fn unavailable(&self) -> Option<Unavailable> {
        match self.loaded.try_lock() {
            Ok(slot) if slot.is_none() => Plan::of(&self.config, self.backend, self.purpose).err(),
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

    /// Compares up to five frames with a template: the sharpest one, or the best score of the three sharpest where the
    /// threshold set was calibrated so. A try more than that would multiply the false match rate.
    pub fn verify(&self, template: &Template, frames: &[&[u8]]) -> Verification {
        answered(self.with(|loaded| {
            owned(loaded, template)?;
            let (best, others) = captures(loaded, frames)?;
            compare(loaded, template, &best, &others)
        }))
    }

    /// The same for up to ten frames in which the head turns as the challenge asks. Those that look ahead are compared;
    /// the turned ones must show the same person, at the looser score of one false match in a hundred where that is known.
    pub fn verify_challenged(&self, template: &Template, challenge: &Challenge, frames: &[&[u8]]) -> Verification {
        answered(self.with(|loaded| {
            owned(loaded, template)?;
            let (best, others, turned) = turning(loaded, challenge, frames)?;
            let loose = loaded.thresholds.at(1e-2).unwrap_or(loaded.thresholds.verify);
            for capture in &turned {
                if !matches(cosine(template.vector(), &capture.embed(loaded)?), loose) {
                    return Ok(Verification {
                        outcome: Outcome::NoMatch,
                        liveness: best.liveness(loaded)?,
                        threshold_set: loaded.thresholds.id.clone(),
                    });
                }
            }
            compare(loaded, template, &best, &others)
        }))
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
            let used = match slot.take() {
                Some(used) => slot.insert(used),
                None => {
                    let loaded = Loaded::load(&self.config, self.backend, self.purpose)?;
                    slot.insert(InUse { loaded, last: Instant::now() })
                }
            };
            let result = work(&mut used.loaded);
            used.last = Instant::now();
            result
        }));
        guarded.unwrap_or_else(|_| {
            *slot = None;
            Err(Unavailable::Inference("the computation panicked".into()).into())
        })
    }
}

fn answered(found: Result<Verification, NotEnrolled>) -> Verification {
    found.unwrap_or_else(|reason| Verification {
        outcome: reason.into(),
        liveness: Liveness::Unknown,
        threshold_set: String::new(),
    })
}

fn owned(loaded: &Loaded, template: &Template) -> Result<(), Unavailable> {
    if template.model() == loaded.model { Ok(()) } else { Err(Unavailable::OtherModel(template.model().to_owned())) }
}

/// The best score of as many frames as the threshold set was calibrated for, the sharpest first; `others` end with the next
/// sharpest.
fn compare(
    loaded: &mut Loaded,
    template: &Template,
    best: &Capture,
    others: &[Capture],
) -> Result<Verification, NotEnrolled> {
    let counted = usize::from(loaded.thresholds.frames);
    let mut score = f32::NEG_INFINITY;
    for capture in [best].into_iter().chain(others.iter().rev()).take(counted) {
        score = score.max(cosine(template.vector(), &capture.embed(loaded)?));
    }
    Ok(Verification {
        outcome: if matches(score, loaded.thresholds.verify) { Outcome::Match } else { Outcome::NoMatch },
        liveness: best.liveness(loaded)?,
        threshold_set: loaded.thresholds.id.clone(),
    })
}
